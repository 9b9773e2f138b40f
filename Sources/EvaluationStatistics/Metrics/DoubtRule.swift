/// When a label is called uncertain, and which classes its set holds: fitted on held-out dialogues, carried by the model.
///
/// A label is certain from `leastConfidence` on: among held-out labels that sure, at most `risk` were wrong. A class is in
/// the set from its entry of `leastProbabilities` on: of the held-out utterances of that class, `coverage` had it there.
/// Both hold for dialogues like the held-out ones, and for no others.
///
/// ```swift
/// let rule = DoubtRule(probabilities: heldOut, classes: 7, labels: truths, risk: 0.2, coverage: 0.9)
/// rule?.isUncertain(confidence: 0.41)                     // true
/// rule?.classes(of: [0.5, 0.3, 0.1, 0.1], label: 0)       // [0, 1]
/// ```
public struct DoubtRule: Sendable, Hashable, Codable {
  /// Promised share of wrong labels among the certain ones.
  public var risk: Double
  /// From which confidence on a label is certain; nil where no threshold keeps the risk, and nothing is said of labels.
  public var leastConfidence: Double?
  /// Promised share of the utterances of a class whose set holds it.
  public var coverage: Double
  /// From which probability on each class is in the set, [C].
  public var leastProbabilities: [Double]
  /// Held-out utterances of each class that the rule rests on, [C].
  public var classRows: [Int]

  /// A class of fewer held-out utterances takes the threshold of all classes together: the promise then holds over all
  /// utterances, not for the class.
  public static let leastClassRows = 50
  /// A rule that rests on fewer utterances says more of their chance than of the model.
  public static let leastRows = 50

  enum CodingKeys: String, CodingKey {
    case risk, coverage
    case leastConfidence = "least_confidence"
    case leastProbabilities = "least_probabilities"
    case classRows = "class_rows"
  }

  /// A rule read from a model.
  public init(
    risk: Double, leastConfidence: Double?, coverage: Double, leastProbabilities: [Double], classRows: [Int]
  ) {
    self.risk = risk
    self.leastConfidence = leastConfidence
    self.coverage = coverage
    self.leastProbabilities = leastProbabilities
    self.classRows = classRows
  }

  /// Fits the rule to held-out predictions; nil where fewer than `leastRows` have a label.
  ///
  /// - Parameters:
  ///   - probabilities: of every class, row-major, `labels.count` rows of `classes`.
  ///   - labels: each row's true class; nil leaves the row out.
  ///   - risk: to promise for certain labels.
  ///   - coverage: to promise for sets.
  public init?(probabilities: [Float], classes: Int, labels: [Int?], risk: Double, coverage: Double) {
    precondition(classes > 0 && probabilities.count == labels.count * classes, "one row of probabilities per label")
    var outcomes: [(confidence: Double, isRight: Bool)] = []
    var truths = [[Double]](repeating: [], count: classes)
    for (row, label) in labels.enumerated() {
      guard let label else { continue }
      let values = probabilities[row * classes..<(row + 1) * classes]
      let best = argmax(values)
      outcomes.append((Double(values[values.startIndex + best]), best == label))
      truths[label].append(Double(values[values.startIndex + label]))
    }
    guard outcomes.count >= Self.leastRows else { return nil }
    let pooled = Self.threshold(truths.flatMap { $0 }, coverage: coverage)
    self.init(
      risk: risk, leastConfidence: Self.leastConfidence(outcomes, risk: risk), coverage: coverage,
      leastProbabilities: truths.map {
        $0.count >= Self.leastClassRows ? Self.threshold($0, coverage: coverage) : pooled
      }, classRows: truths.map(\.count))
  }

  /// How far above the observed share of errors the true one may lie: the one-sided 90 % bound of the normal distribution.
  private static let boundDeviations = 1.2816

  /// The lowest confidence from which on the share of errors, with its bound, stays within the risk.
  private static func leastConfidence(_ outcomes: [(confidence: Double, isRight: Bool)], risk: Double) -> Double? {
    var (kept, wrong) = (0.0, 0.0)
    var least: Double?
    let falling = outcomes.sorted { $0.confidence > $1.confidence }
    for (index, outcome) in falling.enumerated() {
      kept += 1
      wrong += outcome.isRight ? 0 : 1
      // Labels of one confidence are certain together.
      guard index + 1 == falling.count || falling[index + 1].confidence < outcome.confidence else { continue }
      let share = wrong / kept
      // One error is added on either side, so that a few right labels do not count as certainty.
      let spread = ((wrong + 1) * (kept - wrong + 1) / (kept + 2) / (kept + 2) / (kept + 3)).squareRoot()
      if kept >= Double(leastRows), share + boundDeviations * spread <= risk { least = outcome.confidence }
    }
    return least
  }

  /// Split conformal prediction: the ⌊(n + 1)(1 − coverage)⌋-th smallest of the truths' probabilities, so that a new one
  /// lies below it with at most 1 − coverage; 0, which every class reaches, where n is too small for that.
  private static func threshold(_ probabilities: [Double], coverage: Double) -> Double {
    let rank = Int((Double(probabilities.count + 1) * (1 - coverage) + 1e-9).rounded(.down))
    return rank < 1 ? 0 : probabilities.sorted()[rank - 1]
  }

  /// Whether a label of this confidence is uncertain; nil where the rule has no threshold.
  public func isUncertain(confidence: Double) -> Bool? { leastConfidence.map { confidence < $0 } }

  /// The classes in the set of one utterance, in class order; its label is always among them.
  public func classes(of probabilities: [Float], label: Int) -> [Int] {
    probabilities.indices.filter { $0 == label || Double(probabilities[$0]) >= leastProbabilities[$0] }
  }

  /// The classes whose coverage is not promised by itself, since too few held-out utterances have them.
  public var sparseClasses: [Int] { classRows.indices.filter { classRows[$0] < Self.leastClassRows } }
}
