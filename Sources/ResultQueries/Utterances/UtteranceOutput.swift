import Presentation
import ResultIndex

/// Writes utterances one after the other in one format.
protocol UtterancePrinter {
  /// How much of each row the format shows.
  static var detail: IndexedUtterance.Detail { get }

  mutating func print(_ row: IndexedUtterance) throws
  /// Must be called after the last row, also where there was none.
  mutating func finish() throws
}

/// Writes what a query finds in the console's format.
public struct UtteranceOutput {
  private let reader: IndexReader
  private let query: UtteranceQuery
  private let console: ResultConsole
  private let showsSets: Bool

  /// Prints what a query finds in the console's form.
  ///
  /// - Parameter showsSets: whether tables have a column of label sets; the other formats always do.
  public init(_ reader: IndexReader, _ query: UtteranceQuery, _ console: ResultConsole, showsSets: Bool = false) {
    self.showsSets = showsSets
    self.reader = reader
    self.query = query
    self.console = console
  }

  /// Writes the utterances, one after the other: memory stays the same however many there are.
  ///
  /// - Returns: how many there were.
  /// - Throws: `IndexError`, `OutputError`.
  public func write() throws -> Int {
    switch console.format {
    case .table: try write(UtteranceTablePrinter(console, reader.matching, showsSets: showsSets))
    case .json: try write(UtteranceJSONPrinter(console, isArray: true))
    case .jsonl: try write(UtteranceJSONPrinter(console, isArray: false))
    case .csv: try write(UtteranceDelimitedPrinter(console, .csv, emotions: reader.emotions(query)))
    case .tsv: try write(UtteranceDelimitedPrinter(console, .tsv, emotions: reader.emotions(query)))
    }
  }

  /// Writes only how many there are.
  ///
  /// - Returns: that number.
  /// - Throws: `IndexError`, `OutputError`.
  public func writeCount() throws -> Int {
    let number = try reader.count(query)
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
    let found = try reader.forEachUtterance(query, detail: Printer.detail) { try printer.print($0) }
    try printer.finish()
    return found
  }
}
