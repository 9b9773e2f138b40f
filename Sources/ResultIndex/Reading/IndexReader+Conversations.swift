import DialogueDomain
import Foundation
import GRDB

/// How many utterances of one dialogue were given one emotion, and how surely.
public struct DialogueTally: Sendable, Hashable {
  /// The bundle's number in this index.
  public let bundle: Int64
  /// The dialogue's id.
  public let dialogue: String
  /// The label's name.
  public let emotion: String
  /// How many utterances have it.
  public let count: Int
  /// Sum of the confidences: divided by the count, their mean.
  public let confidenceSum: Double
  /// Those whose label is sure, as `Sureness` has it.
  public let sure: Int
  /// Those whose label is unsure.
  public let unsure: Int
}

extension IndexReader {
  /// Hands over the labels that a query finds per dialogue and emotion, in the order of time and of the bundles.
  public func forEachDialogueTally(_ query: UtteranceQuery, _ body: (DialogueTally) throws -> Void) throws {
    let unsure: SQL = "coalesce(u.uncertain, u.confidence < \(Sureness.leastFairly))"
    let sums: SQL =
      "count(*) AS number, sum(u.confidence) AS confidence, sum(NOT " + unsure
      + " AND u.confidence >= \(Sureness.leastSure)) AS sure, sum(" + unsure + ") AS unsure"
    let sql: SQL =
      "SELECT c.bundle, d.name, e.name, c.number, c.confidence, c.sure, c.unsure FROM"
      + " (SELECT b.id AS bundle, b.scored, u.dialogue, u.emotion, " + sums
      + " " + UtteranceSelection(query).source + " GROUP BY b.id, u.dialogue, u.emotion) c"
      + " JOIN dialogue d ON d.id = c.dialogue JOIN emotion e ON e.id = c.emotion"
      + " ORDER BY c.scored, c.bundle, c.dialogue, c.emotion"
    try read { database in
      let (text, arguments) = try sql.build(database)
      let rows = try Row.fetchCursor(database, sql: text, arguments: arguments)
      while let row = try rows.next() {
        try body(
          DialogueTally(
            bundle: row[0], dialogue: row[1], emotion: row[2], count: row[3], confidenceSum: row[4], sure: row[5],
            unsure: row[6]))
      }
    }
  }

  /// The utterances of one dialogue of one scoring, in their order.
  ///
  /// - Parameters:
  ///   - bundle: the bundle's number in this index.
  ///   - detail: how much of each row to read.
  public func turns(
    of dialogue: String, in bundle: Int64, detail: IndexedUtterance.Detail = .labels
  ) throws -> [IndexedUtterance] {
    try read { database in
      let columns = SQL(sql: UtteranceDecoder.columns(detail))
      let place: SQL = "(SELECT id FROM dialogue WHERE bundle = \(bundle) AND name = \(dialogue))"
      let sql: SQL =
        "SELECT " + columns + " FROM utterance u INDEXED BY utterance_turn CROSS JOIN bundle b ON b.id = u.bundle"
        + " CROSS JOIN dialogue d ON d.id = u.dialogue WHERE u.dialogue = " + place + " ORDER BY u.turn"
      let (text, arguments) = try sql.build(database)
      var decoder = try UtteranceDecoder(database, detail: detail)
      let rows = try Row.fetchCursor(database, sql: text, arguments: arguments)
      var turns: [IndexedUtterance] = []
      while let row = try rows.next() { turns.append(try decoder.decode(row, database)) }
      return turns
    }
  }
}
