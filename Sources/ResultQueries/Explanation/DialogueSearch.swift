import Presentation
import ResultIndex

/// Finds the one dialogue that is meant.
struct DialogueSearch {
  private let reader: IndexReader

  init(_ reader: IndexReader) {
    self.reader = reader
  }

  /// Dialogues that a message names.
  private static let named = 4

  private struct Enough: Error {}

  /// The turns of the only dialogue that a query finds, with their logits; nil where it finds none.
  ///
  /// - Throws: `QueryError` where it finds several, `IndexError`.
  func turns(_ query: UtteranceQuery) throws -> [IndexedUtterance]? {
    var found: [(bundle: IndexedBundle, dialogue: String)] = []
    do {
      try reader.forEachUtterance(query) { row in
        if let last = found.last, last.bundle.id == row.bundle.id, last.dialogue == row.dialogue { return }
        found.append((row.bundle, row.dialogue))
        if found.count > Self.named { throw Enough() }
      }
    } catch is Enough {}
    guard let only = found.first else { return nil }
    guard found.count == 1 else {
      let names = found.prefix(Self.named).map { "\($0.dialogue) in \($0.bundle.title)" }
      throw QueryError(
        usage: "several dialogues are meant by '\(query.dialogues.joined(separator: ", "))'",
        found: names.joined(separator: ", ") + (found.count > Self.named ? ", …" : ""),
        remedy: "Choose one: name it in full, and its bundle with --bundle.")
    }
    return try reader.turns(of: only.dialogue, in: only.bundle.id, detail: .logits)
  }
}

/// An utterance as `ambq why` names it: `dev-12:7`, the turn as `ambq show` numbers it.
public struct UtteranceAddress: Sendable, Equatable {
  /// The dialogue's id; `*` and `?` stand for any characters and for one.
  public let dialogue: String
  /// Position in it, from 0.
  public let turn: Int

  /// - Throws: `QueryError` where the text names no turn.
  public init(_ text: String) throws {
    guard let colon = text.lastIndex(of: ":"), colon > text.startIndex,
      let turn = Int(text[text.index(after: colon)...]), turn >= 0
    else {
      throw QueryError(
        usage: "this names no utterance", found: "'\(text)'", expected: "DIALOGUE:TURN, as in dev-12:7",
        remedy: "'ambq show DIALOGUE' numbers the turns, from 0.")
    }
    dialogue = String(text[..<colon])
    self.turn = turn
  }
}
