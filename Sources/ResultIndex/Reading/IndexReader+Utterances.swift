import DialogueDomain
import Foundation
import GRDB

extension IndexReader {
  /// Hands over the utterances that a query finds, one after the other: memory stays the same however many there are.
  ///
  /// - Parameter body: what to do with each; what it throws ends the reading.
  /// - Returns: how many there were.
  @discardableResult
  public func forEachUtterance(
    _ query: UtteranceQuery, detail: IndexedUtterance.Detail = .labels, _ body: (IndexedUtterance) throws -> Void
  ) throws -> Int {
    try read { database in
      let isChronological = try Self.isChronological(database)
      let surest = try SurestUtterances(query, isChronological: isChronological)?.numbers(database)
      let selection = UtteranceSelection(query, isChronological: isChronological, among: surest)
      let columns = SQL(sql: UtteranceDecoder.columns(detail))
      let names: SQL = "CROSS JOIN dialogue d ON d.id = u.dialogue"
      let source = selection.joins + " " + names + " " + selection.conditions
      let sql: SQL = "SELECT " + columns + " " + source + " " + selection.order + " " + selection.range
      let (text, arguments) = try sql.build(database)
      var decoder = try UtteranceDecoder(database, detail: detail)
      let rows = try Row.fetchCursor(database, sql: text, arguments: arguments)
      var count = 0
      while let row = try rows.next() {
        try body(try decoder.decode(row, database))
        count += 1
      }
      return count
    }
  }

  /// The utterances that a query finds, as an array.
  public func utterances(
    _ query: UtteranceQuery, detail: IndexedUtterance.Detail = .labels
  ) throws -> [IndexedUtterance] {
    var found: [IndexedUtterance] = []
    try forEachUtterance(query, detail: detail) { found.append($0) }
    return found
  }

  /// How many utterances a query finds, its limit and offset left aside.
  public func count(_ query: UtteranceQuery) throws -> Int {
    try read { database in
      let sql: SQL = "SELECT " + UtteranceSelection(query).count
      let (text, arguments) = try sql.build(database)
      return try Int.fetchOne(database, sql: text, arguments: arguments) ?? 0
    }
  }

  /// Whether a query finds anything, without counting.
  public func hasUtterances(_ query: UtteranceQuery) throws -> Bool {
    try read { database in
      let sql: SQL = "SELECT EXISTS (SELECT 1 " + UtteranceSelection(query).unorderedSource() + ")"
      let (text, arguments) = try sql.build(database)
      return try Bool.fetchOne(database, sql: text, arguments: arguments) ?? false
    }
  }
}
