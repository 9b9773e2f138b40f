/// How sure a model is of a label, in three words that need no statistics.
///
/// ```swift
/// Sureness(confidence: 0.82, isUncertain: nil)   // sure
/// Sureness(confidence: 0.82, isUncertain: true)  // unsure: the model's own limit goes first
/// ```
public enum Sureness: String, Codable, Sendable, CaseIterable {
  /// The label's probability is at least `leastSure`.
  case sure
  /// Neither sure nor unsure.
  case fairly
  /// Less sure than the model's own limit; of a model without one, a probability below `leastFairly`.
  case unsure

  /// From which probability on a label is sure.
  public static let leastSure = 0.75
  /// Below which probability a label is unsure, where its model has no limit of its own.
  public static let leastFairly = 0.5

  /// - Parameter isUncertain: what the model's own limit says; nil where it has none.
  public init(confidence: Double, isUncertain: Bool?) {
    if isUncertain ?? (confidence < Self.leastFairly) {
      self = .unsure
    } else {
      self = confidence >= Self.leastSure ? .sure : .fairly
    }
  }

  /// As people read it: `sure`, `fairly sure`, `unsure`.
  public var words: String { self == .fairly ? "fairly sure" : rawValue }
}

/// Which emotions count as felt, for a reader who looks for feeling.
public enum Feeling {
  private static let unfelt: Set<String> = ["neutral", "none", "no emotion", ScoredUtterance.unknownEmotion]

  /// Whether a label says more than that nothing marked was felt.
  public static func isFelt(_ emotion: String) -> Bool { !unfelt.contains(emotion.lowercased()) }
}
