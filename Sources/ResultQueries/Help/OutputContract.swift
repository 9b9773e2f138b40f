import Presentation
import ResultExport
import ResultIndex

/// What programs may rely on of the lists that `ambq` writes: every field of every command, in the order of JSON.
public struct OutputContract: Sendable {
  /// A member of JSON objects, and where tables have it a column of that name.
  public struct Field: Sendable, Equatable {
    /// What programs call it.
    public let name: String
    /// `text`, `integer`, `number`, `flag`, `time`, `array` or `object`.
    public let type: String
    /// Whether CSV and TSV leave it out, unless `--fields` names it or never.
    public let isOnlyInJSON: Bool
  }

  /// The commands that write these fields, as in `speakers` or `count --by day`.
  public let commands: String
  /// What each record has.
  public let fields: [Field]

  /// What `list`, `show` and `follow` write.
  public static let utteranceCommands = "list, show, follow"

  /// All lists.
  public static var lists: [OutputContract] {
    let utterances = UtteranceField.inJSON.map { Field(name: $0.name, type: $0.type, isOnlyInJSON: $0.isOnlyInJSON) }
    let cursor = Field(name: UtteranceField.cursor.name, type: "text", isOnlyInJSON: false)
    let groups = UtteranceGrouping.allCases.filter { $0 != .day }.map {
      OutputContract("\($0.rawValue)s", GroupListing.columns($0))
    }
    let counts = UtteranceGrouping.allCases.map { OutputContract("count --by \($0.rawValue)", GroupListing.counts($0)) }
    return [OutputContract(commands: utteranceCommands, fields: utterances + [cursor])] + groups + counts + [
      OutputContract("bundles", BundleListing.columns), OutputContract("errors", FailureListing.columns),
      OutputContract("verify", Disagreement.columns),
    ]
  }

  private init(commands: String, fields: [Field]) {
    (self.commands, self.fields) = (commands, fields)
  }

  private init<Record>(_ commands: String, _ columns: RecordColumns<Record>) {
    self.init(
      commands: commands,
      fields: columns.columns.map {
        Field(name: $0.name, type: $0.isOfCounts ? "object" : $0.kind.name, isOnlyInJSON: $0.isOnlyInJSON)
      })
  }
}
