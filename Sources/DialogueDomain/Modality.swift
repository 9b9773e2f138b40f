/// One of the three streams an utterance is described by, in the order the paper's code uses: t, v, a.
public enum Modality: String, CaseIterable, Codable, CodingKeyRepresentable, Sendable, Hashable, Comparable {
  case text
  case visual
  case audio

  public static func < (left: Modality, right: Modality) -> Bool {
    left.order < right.order
  }

  private var order: Int {
    switch self {
    case .text: 0
    case .visual: 1
    case .audio: 2
    }
  }
}
