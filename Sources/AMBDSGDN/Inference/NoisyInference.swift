import DialogueDomain
import Tensors

/// Runs a model's branches over a bundle at every noise level and seed.
///
/// Features and noise are projected once each, W(f + σε) + b = (Wf + b) + σ Wε, so a level costs one pass through the
/// rest of its branch. The result does not depend on the number of threads.
public struct NoisyInference: Sendable {
  private let model: Model
  private let threads: Int
  private let levels: [Double]
  private let seeds: [UInt64]

  /// - Parameters:
  ///   - model: whose branches run.
  ///   - levels: σ in units of each modality's feature deviation, rising; the first is 0, the clean run.
  ///   - seeds: one independent draw of the noise each.
  ///   - threads: how many threads a bundle's pieces, branches and seeds are spread over.
  public init(_ model: Model, levels: [Double], seeds: [UInt64], threads: Int = Processor.cores) {
    precondition(levels.first == 0 && !seeds.isEmpty, "the first level is the clean run, and there is a seed")
    self.model = model
    self.threads = threads
    self.levels = levels
    self.seeds = seeds
  }

  /// Pieces that are in work together: their projections are in memory at once, some 4 MB per modality.
  private static let piecesAtOnce = 8

  /// Every branch's logits at every level and seed, for a bundle whose widths are the model's.
  ///
  /// - Parameters:
  ///   - bundle: what the branches run over; of a part of a larger one they draw what they would in the whole.
  ///   - digest: the bundle's, which keys the noise.
  ///   - checkpoint: called before each part of the work, on any thread; what it throws ends the run.
  /// - Throws: what `checkpoint` throws.
  public func cube(
    _ bundle: FeatureBundle, digest: String, checkpoint: @escaping @Sendable () throws -> Void = {}
  ) throws -> BranchLogitCube {
    let pieces = BranchInference.pieces(bundle.dialogues)
    let modalities = model.configuration.modalityOrder.filter { bundle.features[$0] != nil }
    var tables = [[[Float]]](repeating: [[Float]](repeating: [], count: runs), count: modalities.count)
    for first in stride(from: 0, to: pieces.count, by: Self.piecesAtOnce) {
      let group = Array(pieces[first..<min(first + Self.piecesAtOnce, pieces.count)])
      for (branch, results) in try self.runs(bundle, digest, group, modalities, checkpoint).enumerated() {
        for (run, table) in results.enumerated() { tables[branch][run] += table }
      }
    }
    return BranchLogitCube(
      classes: model.configuration.emotions.count, rows: bundle.utterances.count, levels: levels, seeds: seeds.count,
      modalities: model.configuration.modalityOrder, logits: Dictionary(uniqueKeysWithValues: zip(modalities, tables)),
      missing: bundle.features.mapValues(\.missing).filter { $0.value.contains(true) })
  }

  private var runs: Int { 1 + (levels.count - 1) * seeds.count }

  /// [modalities][runs] logits of some pieces, one after the other.
  private func runs(
    _ bundle: FeatureBundle, _ digest: String, _ pieces: [Range<Int>], _ modalities: [Modality],
    _ checkpoint: @escaping @Sendable () throws -> Void
  ) throws -> [[[Float]]] {
    let pool = BufferPool()
    let batches = try Parallel.map(count: pieces.count, threads: threads) {
      PieceBatch(bundle, pieces[$0], model.batch(bundle, dialogues: pieces[$0]))
    }
    let clean = try Parallel.map(count: pieces.count * modalities.count, threads: threads) { task in
      try checkpoint()
      return cleanRun(modalities[task % modalities.count], batches[task / modalities.count], pool)
    }
    let noisy = try Parallel.map(count: clean.count * seeds.count, threads: threads) { task in
      let place = task / seeds.count
      try checkpoint()
      return noisyRuns(
        modalities[place % modalities.count], batches[place / modalities.count], clean[place].projections,
        seed: seeds[task % seeds.count], digest, pool)
    }
    var tables = [[[Float]]](repeating: [[Float]](repeating: [], count: runs), count: modalities.count)
    for place in clean.indices {
      let branch = place % modalities.count
      tables[branch][0] += clean[place].logits
      for seed in seeds.indices {
        for (level, logits) in noisy[place * seeds.count + seed].enumerated() {
          tables[branch][1 + level * seeds.count + seed] += logits
        }
      }
    }
    return tables
  }

  /// The clean logits, and each member's projected features for the noisy runs.
  private func cleanRun(
    _ modality: Modality, _ piece: PieceBatch, _ pool: BufferPool
  ) -> (projections: [Matrix], logits: [Float]) {
    let run = Computation(pool: pool, precision: model.precision)
    guard let features = piece.batch.features[modality] else { return ([], []) }
    let input = run.input(features)
    var projections: [Matrix] = []
    let logits = model.meanOverMembers(modality) { branch in
      let projection = branch.projection(input, run)
      projections.append(projection.value)
      return branch.logits(branch.encoded(projection, piece.batch, run), run).value.values
    }
    return (projections, logits)
  }

  /// The logits of each level above 0 for one seed.
  private func noisyRuns(
    _ modality: Modality, _ piece: PieceBatch, _ projections: [Matrix], seed: UInt64, _ digest: String,
    _ pool: BufferPool
  ) -> [[Float]] {
    guard levels.count > 1, let features = piece.batch.features[modality] else { return [] }
    let run = Computation(pool: pool, precision: model.precision)
    let draws = NoiseDraws(seed: seed, modality: modality, bundleDigest: digest, width: features.columns)
    let input = run.input(draws.rows(piece.rows, missing: piece.batch.missing[modality]))
    let deviation = model.configuration.noiseDeviation(modality)
    let noises = model.members.compactMap { $0.branch(modality)?.noiseProjection(input, run) }
    return levels.dropFirst().map { level in
      var members = zip(projections, noises).makeIterator()
      return model.meanOverMembers(modality) { branch in
        guard let (projection, noise) = members.next() else { return [] }
        let shifted = run.add(run.input(projection), run.scaled(noise, by: Float(level * deviation)))
        return branch.logits(branch.encoded(shifted, piece.batch, run), run).value.values
      }
    }
  }
}

/// Some dialogues of a bundle as the network takes them, and which rows of the whole bundle they are.
private struct PieceBatch: Sendable {
  let rows: Range<Int>
  let batch: DialogueBatch

  init(_ bundle: FeatureBundle, _ dialogues: Range<Int>, _ batch: DialogueBatch) {
    let chosen = bundle.dialogues[dialogues]
    let first = bundle.firstRow
    rows = first + (chosen.first?.rows.lowerBound ?? 0)..<first + (chosen.last?.rows.upperBound ?? 0)
    self.batch = batch
  }
}

/// The noise ε of one seed and modality for one bundle: standard normal, a function of its place alone.
///
/// Element (row, column) is draw `row · width + column` of a key made of the seed, the modality and the bundle's
/// digest. So it is the same for every noise level, however the bundle is cut and whichever thread asks.
struct NoiseDraws: Sendable {
  private let key: UInt64
  private let width: Int

  init(seed: UInt64, modality: Modality, bundleDigest: String, width: Int) {
    key = CounterBasedRandom.key(
      seed, CounterBasedRandom.key(named: "noise"), CounterBasedRandom.key(named: modality.rawValue),
      CounterBasedRandom.key(named: bundleDigest))
    self.width = width
  }

  /// ε for some rows of the bundle; rows marked as missing get zeros, since noise on what is missing stays missing.
  func rows(_ rows: Range<Int>, missing: [Bool]?) -> Matrix {
    let noise = Matrix(
      rows: rows.count, columns: width,
      CounterBasedRandom.standardNormal(key, first: UInt64(rows.lowerBound * width), count: rows.count * width))
    return missing.map { noise.clearingRows($0) } ?? noise
  }
}
