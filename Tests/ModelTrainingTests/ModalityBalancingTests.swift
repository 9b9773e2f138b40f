import AMBDSGDN
import DialogueDomain
import EvaluationStatistics
import Foundation
import GoldenData
import Tensors
import Testing

@testable import ModelTraining

/// Drop probabilities, masks and a whole masked step against the published code.
@Suite struct ModalityBalancingTests {
  struct Rows: Decodable {
    struct Row: Decodable {
      let perf_tva: [Double]
      let q_base: Double
      let lam: Double
      let q_ref_f32: [Double]
      let q_formula_f64: [Double]
      let q_paper_eqn24: [Double]
    }

    let rows: [Row]
  }

  private static func rows() throws -> [Rows.Row] {
    try JSONDecoder().decode(Rows.self, from: Data(contentsOf: GoldenModel.file("calcu_q.json"))).rows
  }

  private static func byModality<Value>(_ values: [Value]) -> [Modality: Value] {
    Dictionary(uniqueKeysWithValues: zip(Modality.allCases, values))
  }

  @Test func probabilitiesFollowThePublishedRule() throws {
    for row in try Self.rows() {
      let balancing = ModalityBalancing(
        rule: .published, baseProbability: row.q_base, sensitivity: row.lam, executionProbability: 1)
      let found = balancing.dropProbabilities(Self.byModality(row.perf_tva))
      for (index, modality) in Modality.allCases.enumerated() {
        #expect(abs(try #require(found[modality]) - row.q_formula_f64[index]) < 1e-9, "\(row.perf_tva)")
        #expect(abs(try #require(found[modality]) - row.q_ref_f32[index]) < 1e-5, "\(row.perf_tva)")
      }
    }
  }

  @Test func probabilitiesFollowThePapersEquation() throws {
    for row in try Self.rows() {
      let balancing = ModalityBalancing(
        rule: .paper, baseProbability: row.q_base, sensitivity: row.lam, executionProbability: 1)
      let found = balancing.dropProbabilities(Self.byModality(row.perf_tva))
      for (index, modality) in Modality.allCases.enumerated() {
        let q = row.q_paper_eqn24[index]
        #expect(abs(try #require(found[modality]) - q) < 1e-9 * max(1, abs(q)), "\(row.perf_tva)")
      }
    }
  }

  @Test func maskedFeaturesAndTheirGradientsAgree() throws {
    let manifest = try Manifest.golden()
    let file = try SafetensorsFile(GoldenModel.file("drop.safetensors"))
    let features = try #require(file.floats("features"))
    let upstream = try #require(file.floats("upstream"))
    let shape = try #require(file.entries["features"]).shape
    let (dialogues, values) = (shape[1], shape[2] * shape[3])
    for entry in manifest.drop_cases {
      let flags = try #require(file.floats("\(entry.name)/flag"))
      let output = try #require(file.floats("\(entry.name)/out"))
      let gradient = try #require(file.floats("\(entry.name)/grad"))
      var mask = ModalityMask.all(Modality.allCases, dialogues: dialogues)
      if entry.exe {
        let marks = try #require(file.floats("\(entry.name)/mask_bm"))
        let kept = Modality.allCases.indices.map { place in (0..<dialogues).map { marks[$0 * 3 + place] != 0 } }
        mask = ModalityMask(kept: Self.byModality(kept), probabilities: Self.byModality(entry.q_tva))
      }
      #expect((0..<dialogues).map { mask.isLeft(dialogue: $0) } == flags.map { $0 != 0 }, "\(entry.name)")
      let left = (0..<dialogues).filter { flags[$0] != 0 }
      for (place, modality) in Modality.allCases.enumerated() {
        for (position, dialogue) in left.enumerated() {
          let factor = mask.factor(modality, dialogue: dialogue)
          let source = (place * dialogues + dialogue) * values
          let target = (place * left.count + position) * values
          for value in 0..<values {
            #expect(abs(features[source + value] * factor - output[target + value]) < 1e-5, "\(entry.name)")
            #expect(abs(upstream[source + value] * factor - gradient[source + value]) < 1e-5, "\(entry.name)")
          }
        }
      }
    }
  }

  @Test(arguments: ["tiny", "tiny9"]) func aWholeMaskedStepAgrees(name: String) throws {
    let golden = try GoldenTraining(name)
    let expected = try #require(golden.manifest.drop_step[name])
    let file = try SafetensorsFile(GoldenModel.file("drop_step.safetensors"))
    let marks = expected.mask_bm_tva
    let kept = Modality.allCases.indices.map { place in marks.map { $0[place] != 0 } }
    let balancing = ModalityBalancing(baseProbability: 0.3, sensitivity: 0.9, executionProbability: 1)
    let mask = ModalityMask(kept: Self.byModality(kept), probabilities: Self.byModality(expected.q))
    let result = try #require(
      try golden.step("weighted")(golden.batch, key: nil, dropping: .given(mask, balancing)))
    for (index, modality) in Modality.allCases.enumerated() {
      #expect(abs(try #require(result.performance[modality]) - expected.perf[index]) < 1e-6)
      #expect(abs(try #require(result.probabilities[modality]) - expected.q[index]) < 1e-6)
    }
    #expect(abs(result.loss.total - expected.losses.total) < 2e-6)
    #expect(abs(result.loss.fusion - expected.losses.fusion) < 2e-6)
    let found = golden.gradients(result)
    let stored = file.entries.keys.filter { $0.hasPrefix("\(name)/grad/") }.sorted()
    #expect(stored.count == found.count)
    let whole = norm(try stored.flatMap { try #require(file.doubles($0)) })
    for key in stored {
      let gradient = try #require(found[String(key.dropFirst(name.count + 6))])
      let reference = try #require(file.doubles(key))
      #expect(distance(gradient, reference) / max(norm(reference), 1e-5 * whole) < 3e-4, "\(key)")
    }
  }

  @Test func aDialogueThatLostEveryModalityLeavesTheLoss() throws {
    let golden = try GoldenTraining("tiny")
    let balancing = ModalityBalancing(rule: .paper, baseProbability: 0.3, sensitivity: 0.9, executionProbability: 1)
    let q = Self.byModality([0.0, 0, 0])
    // The last two dialogues of seven lose everything.
    let kept = Self.byModality([[Bool]](repeating: (0..<7).map { $0 < 5 }, count: 3))
    let mask = ModalityMask(kept: kept, probabilities: q)
    let masked = try #require(
      try golden.step("weighted")(golden.batch, key: nil, dropping: .given(mask, balancing)))
    let shorter = TrainingBatch(
      [golden.model.batch(Array(0..<5))], labels: golden.model.labels.prefix(95).map { $0 })
    let alone = try #require(try golden.step("weighted")(shorter, key: nil))
    #expect(abs(masked.loss.total - alone.loss.total) < 1e-6)
    var compared = 0
    for index in golden.model.network.parameters.layouts.indices {
      guard let left = masked.gradient(index), let right = alone.gradient(index) else { continue }
      compared += 1
      let scale = max(norm(right.values.map(Double.init)), 1e-5)
      #expect(distance(left.values.map(Double.init), right.values.map(Double.init)) / scale < 2e-4)
    }
    #expect(compared > golden.model.network.parameters.layouts.count / 2)
  }

  @Test func masksAreDrawnPerDialogueAndModalityWithTheirProbabilities() {
    let balancing = ModalityBalancing(baseProbability: 0.3, sensitivity: 0.9, executionProbability: 0.5)
    let q: [Modality: Double] = [.text: 0.4, .visual: 0, .audio: 0.2]
    var executed = 0
    var dropped: [Modality: Int] = [:]
    for key in 0..<400 {
      let mask = balancing.mask(q, dialogues: 10, key: UInt64(key))
      guard mask.isExecuted else {
        #expect(mask.kept.values.allSatisfy { $0.allSatisfy { $0 } } && mask.scale == 1)
        continue
      }
      executed += 1
      #expect(abs(mask.scale - 1 / 0.8) < 1e-6)
      for (modality, kept) in mask.kept { dropped[modality, default: 0] += kept.filter { !$0 }.count }
    }
    // Within four standard deviations of the expected counts.
    #expect(abs(executed - 200) < 40)
    let draws = Double(executed * 10)
    #expect(abs(Double(dropped[.text] ?? 0) / draws - 0.4) < 0.045)
    #expect(abs(Double(dropped[.audio] ?? 0) / draws - 0.2) < 0.036)
    #expect(dropped[.visual] == 0)
  }

  @Test func performancesFollowTheRule() {
    let counts = ConfusionCounts(truth: [0, 0, 0, 1], predicted: [0, 0, 1, 1], classes: 2)
    let published = ModalityBalancing(
      rule: .published, baseProbability: 0.3, sensitivity: 0.9, executionProbability: 1)
    #expect(abs(published.performance(counts) - (0.8 * 3 + 2.0 / 3) / 4) < 1e-12)
    let paper = ModalityBalancing(rule: .paper, baseProbability: 0.3, sensitivity: 0.9, executionProbability: 1)
    // Class 0: weight 4/3, precision 1, recall 2/3; class 1: weight 4, precision 1/2, recall 1.
    #expect(abs(paper.performance(counts) - (4.0 / 3 * 2 / 3 + 4 * 0.5) / (4.0 / 3 + 4)) < 1e-12)
  }
}
