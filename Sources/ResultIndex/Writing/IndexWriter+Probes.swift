import DialogueDomain
import Foundation
import GRDB

extension IndexWriter {
  /// The pending probe that was asked for first; nil where none is.
  public func nextPendingProbe() throws -> PendingProbe? {
    let sql = """
      SELECT b.id, b.name, b.digest, m.digest, p.plan, p.file, b.label_file
      FROM probe p INDEXED BY probe_pending CROSS JOIN bundle b ON b.id = p.bundle JOIN model m ON m.id = b.model
      WHERE p.state = 'pending' AND b.current ORDER BY p.bundle LIMIT 1
      """
    return try IndexError.explained(url) {
      try queue.read { database in
        try Row.fetchOne(database, sql: sql).map { row in
          let aliases = "SELECT name FROM alias WHERE digest = ? ORDER BY name"
          return PendingProbe(
            bundle: row[0], name: row[1], bundleDigest: row[2], modelDigest: row[3], plan: row[4], file: row[5],
            aliases: try String.fetchAll(database, sql: aliases, arguments: [row[2] as String]), labelFile: row[6])
        }
      }
    }
  }

  /// How many probes wait to be run.
  public func pendingProbes() throws -> Int {
    try IndexError.explained(url) {
      try queue.read { try Int.fetchCached($0, sql: "SELECT count(*) FROM probe WHERE state = 'pending'") ?? 0 }
    }
  }

  /// Whether a probe still waits as it did when it was taken up: not superseded, not asked for by another plan.
  public func isPending(_ probe: PendingProbe) throws -> Bool {
    try IndexError.explained(url) { try queue.read { try Self.isPending(probe, $0) } }
  }

  /// Records what a probe found: the statistics and the stability of every utterance, all or nothing.
  ///
  /// A probe that is no longer pending changes nothing.
  ///
  /// - Parameters:
  ///   - stability: of each utterance in bundle order; nil where an utterance has none.
  ///   - seconds: what the probe took.
  /// - Returns: whether the probe was pending.
  @discardableResult
  public func recordProbe(
    _ probe: PendingProbe, stability: [Double?], statistics: Data, seconds: Double, at time: Date
  ) throws -> Bool {
    try IndexError.explained(url) {
      try queue.write { database in
        guard try Self.isPending(probe, database) else { return false }
        try SumTables.updateStability(probe.bundle, database) {
          try Self.setStability(stability, of: probe, database)
        }
        try database.execute(
          sql: """
            UPDATE probe SET state = 'done', reason = NULL, time = ?, seconds = ?, statistics = ? WHERE bundle = ?
            """, arguments: [time.milliseconds, seconds, statistics, probe.bundle])
        return true
      }
    }
  }

  /// Records that a pending probe will not be run, and why.
  public func skipProbe(_ probe: PendingProbe, reason: String, at time: Date) throws {
    try IndexError.explained(url) {
      try queue.write { database in
        guard try Self.isPending(probe, database) else { return }
        try database.execute(
          sql: "UPDATE probe SET state = 'skipped', reason = ?, time = ? WHERE bundle = ?",
          arguments: [reason, time.milliseconds, probe.bundle])
      }
    }
  }

  private static func isPending(_ probe: PendingProbe, _ database: Database) throws -> Bool {
    try Bool.fetchOne(
      database,
      sql: """
        SELECT EXISTS (
          SELECT 1 FROM probe p JOIN bundle b ON b.id = p.bundle
          WHERE p.bundle = ? AND p.state = 'pending' AND p.plan = ? AND b.current)
        """, arguments: [probe.bundle, probe.plan]) ?? false
  }

  private static func setStability(_ stability: [Double?], of probe: PendingProbe, _ database: Database) throws {
    let rows = try Int64.fetchAll(
      database, sql: "SELECT id FROM utterance WHERE bundle = ? ORDER BY id", arguments: [probe.bundle])
    guard rows.count == stability.count else {
      throw IndexError.inconsistent(
        "a probe found another number of utterances than the index holds", bundle: probe.name,
        found: "\(stability.count)", expected: "\(rows.count)")
    }
    let update = try database.makeStatement(sql: "UPDATE utterance SET stability = ? WHERE id = ?")
    for (row, value) in zip(rows, stability) { try update.execute(arguments: [value, row]) }
    try database.execute(
      sql: """
        UPDATE dialogue SET (stability, probed) =
          (SELECT avg(u.stability), count(u.stability) FROM utterance u WHERE u.dialogue = dialogue.id)
        WHERE bundle = ?
        """, arguments: [probe.bundle])
  }
}
