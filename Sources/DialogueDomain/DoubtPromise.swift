/// The shares that a model promises of its doubt.
public struct DoubtPromise: Sendable, Hashable, Codable {
  /// Of wrong labels among the certain ones, at most.
  public var risk: Double
  /// Of utterances whose set of labels holds the truth, at least.
  public var coverage: Double

  /// - Parameters:
  ///   - risk: share of wrong labels among the certain ones.
  ///   - coverage: share of sets that hold the truth.
  public init(risk: Double, coverage: Double) {
    self.risk = risk
    self.coverage = coverage
  }
}
