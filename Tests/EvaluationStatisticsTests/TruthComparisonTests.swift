import DialogueDomain
import EvaluationStatistics
import Testing

/// What accuracy and F1 count, and what they do not.
struct TruthComparisonTests {
  private func comparison(_ emotions: [String], _ rows: [(truth: String, label: String, count: Int)]) -> TruthComparison
  {
    var sum = TruthComparison(EmotionSet(emotions))
    for row in rows { sum.add(truth: row.truth, label: row.label, count: row.count, matching: EmotionMatching()) }
    return sum
  }

  @Test func whatCannotBeJudgedIsCountedApart() {
    let truth = comparison(
      ["joy", "fear"],
      [("Joy", "joy", 3), ("fear", "joy", 1), ("awe", "joy", 2), ("joy", "unknown", 4), ("awe", "unknown", 1)])
    #expect(truth.utterances == 4 && truth.accuracy == 0.75)
    #expect(truth.otherEmotions == ["awe": 2] && truth.unanswered == 5)
    #expect(
      truth.apartInWords
        == "not counted: 2 of emotions that the model does not know (awe 2), 5 that lack every modality")
  }

  @Test func overNothingThereIsNoFigure() {
    let truth = comparison(["joy"], [("awe", "joy", 2)])
    #expect(truth.hasTruth && truth.accuracy == nil && truth.weightedF1 == nil && truth.macroF1 == nil)
    #expect(truth.inWords.hasPrefix("no figure"))
    #expect(!TruthComparison.zero.hasTruth)
  }

  @Test func classesOfOneNameAreOneInASum() {
    let sum = [
      comparison(["joy", "fear"], [("joy", "joy", 2), ("fear", "joy", 1)]),
      comparison(["fear", "awe", "joy"], [("fear", "fear", 1), ("awe", "joy", 1)]),
    ].total()
    #expect(sum.emotions == EmotionSet(["joy", "fear", "awe"]))
    #expect(sum.confusion == ConfusionCounts(truth: [0, 0, 1, 1, 2], predicted: [0, 0, 0, 1, 0], classes: 3))
  }
}
