import Foundation
import OperatingSystem
import Presentation
import ResultIndex

/// Tells utterances as they are recorded: each once, in the order of recording.
///
/// A scoring that another model's has superseded by the time it is told is told all the same: which rows come must not
/// depend on when somebody asks.
public struct UtteranceFollowing {
  /// When following ends by itself.
  public enum End: Sendable {
    /// Never: the user ends it.
    case never
    /// When everything is told that was there.
    case whenTold
    /// When everything is told that was there once this was true; asked before each look.
    case when(@Sendable () throws -> Bool)
  }

  private let reader: IndexReader
  private let query: UtteranceQuery
  private let console: ResultConsole
  private let fields: UtteranceFields
  /// When it ends by itself.
  public var end = End.never
  /// Ends after so many; nil: never.
  public var limit: Int?
  /// Where to keep the place that has been told; nil: nowhere.
  public var savesCursor: URL?

  /// Rows that are read at once, and are in memory.
  private static let batch = 500
  /// How long to wait for the kernel to tell of a change, in milliseconds, before looking all the same.
  private static let patience = 5000
  /// The same where what ends the following changes elsewhere.
  private static let patienceForEnd = 500

  /// - Parameters:
  ///   - query: which utterances; its order, limit and offset are left aside, and it finds superseded scorings, too.
  ///   - fields: what to tell of each.
  /// - Throws: `QueryError` for filters that no row passes when it is recorded.
  public init(
    _ reader: IndexReader, _ query: UtteranceQuery, _ console: ResultConsole, fields: UtteranceFields
  ) throws {
    if query.stabilityBelow != nil || query.maximumStability != nil {
      throw QueryError(
        usage: "no label has a stability when it is told: the probe comes later",
        remedy: "Leave --unstable and --max-stability to 'ambq list'.")
    }
    if query.until != nil {
      throw QueryError(
        usage: "following has no end in time", remedy: "Leave --until to 'ambq list', or end with --once.")
    }
    (self.reader, self.console, self.fields) = (reader, console, fields)
    var query = query
    query.allModels = true
    self.query = query
  }

  /// Tells the utterances until it ends.
  ///
  /// - Returns: how many there were.
  /// - Throws: `QueryError` for a format that a stream cannot have, `IndexError`, `OutputError`, `StorageError`.
  public func write(from start: FollowingStart) throws -> Int {
    if console.printsNames { return try write(UtteranceNamePrinter(console, fields.name), from: start) }
    if let template = console.template {
      return try write(
        UtteranceTemplatePrinter(console, template, fields, emotions: reader.emotions()), from: start)
    }
    switch console.format {
    case .table where fields.isUsual:
      return try write(UtteranceTablePrinter(console, reader.matching, showsSets: false), from: start)
    case .table:
      return try write(UtteranceFieldTable(console, fields.inTables, emotions: reader.emotions()), from: start)
    case .json:
      if case .whenTold = end {
        return try write(UtteranceJSONPrinter(console, fields.inJSON, isArray: true), from: start)
      }
      throw QueryError(usage: "a JSON array ends, and following does not", remedy: "Write --format jsonl.")
    case .jsonl: return try write(UtteranceJSONPrinter(console, fields.inJSON, isArray: false), from: start)
    case .csv: return try writeDelimited(.csv, from: start)
    case .tsv: return try writeDelimited(.tsv, from: start)
    }
  }

  private func writeDelimited(_ flavour: DelimitedText.Flavour, from start: FollowingStart) throws -> Int {
    try write(
      UtteranceDelimitedPrinter(console, flavour, fields.inTables, emotions: reader.emotions()), from: start)
  }

  private func write<Printer: UtterancePrinter>(_ initial: Printer, from start: FollowingStart) throws -> Int {
    // Before the first look, so that no change between looking and waiting is lost.
    let changes = FolderChanges(in: reader.folder)
    var telling = Telling(initial, console, savesCursor.map(CursorFile.init))
    switch start {
    case .behind(let cursor): telling.place = cursor
    case .last(let count):
      try telling.tell(reader.lastRecorded(query, min(count, limit ?? count), detail: initial.detail))
    }
    while true {
      let (isLast, isReplaced) = (try isLast(), reader.isReplaced)
      var isComplete = false
      while !isComplete, telling.count < limit ?? .max {
        let wanted = min(Self.batch, (limit ?? .max) - telling.count)
        let recorded = try reader.recorded(query, after: telling.place, limit: wanted, detail: initial.detail)
        try telling.tell(recorded)
        isComplete = recorded.isComplete
      }
      if isLast || telling.count >= limit ?? .max { break }
      if isReplaced { throw reader.replaced }
      if changes.wait(atMost: patience, output: console.descriptor) == .readerGone { throw OutputError(code: EPIPE) }
    }
    try telling.finish()
    return telling.count
  }

  private func isLast() throws -> Bool {
    switch end {
    case .never: false
    case .whenTold: true
    case .when(let isOver): try isOver()
    }
  }

  private var patience: Int {
    if case .when = end { Self.patienceForEnd } else { Self.patience }
  }
}

/// What has been told, and how far.
private struct Telling<Printer: UtterancePrinter> {
  private var printer: Printer
  private let console: ResultConsole
  private var file: CursorFile?
  var place = IndexCursor.start
  private(set) var count = 0

  init(_ printer: Printer, _ console: ResultConsole, _ file: CursorFile?) {
    (self.printer, self.console, self.file) = (printer, console, file)
  }

  /// The place is kept only when the rows have left: a kill in between tells them again, and loses none.
  mutating func tell(_ recorded: RecordedRows) throws {
    for row in recorded.rows { try printer.print(row) }
    try printer.pause()
    try console.flush()
    count += recorded.rows.count
    place = recorded.end
    try file?.save(place)
  }

  mutating func finish() throws {
    try printer.finish()
    try console.flush()
  }
}
