import DialogueDomain
import DialoguePages
import Presentation
import ResultIndex

/// The pages of a night's conversations to open, beside its report: `2026-11-24-conversation-1.html` to `-5.html`.
///
/// They are made of the index alone, as the report is, and bounded: no more than so many utterances and characters each.
enum ConversationPages {
  private static let mostUtterances = 400
  private static let mostCharacters = 500

  /// - Parameters:
  ///   - date: the night's, `2026-11-24`.
  ///   - number: from 1.
  static func fileName(_ date: String, _ number: Int) -> String { "\(date)-conversation-\(number).html" }

  /// The night that a file belongs to; nil for any other file.
  static func date(ofFile name: String) -> Substring? {
    let date = name.prefix(10)
    let isOurs = (1...ConversationChoice.most).contains { name == fileName(String(date), $0) }
    return isOurs ? date : nil
  }

  /// The page of a conversation.
  ///
  /// - Parameters:
  ///   - figures: what the report tells of it.
  ///   - turns: all of its utterances.
  static func page(
    _ figures: ConversationFigures, _ turns: [IndexedUtterance], date: String, matching: EmotionMatching
  ) -> DialoguePage {
    let (first, last) = (figures.turns.first?.turn ?? 0, figures.turns.last?.turn ?? 0)
    return DialoguePage(
      turns, shown: DialoguePage.window(around: first...max(first, last), of: turns.count, most: mostUtterances),
      attention: .notInIndex(dialogue: figures.dialogue, bundleDigest: figures.bundleDigest),
      mostCharacters: mostCharacters, parent: ("\(date).html", "Back to the morning report"), matching: matching)
  }
}
