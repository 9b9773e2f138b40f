import Foundation
import Presentation
import ResultIndex

/// A column of exported tables, which CSV and Parquet have alike.
typealias TableColumn = RecordColumn<IndexedUtterance>

extension RecordColumn<IndexedUtterance> {
  /// The columns of every table; a probability column for each emotion comes last.
  ///
  /// - Parameter emotions: the classes of all models that rows may come from.
  static func all(emotions: [String]) -> [TableColumn] {
    fixed
      + emotions.map { emotion in
        .number("p:\(emotion)") { row in
          guard let index = row.bundle.emotions.index(of: emotion), index < row.probabilities.count else { return nil }
          return Double(row.probabilities[index])
        }
      }
  }

  private static var fixed: [TableColumn] {
    [
      .text("dialogue") { $0.dialogue }, .text("utterance") { $0.utterance }, .integer("turn") { $0.turn },
      .text("speaker") { $0.speaker }, .number("start") { $0.start }, .number("end") { $0.end },
      .text("text") { $0.text },
      .text("emotion") { $0.emotion },
      .number("confidence") { $0.labelConfidence },
      .text("reason") { $0.reasonForNoLabel }, .flag("certain") { $0.isUncertain.map { !$0 } },
      .text("set") { $0.labelSetNames?.joined(separator: ",") }, .text("truth") { $0.truth },
      .number("text_share") { $0.textShare }, .number("visual_share") { $0.visualShare },
      .number("audio_share") { $0.audioShare }, .number("margin") { $0.margin }, .number("stability") { $0.stability },
      .text("bundle") { $0.bundle.name }, .text("bundle_title") { $0.bundle.title },
      .text("bundle_digest") { $0.bundle.digest }, .text("model") { $0.bundle.modelName },
      .text("model_digest") { $0.bundle.modelDigest }, .flag("current") { $0.bundle.isCurrent },
      .time("scored") { $0.bundle.scored },
    ]
  }
}

/// Text that a spreadsheet must not take for a formula.
enum SpreadsheetText {
  /// The text behind an apostrophe where a spreadsheet would calculate it: where it begins with `=`, `+`, `-`, `@`, one of
  /// their wide forms, a tab or a line break.
  static func safe(_ text: String) -> String {
    guard let first = text.unicodeScalars.first, "=+-@\t\r\n＝＋－＠".unicodeScalars.contains(first) else { return text }
    return "'" + text
  }
}
