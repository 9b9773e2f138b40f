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
  /// Only current scorings, or only superseded ones; nil: either.
  public var isCurrent: Bool?
  /// What to sort by.
  public var field = Field.time
  /// The largest or latest first.
  public var descending = false
  /// Whether those that are equal come in the order of time although the order is a descending one.
  public var keepsTimeAmongEquals = false
  /// At most so many; nil: all.
  public var limit: Int?

  /// All current bundles, the oldest first.
  public init() {}
}

extension IndexReader {
  /// The scored bundles that a query finds.
  public func bundles(_ query: BundleQuery = BundleQuery()) throws -> [IndexedBundle] {
    var found: [IndexedBundle] = []
    try forEachBundle(query) { bundle, _, _ in found.append(bundle) }
    return found
  }

  /// Hands over the scored bundles that a query finds, one after the other: memory stays the same however many there are.
  ///
  /// - Parameter body: what to do with each, with how far its probe has come and why it was skipped; what it throws ends the
  ///   reading.
  public func forEachBundle(
    _ query: BundleQuery, _ body: (_ bundle: IndexedBundle, _ probe: ProbeState?, _ reason: String?) throws -> Void
  ) throws {
    try read { database in
      let (text, arguments) = try Self.sql(query).build(database)
      let rows = try Row.fetchCursor(database, sql: text, arguments: arguments)
      var decoder = BundleDecoder()
      while let row = try rows.next() {
        let state: String? = row[BundleDecoder.columnCount]
        try body(decoder.decode(row), state.flatMap(ProbeState.init), row[BundleDecoder.columnCount + 1])
      }
    }
  }

  /// The rows are looked up after they have been sorted and cut off: whole ones would be carried along.
  static func sql(_ query: BundleQuery) -> SQL {
    var terms = BundleConditions(
      bundles: query.bundles, models: query.models, since: query.since, until: query.until,
      allModels: query.allModels
    ).terms
    if let isCurrent = query.isCurrent { terms.append("b.current = \(isCurrent)") }
    let conditions: SQL = terms.isEmpty ? "" : " WHERE " + terms.joined(separator: " AND ")
    let direction: SQL = query.descending ? " DESC" : ""
    let first: SQL =
      switch query.field {
      case .time: "b.scored"
      case .name: "b.title"
      case .utterances: "b.utterances"
      case .seconds: "b.seconds"
      }
    let last: SQL = query.keepsTimeAmongEquals ? "" : direction
    let order: SQL = " ORDER BY " + first + direction + ", b.scored" + last + ", b.id" + last
    let way: SQL = query.field == .time && query.bundles.isEmpty ? " INDEXED BY bundle_scored" : ""
    let found: SQL = "SELECT b.id FROM bundle b" + way + conditions + order + " LIMIT \(query.limit ?? -1)"
    let columns = SQL(sql: BundleDecoder.columns)
    return "SELECT " + columns + ", p.state, p.reason FROM (" + found + ") f CROSS JOIN bundle b ON b.id = f.id"
      + " CROSS JOIN model m ON m.id = b.model LEFT JOIN probe p ON p.bundle = b.id" + order
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
      let sql = """
        SELECT coalesce(sum(bundles), 0), coalesce(sum(utterances), 0), coalesce(sum(dialogues), 0)
        FROM scoring_sum WHERE current
        """
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
