import ResultIndex

/// Writes what a query finds in the console's format.
struct UtteranceOutput {
  private let reader: IndexReader
  private let query: UtteranceQuery
  private let console: Console

  init(_ reader: IndexReader, _ query: UtteranceQuery, _ console: Console) {
    self.reader = reader
    self.query = query
    self.console = console
  }

  /// - Returns: how many utterances there were.
  func write() throws -> Int {
    switch console.format {
    case .table: try write(UtteranceTablePrinter(console))
    case .json: try write(UtteranceJSONPrinter(console, isArray: true))
    case .jsonl: try write(UtteranceJSONPrinter(console, isArray: false))
    case .csv: try write(UtteranceDelimitedPrinter(console, .csv, emotions: reader.emotions(query)))
    case .tsv: try write(UtteranceDelimitedPrinter(console, .tsv, emotions: reader.emotions(query)))
    }
  }

  private func write<Printer: UtterancePrinter>(_ initial: Printer) throws -> Int {
    var printer = initial
    let found = try reader.forEachUtterance(query, detail: Printer.detail) { try printer.print($0) }
    try printer.finish()
    return found
  }
}
