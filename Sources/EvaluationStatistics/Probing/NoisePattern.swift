import DialogueDomain

/// Which modalities carry the noise of a noise run.
public enum NoisePattern: Sendable, Hashable {
  /// All of the model's modalities at once, the paper's section 6.5.
  case all
  /// One modality; the others stay clean.
  case only(Modality)

  /// `all`, or the modality's name.
  public var name: String {
    switch self {
    case .all: "all"
    case .only(let modality): modality.rawValue
    }
  }

  /// Whether a modality is noisy under this pattern.
  public func covers(_ modality: Modality) -> Bool {
    switch self {
    case .all: true
    case .only(let noisy): noisy == modality
    }
  }
}
