import Foundation
import GRDB

/// How many utterances of one bundle were given one emotion, with the time when the bundle was scored.
public struct EmotionTime: Sendable, Hashable {
  /// The bundle's number in this index.
  public let bundle: Int64
  /// When the bundle was scored.
  public let scored: Date
  /// The label's name.
  public let emotion: String
  /// How many utterances have it.
  public let count: Int
  /// Sum of the confidences: divided by the count, their mean.
  public let confidenceSum: Double
}

extension IndexReader {
  /// The labels that a query finds per bundle and emotion, in the order of time: sums of them are counts per hour or night.
  public func emotionTimes(_ query: UtteranceQuery = UtteranceQuery()) throws -> [EmotionTime] {
    let selection = UtteranceSelection(query)
    let counts: SQL =
      if let sums = selection.bundleSums {
        "SELECT b.id, b.scored, u.emotion, u.utterances, u.confidence " + sums
      } else {
        "SELECT b.id, b.scored, u.emotion, count(*) AS utterances, sum(u.confidence) AS confidence " + selection.source
          + " GROUP BY b.id, u.emotion"
      }
    let sql: SQL =
      "SELECT c.id, c.scored, e.name, c.utterances, c.confidence FROM (" + counts
      + ") c CROSS JOIN emotion e ON e.id = c.emotion ORDER BY c.scored, c.id, c.emotion"
    return try read { database in
      let (text, arguments) = try sql.build(database)
      return try Row.fetchAll(database, sql: text, arguments: arguments).map { row in
        EmotionTime(
          bundle: row[0], scored: Date(milliseconds: row[1]), emotion: row[2], count: row[3], confidenceSum: row[4])
      }
    }
  }
}
