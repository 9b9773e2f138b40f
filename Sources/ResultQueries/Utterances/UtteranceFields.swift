import DialogueDomain
import ResultExport

/// Which fields of utterances a list has: the value of `--fields`.
public struct UtteranceFields {
  private enum Choice {
    case usual
    case all
    case chosen([UtteranceField])
  }

  private let choice: Choice

  /// The fields that a list has where none are asked for.
  public static var usual: UtteranceFields { UtteranceFields(choice: .usual) }

  private init(choice: Choice) {
    self.choice = choice
  }

  /// - Parameter typed: names of fields, lists with commas among them; `all` for all, none for the usual ones.
  /// - Throws: `QueryError` for a name that no field has.
  public init(_ typed: [String]) throws {
    let names = NameList.split(typed)
    if names.isEmpty || names.contains("all") {
      choice = names.isEmpty ? .usual : .all
      return
    }
    let known = UtteranceField.all
    choice = .chosen(
      try names.map { name in
        if let field = known.first(where: { $0.name == name }) { return field }
        let meant = nearestName(to: name, among: known.map(\.name)).map { "Did you mean '\($0)'? " } ?? ""
        throw QueryError(usage: "there is no field '\(name)'", remedy: "\(meant)'--fields help' lists them.")
      })
  }

  /// Whether no fields were asked for.
  public var isUsual: Bool { if case .usual = choice { true } else { false } }

  /// The members of JSON objects: everything, where none are asked for.
  var inJSON: [UtteranceField] {
    if case .chosen(let fields) = choice { fields } else { UtteranceField.inJSON }
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
        ])
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

  /// Writes the fields that there are, with what they mean.
  ///
  /// - Throws: `OutputError`.
  public static func list(on console: ResultConsole) throws {
    let fields = UtteranceField.all
    if console.format != .table {
      try RecordColumns<UtteranceField>([.text("field") { $0.name }, .text("meaning") { $0.meaning }])
        .write(fields, on: console)
    } else {
      let width = fields.map(\.name.count).max() ?? 0
      for field in fields { try console.fact(field.name, .bold, width: width + 2, field.meaning) }
    }
  }
}
