import OperatingSystem
import ResultQueries

/// The parameters of a list: its format and its fields, as `--format` and `--fields` have them.
struct ListingParameters {
  let format: OutputFormat
  let fields: FieldSelection

  /// The first is what is written where none is asked for.
  static let formats = [OutputFormat.json, .jsonl, .csv, .tsv]
  /// Rows of one answer at most.
  static let mostRows = 10_000

  /// - Parameter hasFields: whether members can be chosen.
  init(_ parameters: inout QueryParameters, hasFields: Bool = true) throws {
    fields = FieldSelection(hasFields ? parameters.all("fields") : [])
    format = try parameters.choice("format", of: Self.formats) ?? .json
  }

  /// What a command prints, as an answer: into memory that no client's slowness holds twice, and with its length known.
  ///
  /// - Throws: what the command throws.
  func answer(_ write: (ResultConsole) throws -> Void) throws -> ServedAnswer {
    let file = try OpenFile.inMemory()
    let console = ResultConsole(
      format, fields: fields.asksForHelp ? FieldSelection() : fields, descriptor: file.descriptor)
    try write(console)
    try console.flush()
    return ServedAnswer(type: type, .file(file))
  }

  private var type: ContentType {
    switch format {
    case .json, .table: .json
    case .jsonl: .jsonLines
    case .csv: .csv
    case .tsv: .tsv
    }
  }
}
