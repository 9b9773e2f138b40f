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

  /// Writes the records in the console's form; one that is drawn for people is the caller's to draw.
  ///
  /// - Throws: `QueryError` for fields that there are none of, `OutputError`.
  func write(_ records: [Record], on console: ResultConsole) throws {
    var writer = try RecordWriter(self, console)
    for record in records { try writer.append(record) }
    try writer.finish()
  }

  /// Writes which fields there are, with what they hold.
  func list(on console: ResultConsole) throws {
    try RecordColumns<RecordColumn<Record>>([
      .text("field") { $0.name }, .text("type") { $0.isOfCounts ? "object" : $0.kind.name },
    ])
    .writeAll(columns, on: console)
  }

  /// Writes all fields of the records, whichever the console asks for; a table is one of two columns.
  func writeAll(_ records: [Record], on console: ResultConsole) throws {
    var writer = RecordWriter(columns: columns, console)
    for record in records { try writer.append(record) }
    try writer.finish()
  }
}

/// Writes records one after the other in the console's form, with the fields that it asks for.
struct RecordWriter<Record> {
  private enum Text {
    case json(JSONRecords)
    case delimited(DelimitedText)
    case table(SampledTable)
    case template(RowTemplate, [String: RecordColumn<Record>])
  }

  private let columns: [RecordColumn<Record>]
  private let console: ResultConsole
  private var text: Text
  private var line: [UInt8] = []

  /// - Throws: `QueryError` for fields that there are none of.
  init(_ all: RecordColumns<Record>, _ console: ResultConsole) throws {
    if let template = console.template {
      let row = try RowTemplate(typed: template, fields: all.columns.map(\.name))
      let byName = Dictionary(all.columns.map { ($0.name, $0) }) { first, _ in first }
      self.init(columns: [], console, .template(row, byName))
      return
    }
    let isJSON = [.json, .jsonl].contains(console.format)
    let usual = isJSON ? all.columns : all.columns.filter { !$0.isOnlyInJSON }
    self.init(columns: try console.fields.chosen(among: all.columns) { $0.name } ?? usual, console)
  }

  fileprivate init(columns: [RecordColumn<Record>], _ console: ResultConsole) {
    switch console.format {
    case .json, .jsonl: self.init(columns: columns, console, .json(JSONRecords(isArray: console.format == .json)))
    case .table: self.init(columns: columns, console, .table(SampledTable(console, columns.map(Table.Column.init))))
    case .csv, .tsv:
      var header = DelimitedText(console.format == .csv ? .csv : .tsv)
      header.record(columns.map(\.name))
      self.init(columns: columns, console, .delimited(header))
    }
  }

  private init(columns: [RecordColumn<Record>], _ console: ResultConsole, _ text: Text) {
    (self.columns, self.console, self.text) = (columns, console, text)
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
    case .table(var table):
      try table.append(columns.map { Table.Cell($0.value(record).shown) })
      text = .table(table)
    case .template(let row, let byName):
      row.append(to: &line) { byName[$0]?.value(record) ?? .text(nil) }
    }
    try drain()
  }

  /// Must be called after the last record, also where there was none.
  mutating func finish() throws {
    switch text {
    case .json(var objects):
      objects.end()
      text = .json(objects)
    case .table(var table):
      try table.finish()
      text = .table(table)
    case .delimited, .template: break
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
    case .template: try console.drain(&line)
    case .table: break
    }
  }
}

extension Table.Column {
  /// The column of chosen fields: numbers to the right, words shortened where space is short.
  init<Record>(_ column: RecordColumn<Record>) {
    let isNumber = [.integer, .number].contains(column.kind)
    self.init(column.name.uppercased(), isNumber ? .right : .left, shrinksTo: column.kind == .text ? 8 : nil)
  }
}

extension RecordValue {
  /// The value as people read it; a dash where there is none.
  var shown: String {
    let text: String? =
      switch self {
      case .text(let text): text
      case .integer(let number): number.map(NumberText.count)
      case .number(let number): number.map { NumberText.decimal($0) }
      case .flag(let flag): flag.map { $0 ? "yes" : "no" }
      case .time(let time): time.map { TimeText.local($0) }
      case .counts(let counts): counts.inOneField
      }
    return text ?? "–"
  }
}
