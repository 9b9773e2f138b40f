import Tensors

/// How one utterance stands to another in a graph (Eqns 7 and 8); the raw value is the embedding's row.
public enum Relation: UInt8, CaseIterable, Sendable {
  /// No edge.
  case none = 0
  /// An utterance and itself.
  case itself = 1
  /// The same speaker, earlier.
  case sameSpeakerBefore = 2
  /// The same speaker, later.
  case sameSpeakerAfter = 3
  /// Another speaker, later.
  case otherSpeakerAfter = 4
  /// Another speaker, earlier.
  case otherSpeakerBefore = 5

  static var count: Int { allCases.count }
}

/// The two graphs over a dialogue's utterances: within speakers and between them.
public enum RelationGraph {
  /// Width of the relation embedding.
  static let embeddingWidth = 10

  /// Edges to the same speaker's utterances within the window, and to itself (Eqn 7).
  public static func intraSpeaker(_ segments: Segments, speakers: [Int], window: Int) -> BandedGraph {
    graph(segments, window: window) { i, j in
      guard speakers[i] == speakers[j] else { return .none }
      return j < i ? .sameSpeakerBefore : .sameSpeakerAfter
    }
  }

  /// Edges to other speakers' utterances within the window, and to itself (Eqn 8).
  public static func interSpeaker(_ segments: Segments, speakers: [Int], window: Int) -> BandedGraph {
    graph(segments, window: window) { i, j in
      guard speakers[i] != speakers[j] else { return .none }
      return j < i ? .otherSpeakerBefore : .otherSpeakerAfter
    }
  }

  private static func graph(
    _ segments: Segments, window: Int, _ relation: (_ i: Int, _ j: Int) -> Relation
  ) -> BandedGraph {
    // No dialogue is longer than the longest: a wider window would only store empty columns.
    let reach = min(window, max(segments.longest - 1, 0))
    return BandedGraph(segments, window: reach) { i, j in
      (i == j ? .itself : relation(i, j)).rawValue
    }
  }
}
