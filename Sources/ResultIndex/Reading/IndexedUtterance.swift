import DialogueDomain

/// One labelled utterance, as the index holds it.
public struct IndexedUtterance: Sendable {
  /// How much of a row to read: the vectors cost most of the time.
  public enum Detail: Int, Sendable, Comparable {
    /// Everything but the vectors, which are empty then.
    case labels
    /// The probabilities too.
    case probabilities
    /// The probabilities and each branch's logits.
    case logits

    public static func < (left: Detail, right: Detail) -> Bool { left.rawValue < right.rawValue }
  }

  public let bundle: IndexedBundle
  public let dialogue: String
  public let utterance: String
  /// Position in its dialogue, from 0.
  public let turn: Int
  public let speaker: String
  /// Seconds from the start of the recording.
  public let start: Double?
  /// Seconds from the start of the recording.
  public let end: Double?
  public let emotion: String
  /// Probability of `emotion`.
  public let confidence: Double
  public let textShare: Double?
  public let visualShare: Double?
  public let audioShare: Double?
  /// The smallest shift of fusion weight that changes the label.
  public let margin: Double?
  /// Share of perturbed runs that keep the label.
  public let stability: Double?
  /// The bundle's own label, where it has one.
  public let truth: String?
  /// In the class order of `bundle.emotions`.
  public let probabilities: [Float]
  /// Each branch's logits, in class order; a modality that the utterance lacks has no entry.
  public let branchLogits: [Modality: [Float]]

  /// How much of the label one modality brought; nil where the utterance lacks it.
  public func share(of modality: Modality) -> Double? {
    switch modality {
    case .text: textShare
    case .visual: visualShare
    case .audio: audioShare
    }
  }
}
