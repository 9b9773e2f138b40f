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
    UtteranceField.named([
      "dialogue", "utterance", "turn", "speaker", "start", "end", "text", "emotion", "confidence", "reason", "certain",
      "set", "truth", "corrected_by", "corrected_at", "text_share", "visual_share", "audio_share", "margin",
      "stability", "bundle", "bundle_title",
      "bundle_digest", "model", "model_digest", "current", "scored", "probabilities",
    ]).flatMap { $0.columns(emotions: emotions) }
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
