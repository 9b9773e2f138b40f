import DialogueDomain
import SampleModels
import Tensors
import Testing

@testable import AMBDSGDN

/// The cube as the model fills it.
@Suite struct NoisyInferenceTests {
  private func cube(
    _ model: Model, _ bundle: FeatureBundle, digest: String = "digest", levels: [Double] = [0, 0.3, 0.7],
    seeds: [UInt64] = [1, 2], threads: Int = 2
  ) throws -> BranchLogitCube {
    try NoisyInference(model, levels: levels, seeds: seeds, threads: threads).cube(bundle, digest: digest)
  }

  /// Every number of a cube, in a fixed order.
  private func numbers(_ cube: BranchLogitCube, rows: Range<Int>) -> [Float] {
    cube.modalities.flatMap { modality in
      cube.levels.indices.flatMap { level in
        (0..<cube.seeds).flatMap { seed in
          rows.flatMap { cube.logits(modality, level: level, seed: seed, row: $0) ?? [] }
        }
      }
    }
  }

  @Test func theCleanRunIsScoringToTheBit() throws {
    let model = TinyModel.model()
    let bundle = TinyModel.bundle([3, 1, 20], model, missing: [.visual: [0, 5], .text: [5], .audio: [5]])
    let scored = try BranchInference(model, threads: 1).logits(bundle)
    let clean = try cube(model, bundle).clean
    #expect(clean.modalities == scored.modalities)
    for row in 0..<24 {
      #expect(clean.branches(row: row) == scored.branches(row: row))
      #expect(clean.fused(row: row) == scored.fused(row: row))
    }
  }

  @Test func threadsChangeNothing() throws {
    let model = TinyModel.model()
    // Three pieces.
    let bundle = TinyModel.bundle([200, 100, 150, 120, 30], model, missing: [.audio: [3, 250, 251]])
    let alone = numbers(try cube(model, bundle, threads: 1), rows: 0..<600)
    let isEqual = alone == numbers(try cube(model, bundle, threads: 2), rows: 0..<600)
    #expect(isEqual && alone.count > 40_000)
  }

  @Test func theCutIntoPiecesChangesNothing() throws {
    let model = TinyModel.model()
    let together = try cube(model, TinyModel.bundle([200, 100, 40], model))
    let apart = try cube(model, TinyModel.bundle([200, 100], model))
    let (left, right) = (numbers(together, rows: 0..<300), numbers(apart, rows: 0..<300))
    let worst = zip(left, right).map { abs($0 - $1) }.max() ?? .infinity
    // Not to the bit on every processor: BLAS may sum a matrix's last rows in another order.
    #expect(left.count == right.count && worst < 1e-5)
  }

  @Test func noiseIsAFunctionOfItsPlaceAlone() {
    let draws = NoiseDraws(seed: 1, modality: .text, bundleDigest: "d", width: 7)
    let all = draws.rows(0..<20, missing: nil)
    #expect(draws.rows(5..<9, missing: nil).values == Array(all.values[35..<63]))
    for other in [
      NoiseDraws(seed: 2, modality: .text, bundleDigest: "d", width: 7),
      NoiseDraws(seed: 1, modality: .audio, bundleDigest: "d", width: 7),
      NoiseDraws(seed: 1, modality: .text, bundleDigest: "e", width: 7),
    ] {
      #expect(other.rows(0..<20, missing: nil).values != all.values)
    }
  }

  @Test func aLevelIsTheModelRunOnNoisyFeatures() throws {
    let model = TinyModel.model()
    // Missing rows get no noise, which their neighbours would see.
    let absent: [Modality: Set<Int>] = [.text: [2, 7, 8], .audio: [0, 16]]
    let bundle = TinyModel.bundle([5, 12], model, missing: absent)
    let found = try cube(model, bundle)
    for (level, deviations) in [1: 0.3, 2: 0.7] as [Int: Float] {
      for (seed, number) in [1, 2].enumerated() {
        for branch in model.network.branches {
          let missing = (0..<17).map { absent[branch.modality]?.contains($0) == true }
          // The model's noise deviation is 2.
          let logits = try logits(
            branch, model, bundle, missing: missing, seed: UInt64(number), noise: 2 * deviations)
          for row in 0..<17 where !missing[row] {
            let cell = try #require(found.logits(branch.modality, level: level, seed: seed, row: row))
            let worst = zip(cell, logits.row(row)).map { abs($0 - $1) }.max() ?? .infinity
            #expect(worst < 1e-4, "\(branch.modality) level \(level) seed \(number) row \(row)")
          }
        }
      }
    }
  }

  /// A branch's logits on features with noise added before the projection.
  private func logits(
    _ branch: ModalityBranch, _ model: Model, _ bundle: FeatureBundle, missing: [Bool], seed: UInt64, noise: Float
  ) throws -> Matrix {
    let batch = model.batch(bundle, dialogues: 0..<bundle.dialogues.count)
    let features = try #require(batch.features[branch.modality])
    let draws = NoiseDraws(
      seed: seed, modality: branch.modality, bundleDigest: "digest", width: features.columns
    ).rows(0..<features.rows, missing: missing)
    let noisy = Matrix(
      rows: features.rows, columns: features.columns,
      zip(features.values, draws.values).map { $0 + noise * $1 })
    let run = Computation()
    return branch.logits(branch.encoded(branch.projection(run.input(noisy), run), batch, run), run).value
  }

  @Test func noiseOnMissingFeaturesStaysMissing() throws {
    let model = TinyModel.model()
    // The first dialogue has no text at all, so nothing of the noise can reach its text branch.
    let bundle = TinyModel.bundle([4, 6], model, missing: [.text: [0, 1, 2, 3]])
    let draws = NoiseDraws(seed: 1, modality: .text, bundleDigest: "digest", width: 6)
    let noise = draws.rows(0..<10, missing: bundle.features[.text]?.missing)
    #expect(noise.values.prefix(24).allSatisfy { $0 == 0 } && noise.values.dropFirst(24).allSatisfy { $0 != 0 })
    let found = try cube(model, bundle)
    #expect(found.logits(.text, level: 1, seed: 0, row: 0) == nil)
    #expect(found.logits(.text, level: 1, seed: 0, row: 5) != found.logits(.text, level: 0, seed: 0, row: 5))
    let labels = found.labels([FusionTerm(.text, level: 2), FusionTerm(.visual), FusionTerm(.audio)])
    #expect(Array(labels.prefix(4)) == Array(found.cleanLabels.prefix(4)))
  }

  @Test func aModalityThatTheBundleLacksCountsForNothing() throws {
    let model = TinyModel.model()
    var bundle = TinyModel.bundle([4, 6], model)
    bundle.features[.visual] = nil
    let found = try cube(model, bundle)
    #expect(found.modalities == Modality.allCases && found.clean.modalities == [.text, .audio])
    #expect(found.logits(.visual, level: 0, seed: 0, row: 0) == nil)
    #expect(found.labels([FusionTerm(.visual)]) == [Int32](repeating: -1, count: 10))
    #expect(found.presence(row: 3) == 0b101)
  }

  @Test func theCheckpointEndsTheRun() {
    struct Stopped: Error {}
    let model = TinyModel.model()
    #expect(throws: Stopped.self) {
      _ = try NoisyInference(model, levels: [0, 0.3], seeds: [1])
        .cube(TinyModel.bundle([4], model), digest: "d") { throw Stopped() }
    }
  }
}
