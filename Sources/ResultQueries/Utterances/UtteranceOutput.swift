import Presentation
import ResultIndex

/// Writes utterances one after the other in one format.
protocol UtterancePrinter {
  /// How much of each row the format shows.
  var detail: IndexedUtterance.Detail { get }

  mutating func print(_ row: IndexedUtterance) throws
  /// No row is to be expected soon: writes what was held back to learn more first.
  mutating func pause() throws
  /// Must be called after the last row, also where there was none.
  mutating func finish() throws
}

extension UtterancePrinter {
  /// Most formats hold nothing back.
  mutating func pause() throws {}
}

/// Writes what a query finds in the console's format.
public struct UtteranceOutput {
  private let reader: IndexReader
  private let query: UtteranceQuery
  private let console: ResultConsole
  private let fields: UtteranceFields
  private let showsSets: Bool

  /// Prints what a query finds in the console's form.
  ///
  /// - Parameters:
  ///   - fields: what to tell of each utterance.
  ///   - showsSets: whether the usual table has a column of label sets.
  public init(
    _ reader: IndexReader, _ query: UtteranceQuery, _ console: ResultConsole, fields: UtteranceFields = .usual,
    showsSets: Bool = false
  ) {
    self.fields = fields
    self.showsSets = showsSets
    self.reader = reader
    self.query = query
    self.console = console
  }

  /// Writes the utterances, one after the other: memory stays the same however many there are.
  ///
  /// - Returns: how many there were.
  /// - Throws: `QueryError` for fields that the format does not have, `IndexError`, `OutputError`.
  public func write() throws -> Int {
    if console.printsNames { return try write(UtteranceNamePrinter(console, fields.name)) }
    if let template = console.template {
      return try write(UtteranceTemplatePrinter(console, template, fields, emotions: reader.emotions(query)))
    }
    switch console.format {
    case .table where fields.isUsual:
      return try write(UtteranceTablePrinter(console, reader.matching, showsSets: showsSets))
    case .table: return try write(UtteranceFieldTable(console, fields.inTables, emotions: reader.emotions(query)))
    case .json: return try write(UtteranceJSONPrinter(console, fields.inJSON, isArray: true))
    case .jsonl: return try write(UtteranceJSONPrinter(console, fields.inJSON, isArray: false))
    case .csv: return try writeDelimited(.csv)
    case .tsv: return try writeDelimited(.tsv)
    }
  }

  private func writeDelimited(_ flavour: DelimitedText.Flavour) throws -> Int {
    try write(UtteranceDelimitedPrinter(console, flavour, fields.inTables, emotions: reader.emotions(query)))
  }

  /// Writes only how many there are.
  ///
  /// - Returns: that number.
  /// - Throws: `IndexError`, `OutputError`.
  public func writeCount() throws -> Int {
    let number = try reader.count(query)
    if console.template != nil {
      try RecordColumns<Int>([.integer("count") { $0 }]).write([number], on: console)
      return number
    }
    switch console.format {
    case .json, .jsonl:
      var json = JSONText()
      json.object { $0.member("count", number) }
      json.endLine(separated: false)
      try console.drain(&json.bytes)
    case .table, .csv, .tsv: try console.line(String(number))
    }
    return number
  }

  private func write<Printer: UtterancePrinter>(_ initial: Printer) throws -> Int {
    var printer = initial
    let found = try reader.forEachUtterance(query, detail: printer.detail) { try printer.print($0) }
    try printer.finish()
    return found
  }
}
