import DialogueDomain
import ResultIndex

/// A conversation to open, with all of its utterances.
public struct Conversation: Sendable, Equatable {
  /// One utterance.
  public struct Turn: Sendable, Equatable {
    /// Position in its dialogue, from 0.
    public var turn: Int
    /// As in the bundle.
    public var speaker: String
    /// The label's name; nil where there is no label.
    public var emotion: String?
    /// The label's probability; 0 where there is no label.
    public var confidence: Double
    /// What the model's own limit says of the label; nil where it has none.
    public var isUncertain: Bool?
    /// The bundle's own label, where it has one.
    public var truth: String?
    /// The words, where they are kept.
    public var text: String?

    /// One utterance with its label.
    public init(
      turn: Int, speaker: String, emotion: String?, confidence: Double, isUncertain: Bool? = nil,
      truth: String? = nil, text: String? = nil
    ) {
      self.turn = turn
      self.speaker = speaker
      self.emotion = emotion
      self.confidence = confidence
      self.isUncertain = isUncertain
      self.truth = truth
      self.text = text
    }

    /// How sure the label is; nil where there is none.
    var sureness: Sureness? { emotion == nil ? nil : Sureness(confidence: confidence, isUncertain: isUncertain) }
  }

  /// The bundle's file name, told apart from others of that name.
  var bundle: String
  /// SHA-256 of the bundle's bytes.
  var bundleDigest: String
  /// The dialogue's id within the bundle.
  var dialogue: String
  /// Why it was chosen.
  var reason: ConversationChoice.Reason
  /// In their order.
  var turns: [Turn]
  /// 1 less the share of the period's labels, by the names of the emotions that are felt.
  var rarities: [String: Double]
  /// The bundle's number in the index; nil for one that comes from no index.
  var number: Int64?
}

/// How many labels of a period are how sure.
public struct SurenessCounts: Sendable, Equatable {
  /// Labels that are sure.
  public var sure = 0
  /// Labels that are fairly sure.
  public var fairly = 0
  /// Labels that are unsure.
  public var unsure = 0

  /// Counts that are known already.
  public init(sure: Int = 0, fairly: Int = 0, unsure: Int = 0) {
    self.sure = sure
    self.fairly = fairly
    self.unsure = unsure
  }

  /// All of them.
  var total: Int { sure + fairly + unsure }
}

/// Chooses a night's conversations out of the index, and reads those chosen.
struct ConversationReading {
  private var candidates: [ConversationCandidate] = []
  /// The bundles' numbers in the index, by the scorings' places.
  private var bundles: [Int: Int64] = [:]
  private(set) var sureness = SurenessCounts()

  /// Takes one dialogue of a scoring.
  ///
  /// - Parameters:
  ///   - bundle: the scoring's number in the index.
  ///   - certainties: how sure its labels are.
  mutating func add(_ candidate: ConversationCandidate, in bundle: Int64, _ certainties: SurenessCounts) {
    var candidate = candidate
    candidate.unsure = certainties.unsure
    candidates.append(candidate)
    bundles[candidate.scoring] = bundle
    sureness.sure += certainties.sure
    sureness.fairly += certainties.fairly
    sureness.unsure += certainties.unsure
  }

  /// Dialogues by the scorings' places.
  var dialogueCounts: [Int: Int] { candidates.reduce(into: [:]) { $0[$1.scoring, default: 0] += 1 } }

  /// The conversations to open, with their utterances; of several scorings of the same bytes the last one counts.
  func conversations(_ scorings: [Scoring], from reader: IndexReader) throws -> [Conversation] {
    var latest: [String: Int] = [:]
    for (place, scoring) in scorings.enumerated() { latest[scoring.digest] = place }
    let places = candidates.indices.filter { latest[scorings[candidates[$0].scoring].digest] == candidates[$0].scoring }
    let choice = ConversationChoice(places.map { candidates[$0] })
    return try choice.chosen.map { candidate, reason in
      let scoring = scorings[candidate.scoring]
      let turns = try bundles[candidate.scoring].map { try reader.turns(of: candidate.dialogue, in: $0) } ?? []
      return Conversation(
        bundle: scoring.title, bundleDigest: scoring.digest, dialogue: candidate.dialogue, reason: reason,
        turns: turns.map(Conversation.Turn.init), rarities: choice.rarities, number: bundles[candidate.scoring])
    }
  }
}

extension Conversation.Turn {
  fileprivate init(_ utterance: IndexedUtterance) {
    let isLabel = utterance.reasonForNoLabel == nil
    self.init(
      turn: utterance.turn, speaker: utterance.speaker, emotion: isLabel ? utterance.emotion : nil,
      confidence: utterance.labelConfidence ?? 0, isUncertain: utterance.isUncertain, truth: utterance.truth,
      text: utterance.text)
  }
}
