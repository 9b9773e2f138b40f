import Presentation
import ResultExport
import ResultIndex

/// Which fields of utterances a list has: the value of `--fields`.
public struct UtteranceFields {
  private enum Choice {
    case usual
    case all
    case chosen([UtteranceField])
  }

  private let choice: Choice
  /// Whether rows have cursors.
  private let isFollowing: Bool

  /// The fields that a list has where none are asked for.
  public static var usual: UtteranceFields { UtteranceFields(choice: .usual, isFollowing: false) }

  private init(choice: Choice, isFollowing: Bool) {
    (self.choice, self.isFollowing) = (choice, isFollowing)
  }

  /// - Parameters:
  ///   - selection: the fields asked for.
  ///   - isFollowing: whether rows have cursors, which is a field more.
  /// - Throws: `QueryError` for a name that no field has.
  public init(_ selection: FieldSelection, isFollowing: Bool = false) throws {
    self.isFollowing = isFollowing
    if selection.names.contains("all") {
      choice = .all
    } else {
      let known = Self.known(isFollowing: isFollowing)
      choice = try selection.chosen(among: known) { $0.name }.map { .chosen($0) } ?? .usual
    }
  }

  /// Whether no fields were asked for.
  public var isUsual: Bool { if case .usual = choice { true } else { false } }

  /// The members of JSON objects: everything, where none are asked for.
  var inJSON: [UtteranceField] {
    if case .chosen(let fields) = choice { return fields }
    return isFollowing ? [.cursor] + UtteranceField.inJSON : UtteranceField.inJSON
  }

  /// The columns of tables: a dozen, where none are asked for; all begin as label files do.
  ///
  /// - Throws: `QueryError` for fields that only JSON has.
  var inTables: [UtteranceField] {
    get throws {
      switch choice {
      case .usual:
        return UtteranceField.named([
          "dialogue", "utterance", "speaker", "start", "end", "emotion", "confidence", "certain", "stability", "truth",
          "bundle", "text",
        ])
      case .all:
        return UtteranceField.named([
          "dialogue", "utterance", "speaker", "start", "end", "emotion", "confidence", "text_share", "visual_share",
          "audio_share", "margin", "stability", "certain", "set", "turn", "truth", "bundle", "bundle_digest", "model",
          "model_digest", "scored", "text", "reason", "bundle_title", "current", "corrected_by", "corrected_at",
          "probabilities",
        ]) + (isFollowing ? [.cursor] : [])
      case .chosen(let fields):
        if let other = fields.first(where: { $0.columns(emotions: [""]).isEmpty }) {
          let remedy =
            other.name == "shares"
            ? "Ask for text_share,visual_share,audio_share, or write --format json or jsonl."
            : "Write --format json or jsonl."
          throw QueryError(usage: "only JSON has the field '\(other.name)'", remedy: remedy)
        }
        return fields
      }
    }
  }

  /// The name that `--print0` prints of each utterance: its id, where no field is asked for.
  ///
  /// - Throws: `QueryError` where it is not one field of text.
  var name: UtteranceField {
    get throws {
      let fields = isUsual ? UtteranceField.named(["utterance"]) : try inTables
      guard fields.count == 1, let field = fields.first, field.columns(emotions: []).first?.kind == .text else {
        throw QueryError(usage: "--print0 prints one field of text", remedy: "As in --fields bundle --print0.")
      }
      return field
    }
  }

  /// What a template may name: the columns of every field that tables can have.
  ///
  /// - Parameter emotions: the classes of all models that rows may come from.
  func inTemplates(emotions: [String]) -> [(column: RecordColumn<IndexedUtterance>, detail: IndexedUtterance.Detail)] {
    Self.known(isFollowing: isFollowing).flatMap { field in
      field.columns(emotions: emotions).map { ($0, field.detail) }
    }
  }

  private static func known(isFollowing: Bool) -> [UtteranceField] {
    UtteranceField.all + (isFollowing ? [.cursor] : [])
  }

  /// Writes the fields that there are, with what they mean.
  ///
  /// - Throws: `OutputError`.
  public static func list(on console: ResultConsole, isFollowing: Bool = false) throws {
    let fields = known(isFollowing: isFollowing)
    if console.format != .table {
      try RecordColumns<UtteranceField>([.text("field") { $0.name }, .text("meaning") { $0.meaning }])
        .writeAll(fields, on: console)
    } else {
      let width = fields.map(\.name.count).max() ?? 0
      for field in fields { try console.fact(field.name, .bold, width: width + 2, field.meaning) }
    }
  }
}
