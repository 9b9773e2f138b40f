import Foundation
import GRDB

/// One scoring of a bundle and what its probe came to.
public struct IndexedProbe: Sendable {
  /// The bundle that was probed.
  public let bundle: IndexedBundle
  /// Nil where no probe was ever asked for.
  public let state: ProbeState?
  /// The plan asked for, as JSON; nil like `state`.
  public let plan: String?
  /// Why the probe was skipped.
  public let reason: String?
  /// When the probe got into its state.
  public let time: Date?
  /// What the probe took.
  public let seconds: Double?
  /// What the last finished probe found, in the stored form of `ProbeStatistics`.
  ///
  /// While another plan's probe is pending, and where that is skipped, they are the earlier plan's: they say themselves
  /// which plan made them.
  public let statistics: Data?
}

/// How many bundles' probes are in each state.
public struct ProbeCounts: Sendable, Hashable {
  /// Still to run.
  public var pending = 0
  /// Done.
  public var done = 0
  /// Passed over, for a reason that the index keeps.
  public var skipped = 0
  /// Bundles that no probe was ever asked for.
  public var unasked = 0

  /// No probes.
  public init() {}

  /// Bundles in all.
  public var bundles: Int { pending + done + skipped + unasked }
}

extension IndexReader {
  /// Hands over the current scorings of a period, oldest first, each with its probe.
  ///
  /// - Parameters:
  ///   - bundles: only those of these names, as `UtteranceQuery` takes them; empty: all.
  ///   - models: only those by these models, likewise.
  ///   - since: scored at this time or later.
  ///   - until: scored before this time.
  ///   - allModels: with scorings that another model's have superseded.
  /// - Returns: how many there were.
  @discardableResult
  public func forEachProbe(
    of bundles: [String] = [], by models: [String] = [], since: Date? = nil, until: Date? = nil,
    allModels: Bool = false, _ body: (IndexedProbe) throws -> Void
  ) throws -> Int {
    let conditions = BundleConditions(
      bundles: bundles, models: models, since: since, until: until, allModels: allModels)
    let columns = SQL(sql: BundleDecoder.columns + ", p.state, p.plan, p.reason, p.time, p.seconds, p.statistics")
    let sql: SQL =
      "SELECT " + columns + " FROM bundle b INDEXED BY bundle_scored JOIN model m ON m.id = b.model"
      + " LEFT JOIN probe p ON p.bundle = b.id WHERE " + conditions.all + " ORDER BY b.scored, b.id"
    return try read { database in
      let (text, arguments) = try sql.build(database)
      var decoder = BundleDecoder()
      var count = 0
      let rows = try Row.fetchCursor(database, sql: text, arguments: arguments)
      while let row = try rows.next() {
        let first = BundleDecoder.columnCount
        let time: Int64? = row[first + 3]
        try body(
          IndexedProbe(
            bundle: decoder.decode(row), state: (row[first] as String?).flatMap(ProbeState.init),
            plan: row[first + 1], reason: row[first + 2], time: time.map { Date(milliseconds: $0) },
            seconds: row[first + 4], statistics: row[first + 5]))
        count += 1
      }
      return count
    }
  }

  /// The probes of the current scorings of a period by state.
  public func probeCounts(
    since: Date? = nil, until: Date? = nil, allModels: Bool = false
  ) throws -> ProbeCounts {
    let sql: SQL
    if since == nil && until == nil {
      let scorings: SQL = allModels ? "1" : "current"
      let asked: SQL = "FROM probe_sum WHERE bundles > 0 AND " + scorings
      sql =
        "SELECT state, sum(bundles) " + asked + " GROUP BY state UNION ALL SELECT NULL, coalesce(sum(bundles), 0)"
        + " - (SELECT coalesce(sum(bundles), 0) " + asked + ") FROM scoring_sum WHERE " + scorings
    } else {
      sql =
        "SELECT p.state, count(*) FROM bundle b INDEXED BY bundle_scored LEFT JOIN probe p ON p.bundle = b.id WHERE "
        + Self.period(since, until, allModels) + " GROUP BY p.state"
    }
    return try read { database in
      let (text, arguments) = try sql.build(database)
      var counts = ProbeCounts()
      for row in try Row.fetchAll(database, sql: text, arguments: arguments) {
        switch (row[0] as String?).flatMap(ProbeState.init) {
        case .pending: counts.pending = row[1]
        case .done: counts.done = row[1]
        case .skipped: counts.skipped = row[1]
        case nil: counts.unasked = row[1]
        }
      }
      return counts
    }
  }

  /// The mean stability of the utterances that a query finds, and how many of them have one; nil where none has.
  public func stability(_ query: UtteranceQuery) throws -> (mean: Double, utterances: Int)? {
    let selection = UtteranceSelection(query)
    let sql: SQL
    if let scorings = selection.sumConditions() {
      sql =
        "SELECT iif(sum(probed) > 0, sum(stability) / sum(probed), NULL), sum(probed) FROM scoring_sum WHERE "
        + scorings
    } else if selection.isWholeBundles {
      sql =
        "SELECT sum(d.stability * d.probed) / sum(d.probed), sum(d.probed) FROM " + selection.bundleTable
        + " CROSS JOIN dialogue d ON d.bundle = b.id " + selection.conditions
    } else {
      sql = "SELECT avg(u.stability), count(u.stability) " + selection.source
    }
    return try read { database in
      let (text, arguments) = try sql.build(database)
      guard let row = try Row.fetchOne(database, sql: text, arguments: arguments), let mean: Double = row[0] else {
        return nil
      }
      return (mean, row[1])
    }
  }

  private static func period(_ since: Date?, _ until: Date?, _ allModels: Bool) -> SQL {
    BundleConditions(bundles: [], models: [], since: since, until: until, allModels: allModels).all
  }
}
