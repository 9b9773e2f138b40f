import Foundation
import GRDB

/// How many of the utterances that a query finds were given one emotion.
public struct EmotionTotal: Sendable, Hashable {
  /// The label's name.
  public let emotion: String
  /// How many utterances have it.
  public let count: Int
  /// Sum of the confidences: divided by the count, their mean.
  public let confidenceSum: Double
}

/// The utterances of one speaker or of one scoring that a query finds, by their labels.
public struct EmotionShares: Sendable, Hashable {
  /// The speaker's name or the bundle's title.
  public let name: String
  /// SHA-256 of the bundle; nil for a speaker.
  public let bundleDigest: String?
  /// The model's name; nil for a speaker.
  public let modelName: String?
  /// How many have each label; those that none has are missing.
  public let emotions: [String: Int]
}

/// Whose utterances to tell apart.
public enum ShareOwner: Sendable {
  /// Each speaker's.
  case speaker
  /// Each scoring's.
  case bundle
}

/// How many scorings a query finds utterances of, and when they were made.
public struct ScoringPeriod: Sendable, Hashable {
  /// How many.
  public let bundles: Int
  /// The earliest; nil where there is none.
  public let first: Date?
  /// The latest; nil where there is none.
  public let last: Date?
}

extension IndexReader {
  /// Counts per emotion.
  ///
  /// The query's order, limit and offset are left aside, here and in the other counts.
  public func emotionTotals(_ query: UtteranceQuery) throws -> [EmotionTotal] {
    let selection = UtteranceSelection(query)
    let sums: SQL =
      if let sums = selection.groupSums ?? selection.bundleSums {
        "SELECT u.emotion, sum(u.utterances) AS number, sum(u.confidence) AS confidence " + sums
      } else {
        "SELECT u.emotion, count(*) AS number, sum(u.confidence) AS confidence "
          + selection.unorderedSource(isCovered: true)
      }
    let sql: SQL =
      "SELECT e.name, c.number, c.confidence FROM (" + sums
      + " GROUP BY u.emotion) c JOIN emotion e ON e.id = c.emotion ORDER BY e.id"
    return try read { database in
      let (text, arguments) = try sql.build(database)
      return try Row.fetchAll(database, sql: text, arguments: arguments).map {
        EmotionTotal(emotion: $0[0], count: $0[1], confidenceSum: $0[2])
      }
    }
  }

  /// Hands over the labels of each speaker or each scoring, those with most utterances first, by name among equals.
  ///
  /// - Parameters:
  ///   - limit: at most so many; nil: all.
  ///   - body: what to do with each; what it throws ends the reading.
  /// - Returns: how many there are without the limit; 0 where the limit is 0.
  @discardableResult
  public func forEachShare(
    of owner: ShareOwner, _ query: UtteranceQuery, limit: Int? = nil, _ body: (EmotionShares) throws -> Void
  ) throws -> Int {
    let sql =
      switch owner {
      case .speaker: Self.speakers(query, limit: limit ?? -1)
      case .bundle: Self.bundles(query, limit: limit ?? -1)
      }
    return try read { database in
      var emotions: [Substring: String] = [:]
      for row in try Row.fetchAll(database, sql: "SELECT id, name FROM emotion") {
        emotions[Substring(String(row[0] as Int64))] = row[1]
      }
      let (text, arguments) = try sql.build(database)
      let rows = try Row.fetchCursor(database, sql: text, arguments: arguments)
      var total = 0
      while let row = try rows.next() {
        total = row[4]
        var counts: [String: Int] = [:]
        for part in (row[3] as String? ?? "").split(separator: ",") {
          let pair = part.split(separator: " ")
          if pair.count == 2, let name = emotions[pair[0]], let count = Int(pair[1]) { counts[name] = count }
        }
        try body(EmotionShares(name: row[0], bundleDigest: row[1], modelName: row[2], emotions: counts))
      }
      return total
    }
  }

  private static let tallies: SQL = "group_concat(emotion || ' ' || number) AS tallies"

  private static func speakers(_ query: UtteranceQuery, limit: Int) -> SQL {
    let selection = UtteranceSelection(query)
    let counts: SQL =
      if let sums = selection.groupSums {
        "SELECT u.speaker, u.emotion, sum(u.utterances) AS number " + sums
      } else {
        "SELECT u.speaker, u.emotion, count(*) AS number " + selection.unorderedSource()
      }
    return "SELECT s.name, NULL, NULL, c.tallies, count(*) OVER () FROM (SELECT speaker, sum(number) AS total, "
      + tallies + " FROM (" + counts + " GROUP BY u.speaker, u.emotion) GROUP BY speaker) c"
      + " JOIN speaker s ON s.id = c.speaker ORDER BY c.total DESC, s.name LIMIT \(limit)"
  }

  private static func bundles(_ query: UtteranceQuery, limit: Int) -> SQL {
    let selection = UtteranceSelection(query)
    let columns: SQL = "SELECT b.title, b.digest, m.name, "
    if selection.isWholeBundles {
      // The largest are looked up where only current ones count; their labels are those of the few that are shown.
      let isCurrent = selection.sumConditions() != nil && !query.allModels && query.models.isEmpty
      let terms = selection.bundleConditions + ["b.utterances > 0"]
      let way: SQL = isCurrent ? "FROM bundle b INDEXED BY bundle_largest" : "FROM " + selection.bundleTable
      let total: SQL =
        selection.sumConditions().map {
          "(SELECT sum(bundles) FROM group_sum WHERE speaker = 0 AND emotion = 0 AND " + $0 + ")"
        } ?? "(SELECT count(*) FROM " + selection.bundleTable + " WHERE " + terms.joined(separator: " AND ") + ")"
      let largest: SQL =
        "SELECT b.id " + way + " WHERE " + terms.joined(separator: " AND ")
        + " ORDER BY b.utterances DESC, b.title, b.id LIMIT \(limit)"
      let labels: SQL =
        "(SELECT " + tallies + " FROM (SELECT emotion, utterances AS number FROM bundle_sum s"
        + " WHERE s.bundle = b.id))"
      return columns + labels + ", " + total + " FROM (" + largest + ") c CROSS JOIN bundle b ON b.id = c.id"
        + " CROSS JOIN model m ON m.id = b.model ORDER BY b.utterances DESC, b.title, b.id"
    }
    let counts: SQL =
      if let sums = selection.bundleSums {
        "SELECT u.bundle, u.emotion, u.utterances AS number " + sums
      } else {
        "SELECT u.bundle, u.emotion, count(*) AS number " + selection.unorderedSource(isCovered: true)
          + " GROUP BY u.bundle, u.emotion"
      }
    return columns + "c.tallies, count(*) OVER () FROM (SELECT bundle, sum(number) AS total, " + tallies + " FROM ("
      + counts + ") GROUP BY bundle) c CROSS JOIN bundle b ON b.id = c.bundle CROSS JOIN model m ON m.id = b.model"
      + " ORDER BY c.total DESC, b.title, b.id LIMIT \(limit)"
  }

  /// The scorings that a query finds utterances of.
  public func scoringPeriod(_ query: UtteranceQuery) throws -> ScoringPeriod {
    let selection = UtteranceSelection(query)
    let sql: SQL
    if selection.isWholeBundles {
      let terms = selection.bundleConditions + ["b.utterances > 0"]
      let conditions = terms.joined(separator: " AND ")
      if let sums = selection.sumConditions() {
        let scored: SQL =
          "(SELECT b.scored FROM bundle b INDEXED BY bundle_scored WHERE " + conditions + " ORDER BY b.scored"
        sql =
          "SELECT coalesce(sum(bundles), 0), " + scored + " LIMIT 1), " + scored + " DESC LIMIT 1)"
          + " FROM group_sum WHERE speaker = 0 AND emotion = 0 AND " + sums
      } else {
        sql = "SELECT count(*), min(b.scored), max(b.scored) FROM " + selection.bundleTable + " WHERE " + conditions
      }
    } else if let sums = selection.bundleSums {
      sql = "SELECT count(DISTINCT u.bundle), min(b.scored), max(b.scored) " + sums
    } else {
      sql =
        "SELECT count(DISTINCT u.bundle), min(b.scored), max(b.scored) " + selection.unorderedSource(isCovered: true)
    }
    return try read { database in
      let (text, arguments) = try sql.build(database)
      guard let row = try Row.fetchOne(database, sql: text, arguments: arguments) else {
        return ScoringPeriod(bundles: 0, first: nil, last: nil)
      }
      let (first, last): (Int64?, Int64?) = (row[1], row[2])
      return ScoringPeriod(
        bundles: row[0], first: first.map(Date.init(milliseconds:)), last: last.map(Date.init(milliseconds:)))
    }
  }
}
