import DialogueDomain
import Foundation
import Presentation

/// A conversation to open: why, and what was said where most was felt.
public struct ConversationFigures: Codable, Sendable, Equatable {
  /// One utterance.
  public struct Turn: Codable, Sendable, Equatable {
    /// Position in its dialogue, from 0.
    public var turn: Int
    /// As in the bundle.
    public var speaker: String
    /// The label's name; nil where there is no label.
    public var emotion: String?
    /// The label's probability; nil where there is no label.
    public var confidence: Double?
    /// How sure that is; nil where there is no label.
    public var sureness: Sureness?
    /// The bundle's own label, where it has one.
    public var truth: String?
    /// The words, where they are kept; cut after 160 characters.
    public var text: String?
  }

  /// The bundle's file name, told apart from others of that name.
  public var bundle: String
  /// SHA-256 of the bundle's bytes.
  public var bundleDigest: String
  /// The dialogue's id within the bundle.
  public var dialogue: String
  /// `feeling` or `doubt`.
  public var reason: String
  /// Why it is worth opening, in words.
  public var line: String
  /// Utterances in it.
  public var utterances: Int
  /// Those who speak in it, by first appearance.
  public var speakers: [String]
  /// What was felt most; nil where nothing was.
  public var emotion: String?
  /// Utterances labelled so.
  public var emotionUtterances: Int
  /// Labels that are unsure.
  public var unsure: Int
  /// Mean probability of its labels; nil where it has none.
  public var meanConfidence: Double?
  /// The utterances where most was felt, in their order, `listed` at most.
  public var turns: [Turn]
  /// The first and the last of the twelve neighbours among them that count most; empty without utterances.
  public var strongestTurns: [Int]

  /// Utterances shown.
  static let listed = 60
  /// Utterances shown on paper: five conversations of so many fit on a few sheets.
  static let printed = 12
  /// Characters of an utterance that are shown.
  static let shownText = 160

  init(_ conversation: Conversation) {
    let turns = conversation.turns
    let labelled = turns.filter { $0.emotion != nil }
    bundle = conversation.bundle
    bundleDigest = conversation.bundleDigest
    dialogue = conversation.dialogue
    reason = conversation.reason.rawValue
    utterances = turns.count
    speakers = turns.reduce(into: []) { names, turn in
      if !names.contains(turn.speaker) { names.append(turn.speaker) }
    }
    let weights = turns.map { turn in
      turn.emotion.map { turn.confidence * (conversation.rarities[$0] ?? 0) } ?? 0
    }
    var felt: [String: Double] = [:]
    for (turn, weight) in zip(turns, weights) where weight > 0 { felt[turn.emotion ?? "", default: 0] += weight }
    let leading = felt.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.first?.key
    emotion = leading
    let led = turns.filter { $0.emotion == leading && leading != nil }
    emotionUtterances = led.count
    unsure = labelled.count { $0.sureness == .unsure }
    meanConfidence = labelled.isEmpty ? nil : labelled.map(\.confidence).mean
    line = Self.line(conversation.reason, labelled, led, emotion: leading, unsure: unsure)
    let counts: [Double] =
      conversation.reason == .feeling ? weights : turns.map { $0.sureness == .unsure ? 1.0 : 0.0 }
    let shown = Self.window(counts, Self.listed)
    let strongest = Self.window(Array(counts[shown]), Self.printed)
    let (first, last) = (shown.lowerBound + strongest.lowerBound, shown.lowerBound + strongest.upperBound - 1)
    strongestTurns = strongest.isEmpty ? [] : [turns[first].turn, turns[last].turn]
    self.turns = turns[shown].map { turn in
      Turn(
        turn: turn.turn, speaker: turn.speaker, emotion: turn.emotion,
        confidence: turn.emotion == nil ? nil : turn.confidence, sureness: turn.sureness, truth: turn.truth,
        text: turn.text.map(Self.shortened))
    }
  }

  /// The words, cut with an ellipsis where they are many.
  static func shortened(_ text: String) -> String {
    text.count <= shownText ? text : String(text.prefix(shownText)) + "…"
  }

  /// So many neighbours of most weight together, the first of such.
  static func window(_ weights: [Double], _ count: Int) -> Range<Int> {
    guard weights.count > count else { return weights.indices }
    let sums = (0...weights.count - count).map { weights[$0..<$0 + count].reduce(0, +) }
    let most = sums.max() ?? 0
    let first = sums.firstIndex { $0 >= most * (1 - 1e-12) } ?? 0
    return first..<first + count
  }

  private static func line(
    _ reason: ConversationChoice.Reason, _ labelled: [Conversation.Turn], _ led: [Conversation.Turn], emotion: String?,
    unsure: Int
  ) -> String {
    let felt = emotion.map { emotion -> String in
      let names = Dictionary(grouping: led, by: \.speaker).sorted {
        ($1.value.count, $0.key) < ($0.value.count, $1.key)
      }
      let first = names.first.map { (name: $0.key, count: $0.value.count) }
      let by =
        switch (first, names.count) {
        case (let first?, 1): ", by \(first.name)"
        case (let first?, _): ", \(first.count) of them by \(first.name)"
        case (nil, _): ""
        }
      return "\(emotion) in \(led.count) of \(NumberText.count(labelled.count, "utterance"))\(by)"
    }
    switch reason {
    case .feeling:
      let sure = led.isEmpty ? "" : "; \(NumberText.percent(led.map(\.confidence).mean)) sure on average"
      return (felt ?? "nothing marked was felt") + sure + "."
    case .doubt:
      let doubt =
        "the model is unsure of \(unsure) of \(NumberText.count(labelled.count, "label")), so listen for yourself"
      return doubt + (felt.map { "; it says \($0)" } ?? "") + "."
    }
  }
}
