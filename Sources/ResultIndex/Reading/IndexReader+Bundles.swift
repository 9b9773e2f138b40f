import Foundation
import GRDB

/// Which bundles to find, and in which order.
public struct BundleQuery: Sendable, Hashable {
  /// What bundles can be sorted by.
  public enum Field: String, CaseIterable, Sendable {
    /// When it was scored.
    case time
    /// The file's name.
    case name
    /// How many utterances it has.
    case utterances
    /// How long its scoring took.
    case seconds
  }

  /// File names (with `*` and `?`), titles, or the first eight or more digits of digests.
  public var bundles: [String] = []
  /// Model names, or the first eight or more digits of digests.
  ///
  /// Naming a model finds its superseded scorings too.
  public var models: [String] = []
  /// Scored at this time or later.
  public var since: Date?
  /// Scored before this time.
  public var until: Date?
  /// Also scorings that another model's have taken the place of.
  public var allModels = false
  /// What to sort by.
  public var field = Field.time
  /// The largest or latest first.
  public var descending = false
  /// At most so many; nil: all.
  public var limit: Int?

  /// All current bundles, the oldest first.
  public init() {}
}

extension IndexReader {
  /// The scored bundles that a query finds.
  public func bundles(_ query: BundleQuery = BundleQuery()) throws -> [IndexedBundle] {
    try read { database in
      let terms = BundleConditions(
        bundles: query.bundles, models: query.models, since: query.since, until: query.until,
        allModels: query.allModels
      ).terms
      let conditions: SQL = terms.isEmpty ? "" : "WHERE " + terms.joined(separator: " AND ")
      let direction: SQL = query.descending ? " DESC" : ""
      let first: SQL =
        switch query.field {
        case .time: "b.scored"
        case .name: "b.title"
        case .utterances: "b.utterances"
        case .seconds: "b.seconds"
        }
      let columns = SQL(sql: BundleDecoder.columns)
      let sql: SQL =
        "SELECT " + columns + " FROM bundle b JOIN model m ON m.id = b.model " + conditions
        + " ORDER BY " + first + direction + ", b.scored" + direction + ", b.id" + direction
        + (query.limit.map { " LIMIT \($0)" } ?? "")
      let (text, arguments) = try sql.build(database)
      var decoder = BundleDecoder()
      return try Row.fetchAll(database, sql: text, arguments: arguments).map { decoder.decode($0) }
    }
  }

  /// Further file names under which a bundle's bytes arrived.
  public func aliases(ofDigest digest: String) throws -> [String] {
    try read {
      try String.fetchAll($0, sql: "SELECT name FROM alias WHERE digest = ? ORDER BY name", arguments: [digest])
    }
  }

  /// Sums over the current scorings.
  public func totals() throws -> IndexTotals {
    try read { database in
      let sql = "SELECT count(*), coalesce(sum(utterances), 0), coalesce(sum(dialogues), 0) FROM bundle WHERE current"
      guard let row = try Row.fetchOne(database, sql: sql) else {
        return IndexTotals(bundles: 0, utterances: 0, dialogues: 0)
      }
      return IndexTotals(bundles: row[0], utterances: row[1], dialogues: row[2])
    }
  }
}

/// How much an index holds.
public struct IndexTotals: Sendable, Hashable {
  /// Bundles that match.
  public let bundles: Int
  /// Utterances in them.
  public let utterances: Int
  /// Dialogues in them.
  public let dialogues: Int
}
