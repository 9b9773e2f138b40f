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
  enum Value: Equatable {
    case text(String?)
    case integer(Int?)
    case number(Double?)
    case flag(Bool)
  }

  struct Column {
    let name: String
    let value: (Record) -> Value
    /// Whether JSON alone has it.
    var isOnlyInJSON = false

    static func text(_ name: String, onlyJSON: Bool = false, _ value: @escaping (Record) -> String?) -> Column {
      Column(name: name, value: { .text(value($0)) }, isOnlyInJSON: onlyJSON)
    }
    static func integer(_ name: String, _ value: @escaping (Record) -> Int?) -> Column {
      Column(name: name, value: { .integer(value($0)) })
    }
    static func number(_ name: String, _ value: @escaping (Record) -> Double?) -> Column {
      Column(name: name, value: { .number(value($0)) })
    }
    static func flag(_ name: String, _ value: @escaping (Record) -> Bool) -> Column {
      Column(name: name, value: { .flag(value($0)) })
    }
  }

  let columns: [Column]

  init(_ columns: [Column]) {
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
          switch column.value(record) {
          case .text(let text): json.member(column.name, text)
          case .integer(let number): json.member(column.name, number)
          case .number(let number): json.member(column.name, number)
          case .flag(let flag): json.member(column.name, flag)
          }
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
      for column in shown {
        switch column.value(record) {
        case .text(let value): text.field(value)
        case .integer(let value): text.field(value)
        case .number(let value): text.field(value)
        case .flag(let value): text.field(value ? "true" : "false")
        }
      }
      text.endRecord()
      try console.drain(&text.bytes)
    }
    try console.drain(&text.bytes)
  }
}
