import Presentation

/// Objects as one JSON array with an object on each line, or as JSON Lines.
struct JSONRecords {
  private var json = JSONText()
  private let isArray: Bool
  private var isEmpty = true

  init(isArray: Bool) {
    self.isArray = isArray
    if isArray { json.beginArray() }
  }

  /// What has been encoded so far; whoever writes it out empties it.
  var bytes: [UInt8] {
    get { json.bytes }
    _modify { yield &json.bytes }
  }

  mutating func append(_ members: (inout JSONText) -> Void) {
    if isArray { json.endLine(separated: !isEmpty) }
    isEmpty = false
    json.object(members)
    if !isArray { json.endLine(separated: false) }
  }

  /// Must be called after the last object, also where there was none.
  mutating func end() {
    guard isArray else { return }
    if !isEmpty { json.endLine(separated: false) }
    json.endArray()
    json.endLine(separated: false)
  }
}

/// What programs get to read of one kind of record: the members of JSON objects and the columns of CSV and TSV, from one
/// list.
struct RecordColumns<Record> {
  let columns: [RecordColumn<Record>]

  init(_ columns: [RecordColumn<Record>]) {
    self.columns = columns
  }

  /// Writes the records in the console's format; as TSV where that is `table`, which the caller draws.
  func write(_ records: [Record], on console: ResultConsole) throws {
    switch console.format {
    case .json: try writeJSON(records, isArray: true, on: console)
    case .jsonl: try writeJSON(records, isArray: false, on: console)
    case .csv: try writeDelimited(records, .csv, on: console)
    case .tsv, .table: try writeDelimited(records, .tsv, on: console)
    }
  }

  private func writeJSON(_ records: [Record], isArray: Bool, on console: ResultConsole) throws {
    var objects = JSONRecords(isArray: isArray)
    for record in records {
      objects.append { json in
        for column in columns {
          json.member(column.name, column.value(record))
        }
      }
      try console.drain(&objects.bytes)
    }
    objects.end()
    try console.drain(&objects.bytes)
  }

  private func writeDelimited(
    _ records: [Record], _ flavour: DelimitedText.Flavour, on console: ResultConsole
  ) throws {
    let shown = columns.filter { !$0.isOnlyInJSON }
    var text = DelimitedText(flavour)
    text.record(shown.map(\.name))
    for record in records {
      for column in shown { text.field(column.value(record), flags: ("true", "false")) }
      text.endRecord()
      try console.drain(&text.bytes)
    }
    try console.drain(&text.bytes)
  }
}
