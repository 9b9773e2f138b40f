/// What the confusion counts say of one class.
public struct ClassFigures: Sendable, Hashable, Codable {
  /// Observations whose truth is this class.
  public var support: Int
  /// Observations predicted as this class.
  public var predictions: Int
  /// Observations of this class predicted as such: the true positives.
  public var correct: Int

  public init(support: Int, predictions: Int, correct: Int) {
    self.support = support
    self.predictions = predictions
    self.correct = correct
  }

  /// correct / predictions; the paper's Tables 2 and 3 head this column "ACC".
  public var precision: Double { ratio(correct, predictions) }

  /// correct / support.
  public var recall: Double { ratio(correct, support) }

  /// The harmonic mean of precision and recall, 2·correct / (support + predictions).
  public var f1: Double { ratio(2 * correct, support + predictions) }
}

/// A quotient of counts, 0 where the denominator is 0.
func ratio(_ numerator: Int, _ denominator: Int) -> Double {
  denominator == 0 ? 0 : Double(numerator) / Double(denominator)
}
