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
    var writer = RecordWriter(self, console)
    for record in records { try writer.append(record) }
    try writer.finish()
  }
}

/// Writes records one after the other in the console's format; as TSV where that is `table`.
struct RecordWriter<Record> {
  private enum Text {
    case json(JSONRecords)
    case delimited(DelimitedText)
  }

  private let columns: [RecordColumn<Record>]
  private let console: ResultConsole
  private var text: Text

  init(_ columns: RecordColumns<Record>, _ console: ResultConsole) {
    self.console = console
    switch console.format {
    case .json, .jsonl:
      self.columns = columns.columns
      text = .json(JSONRecords(isArray: console.format == .json))
    case .csv, .tsv, .table:
      self.columns = columns.columns.filter { !$0.isOnlyInJSON }
      var header = DelimitedText(console.format == .csv ? .csv : .tsv)
      header.record(self.columns.map(\.name))
      text = .delimited(header)
    }
  }

  mutating func append(_ record: Record) throws {
    switch text {
    case .json(var objects):
      objects.append { json in
        for column in columns { json.member(column.name, column.value(record)) }
      }
      text = .json(objects)
    case .delimited(var fields):
      for column in columns { fields.field(column.value(record), flags: ("true", "false")) }
      fields.endRecord()
      text = .delimited(fields)
    }
    try drain()
  }

  /// Must be called after the last record, also where there was none.
  mutating func finish() throws {
    if case .json(var objects) = text {
      objects.end()
      text = .json(objects)
    }
    try drain()
  }

  private mutating func drain() throws {
    switch text {
    case .json(var objects):
      try console.drain(&objects.bytes)
      text = .json(objects)
    case .delimited(var fields):
      try console.drain(&fields.bytes)
      text = .delimited(fields)
    }
  }
}
