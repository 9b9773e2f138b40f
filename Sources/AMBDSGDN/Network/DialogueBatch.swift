import DialogueDomain
import Tensors

/// Some dialogues as the network takes them: the rows of all their utterances, never padded.
public struct DialogueBatch: Sendable {
  /// One segment per dialogue.
  public let segments: Segments
  /// Each row's speaker slot.
  public let speakers: [Int]
  /// Each row's position in its dialogue, from 0.
  public let positions: [Int]
  /// Feature rows [T, D_m] in the units that enter the projection; zero where an utterance lacks the modality.
  public let features: [Modality: Matrix]
  /// Which rows lack a modality; a modality that no row lacks has no entry.
  public let missing: [Modality: [Bool]]
  let interSpeaker: BandedGraph
  let intraSpeaker: BandedGraph

  public init(
    segments: Segments, speakers: [Int], features: [Modality: Matrix], missing: [Modality: [Bool]] = [:], window: Int
  ) {
    self.segments = segments
    self.speakers = speakers
    positions = segments.indices.flatMap { Array(0..<segments[$0].count) }
    self.features = features
    self.missing = missing
    interSpeaker = RelationGraph.interSpeaker(segments, speakers: speakers, window: window)
    intraSpeaker = RelationGraph.intraSpeaker(segments, speakers: speakers, window: window)
  }

  /// Utterances, T.
  public var rows: Int { segments.rows }
}
