import ResultExport
import ResultIndex

/// Utterances as one JSON array with an object on each line, or as JSON Lines.
struct UtteranceJSONPrinter: UtterancePrinter {
  let detail: IndexedUtterance.Detail
  private let console: ResultConsole
  private var objects: JSONRecords
  private var members: UtteranceMembers

  init(_ console: ResultConsole, _ fields: [UtteranceField], isArray: Bool) {
    self.console = console
    detail = fields.map(\.detail).max() ?? .labels
    members = UtteranceMembers(fields)
    objects = JSONRecords(isArray: isArray)
  }

  mutating func print(_ row: IndexedUtterance) throws {
    objects.append { members.encode(row, into: &$0) }
    try console.drain(&objects.bytes)
  }

  mutating func finish() throws {
    objects.end()
    try console.drain(&objects.bytes)
  }
}
