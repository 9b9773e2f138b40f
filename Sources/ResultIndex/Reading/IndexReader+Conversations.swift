import DialogueDomain
import Foundation
import GRDB

extension IndexReader {
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
