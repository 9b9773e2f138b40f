import DialogueDomain
import Foundation
import GRDB

/// Writes corrections and what follows from them, inside a transaction that the caller holds.
struct CorrectionInsertion {
  private let database: Database
  private var emotions = NameTable("emotion")

  init(_ database: Database) {
    self.database = database
  }

  /// Adds the corrections of one record, and has each utterance's true emotion follow the last one of it.
  mutating func run(_ corrections: [Correction], file: String) throws {
    for (line, correction) in corrections.enumerated() {
      let emotion = try correction.emotion.map { try emotions.id(of: $0, database) }
      try database.run(
        sql: """
          INSERT INTO correction (digest, dialogue, utterance, emotion, person, time, account, taken, file, line)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
          """,
        arguments: [
          correction.bundleDigest, correction.dialogue, correction.utterance, emotion, correction.by,
          correction.at.milliseconds, correction.account, correction.taken.milliseconds, file, line + 1,
        ])
    }
    let scorings = try Set(corrections.map(\.bundleDigest)).flatMap { digest in
      try Int64.fetchAll(database, sql: "SELECT id FROM bundle WHERE digest = ?", arguments: [digest])
    }
    try SumTables.update(scorings, database) {
      for target in Set(corrections.map(\.target)) { try apply(target) }
    }
    for digest in Set(corrections.map(\.bundleDigest)) { try countLabelled(digest) }
  }

  /// Has the utterances of a bundle that has just been scored, and is in no sum yet, follow the corrections that there are of its
  /// bytes.
  func applyAll(toBundleOf digest: String) throws {
    let rows = try Row.fetchAll(
      try database.cachedStatement(sql: "SELECT DISTINCT dialogue, utterance FROM correction WHERE digest = ?"),
      arguments: [digest])
    guard !rows.isEmpty else { return }
    for row in rows {
      try apply(Correction.Target(bundleDigest: digest, dialogue: row[0], utterance: row[1]))
    }
    try countLabelled(digest)
  }

  /// In every scoring of the bundle, superseded ones too: what was felt does not depend on the model.
  private func apply(_ target: Correction.Target) throws {
    let last = try Row.fetchOne(
      try database.cachedStatement(
        sql: """
          SELECT id, emotion FROM correction WHERE digest = ? AND dialogue = ? AND utterance = ?
          ORDER BY time DESC, file DESC, line DESC LIMIT 1
          """), arguments: [target.bundleDigest, target.dialogue, target.utterance])
    guard let last else { return }
    let (id, emotion): (Int64, Int64?) = (last[0], last[1])
    let own = "CASE WHEN correction IS NULL THEN truth ELSE given END"
    try database.run(
      sql: """
        UPDATE utterance SET given = \(own), truth = coalesce(?1, \(own)),
          correction = CASE WHEN ?1 IS NULL THEN NULL ELSE ?2 END
        WHERE id IN (
          SELECT u.id FROM bundle b CROSS JOIN dialogue d ON d.bundle = b.id AND d.name = ?3
            CROSS JOIN utterance u INDEXED BY utterance_turn ON u.dialogue = d.id
          WHERE b.digest = ?4 AND u.name = ?5)
        """, arguments: [emotion, id, target.dialogue, target.bundleDigest, target.utterance])
  }

  private func countLabelled(_ digest: String) throws {
    try database.run(
      sql: """
        UPDATE bundle SET labelled = (SELECT count(u.truth) FROM utterance u WHERE u.bundle = bundle.id) WHERE digest = ?
        """, arguments: [digest])
  }
}

extension IndexWriter {
  /// Records the corrections of one record of the spool, all or none; one that is known already changes nothing.
  ///
  /// - Parameter file: the record's name.
  /// - Returns: whether it was new.
  /// - Throws: `IndexError`.
  @discardableResult
  public func record(_ corrections: [Correction], file: String) throws -> Bool {
    try IndexError.explained(url) {
      try queue.write { database in
        let isKnown = try Bool.fetchCached(
          database, sql: "SELECT EXISTS (SELECT 1 FROM correction WHERE file = ?)", arguments: [file])
        guard isKnown != true else { return false }
        var insertion = CorrectionInsertion(database)
        try insertion.run(corrections, file: file)
        return true
      }
    }
  }

  /// The names of the records whose corrections the index has.
  ///
  /// - Throws: `IndexError`.
  public func knownCorrectionFiles() throws -> Set<String> {
    try IndexError.explained(url) {
      try queue.read { Set(try String.fetchAll($0, sql: "SELECT DISTINCT file FROM correction")) }
    }
  }

  /// Which utterances and emotions are meant by what somebody has written; see `CorrectionResolution`.
  ///
  /// - Throws: `CorrectionFault` for the first that cannot be, `IndexError`.
  public func resolve(
    _ requests: [CorrectionRequest], matching: EmotionMatching
  ) throws -> [CorrectionResolution.Found] {
    try IndexError.explained(url) {
      try queue.read { try CorrectionResolution(database: $0, matching: matching).found(requests) }
    }
  }
}

extension IndexReader {
  /// Which utterances and emotions are meant by what somebody has written; see `CorrectionResolution`.
  ///
  /// - Parameter turnsFirst: whether a number is a turn before it is an id: people type what listings show.
  /// - Throws: `CorrectionFault` for the first that cannot be, `IndexError`.
  public func resolve(
    _ requests: [CorrectionRequest], turnsFirst: Bool = false
  ) throws -> [CorrectionResolution.Found] {
    try read { try CorrectionResolution(database: $0, matching: matching, turnsFirst: turnsFirst).found(requests) }
  }
}
