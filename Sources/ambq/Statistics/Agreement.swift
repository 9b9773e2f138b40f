import EvaluationStatistics
import ResultIndex

/// How well labels agree with the bundles' own, where those are known.
struct Agreement {
  /// Utterances whose truth is known.
  let known: Int
  let accuracy: Double
  let weightedF1: Double
  let macroF1: Double

  /// Nil where no truth is known.
  init?(_ counts: [TruthCount]) {
    guard !counts.isEmpty else { return nil }
    let names = Set(counts.flatMap { [$0.truth, $0.emotion] }).sorted()
    let positions = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
    var confusion = ConfusionCounts(classes: names.count)
    for count in counts {
      guard let truth = positions[count.truth], let emotion = positions[count.emotion] else { continue }
      confusion.add(truth: truth, predicted: emotion, count: count.count)
    }
    known = confusion.total
    accuracy = confusion.accuracy
    weightedF1 = confusion.weightedF1
    macroF1 = confusion.macroF1
  }
}
