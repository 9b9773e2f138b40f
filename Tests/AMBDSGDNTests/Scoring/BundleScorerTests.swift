import AMBDSGDN
import DialogueDomain
import EvaluationStatistics
import SampleModels
import Testing

@Suite struct BundleScorerTests {
  private func score(_ bundle: FeatureBundle, threads: Int = 1) throws -> ScoredBundle {
    try BundleScorer(SmallModel.model, threads: threads).score(bundle, name: "friday.h5", digest: "bundle digest")
  }

  @Test func everyUtteranceGetsARowInOrder() throws {
    let scored = try score(SmallModel.bundle([3, 1, 5]))
    #expect(scored.name == "friday.h5" && scored.digest == "bundle digest" && scored.modelDigest == "model digest")
    #expect(scored.utterances.map(\.utterance) == (0..<9).map { "u\($0)" })
    #expect(scored.utterances.map(\.dialogue) == ["d0", "d0", "d0", "d1", "d2", "d2", "d2", "d2", "d2"])
    #expect(scored.utterances.map(\.turn) == [0, 1, 2, 0, 0, 1, 2, 3, 4])
    #expect(scored.utterances.map(\.truth) == (0..<9).map { $0 % 2 == 0 ? "bliss" : nil })
  }

  @Test func theLabelIsTheMostProbableClassOfTheFusedLogits() throws {
    for utterance in try score(SmallModel.bundle([4, 6])).utterances {
      let logits = utterance.logits
      let text = try #require(utterance.branchLogits[.text])
      let audio = try #require(utterance.branchLogits[.audio])
      for index in 0..<3 { #expect(abs(logits[index] - text[index] - audio[index]) < 1e-6) }
      let best = try #require(logits.indices.max { logits[$0] < logits[$1] })
      #expect(utterance.emotion == SmallModel.configuration.emotions[best])
      #expect(abs(utterance.probabilities.reduce(0, +) - 1) < 1e-6)
      #expect(utterance.confidence == Double(utterance.probabilities[best]))
      #expect(abs(utterance.shares.values.reduce(0, +) - 1) < 1e-12)
    }
  }

  @Test func theTemperatureDividesTheLogits() {
    let probabilities = Softmax([2, 0], temperature: 2).probabilities
    // 1 / (1 + e⁻¹)
    #expect(abs(Double(probabilities[0]) - 0.7310585786) < 1e-6)
  }

  @Test func anUtteranceWithoutAnyModalityIsUnknown() throws {
    let scored = try score(SmallModel.bundle([4], missing: [.text: [1, 2], .audio: [2]]))
    #expect(scored.utterances[2].emotion == "unknown")
    #expect(scored.utterances[2].confidence == 0 && scored.utterances[2].branchLogits.isEmpty)
    #expect(Set(scored.utterances[1].branchLogits.keys) == [.audio])
    #expect(scored.utterances[1].shares == [.audio: 1])
    #expect(scored.utterances[1].margin == nil)
  }

  @Test func aBundleWithOneModalityIsScoredWithIt() throws {
    let scored = try score(SmallModel.bundle([4], modalities: [.audio: 4, .visual: 9]))
    #expect(scored.utterances.allSatisfy { Set($0.branchLogits.keys) == [.audio] })
  }

  @Test func stabilityComesWhereItIsAskedFor() throws {
    let bundle = SmallModel.bundle([5, 3], missing: [.text: [1], .audio: [1]])
    let scorer = BundleScorer(SmallModel.model, threads: 1)
    let plan = try ProbePlan(levels: [0, 0.5], seeds: [1, 2, 3])
    let plain = try scorer.score(bundle)
    let probed = try scorer.score(bundle, stability: plan)
    #expect(plain.utterances.allSatisfy { $0.stability == nil })
    let thirds = [0, 1.0 / 3, 2.0 / 3, 1]
    for (row, utterance) in probed.utterances.enumerated() {
      #expect(row == 1 ? utterance.stability == nil : utterance.stability.map(thirds.contains) == true)
    }
    let labels = probed.utterances.map { utterance in
      var utterance = utterance
      utterance.stability = nil
      return utterance
    }
    #expect(labels == plain.utterances, "all else is as without noise, to the bit")
  }

  @Test func theNumberOfThreadsChangesNothing() throws {
    let long = SmallModel.bundle([200, 90, 3, 150, 41])
    let (one, four) = (try score(long, threads: 1), try score(long, threads: 4))
    let isEqual = one.utterances == four.utterances
    #expect(isEqual)
  }

  @Test func featuresThatAreNotTheModelsAreRefused() throws {
    #expect(throws: FeatureMismatch.self) { try score(SmallModel.bundle([4], modalities: [.text: 5, .audio: 4])) }
    #expect(throws: FeatureMismatch.self) { try score(SmallModel.bundle([4], modalities: [.visual: 5])) }
    var other = SmallModel.bundle([4])
    other.extractors[.text] = "sounds/6"
    #expect(throws: FeatureMismatch.self) { try score(other) }
  }
}
