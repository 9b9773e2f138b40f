import Foundation
import GRDB

/// How many utterances of one bundle were given one emotion, with the time when the bundle was scored.
public struct EmotionTime: Sendable, Hashable {
  /// The bundle's number in this index.
  public let bundle: Int64
  public let scored: Date
  public let emotion: String
  public let count: Int
  /// Sum of the confidences: divided by the count, their mean.
  public let confidenceSum: Double
}

extension IndexReader {
  /// The labels of a period per bundle and emotion, in the order of time: sums of them are counts per hour or night.
  ///
  /// - Parameters:
  ///   - since: scored at this time or later.
  ///   - until: scored before this time.
  ///   - allModels: with scorings that another model's have superseded.
  public func emotionTimes(
    since: Date? = nil, until: Date? = nil, allModels: Bool = false
  ) throws -> [EmotionTime] {
    let period = BundleConditions(bundles: [], models: [], since: since, until: until, allModels: allModels).all
    let sql: SQL =
      "SELECT b.id, b.scored, e.name, count(*), sum(u.confidence) FROM bundle b INDEXED BY bundle_scored"
      + " CROSS JOIN emotion e CROSS JOIN utterance u INDEXED BY utterance_emotion"
      + " ON u.emotion = e.id AND u.bundle = b.id WHERE " + period
      + " GROUP BY b.scored, b.id, e.id"
    return try read { database in
      let (text, arguments) = try sql.build(database)
      return try Row.fetchAll(database, sql: text, arguments: arguments).map { row in
        EmotionTime(
          bundle: row[0], scored: Date(milliseconds: row[1]), emotion: row[2], count: row[3], confidenceSum: row[4])
      }
    }
  }
}
