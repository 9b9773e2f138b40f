import DialogueDomain
import Foundation
import GRDB

/// What the index keeps of the work done on a bundle, beside its labels.
public struct ScoringRecord: Sendable, Hashable {
  /// When the daemon saw the bundle.
  public var arrived: Date
  /// When its labels were there: what `--since` and `--until` ask for.
  public var scored: Date
  /// Time spent on reading and scoring, in seconds.
  public var seconds: Double
  /// Where the labels lie, relative to the spool: `labels/friday.tsv`.
  public var labelFile: String
  /// Size of the bundle file.
  public var byteCount: Int
  /// Share of the words' pieces that the text encoder does not know; nil where it has read none.
  public var unknownWords: Double?

  /// What is recorded of a scoring beside its labels.
  public init(
    arrived: Date, scored: Date, seconds: Double, labelFile: String, byteCount: Int, unknownWords: Double? = nil
  ) {
    self.arrived = arrived
    self.scored = scored
    self.seconds = seconds
    self.labelFile = labelFile
    self.byteCount = byteCount
    self.unknownWords = unknownWords
  }
}

/// A scored bundle, and what the index keeps of it beside its labels.
public struct BundleRecording: Sendable {
  /// The labels.
  public var bundle: ScoredBundle
  /// The rest.
  public var scoring: ScoringRecord
  /// The probe to ask for; nil for none.
  public var probe: ProbeRequest?

  /// What one scoring leaves in the index.
  public init(bundle: ScoredBundle, scoring: ScoringRecord, probe: ProbeRequest? = nil) {
    self.bundle = bundle
    self.scoring = scoring
    self.probe = probe
  }
}

extension IndexWriter {
  /// Records a scored bundle with all its utterances: all rows or none.
  ///
  /// Where the same bytes were scored by another model before, that scoring becomes superseded. Where this very model
  /// scored them before, no utterance is added: the scoring becomes current again, its labels lie where `scoring` says,
  /// and a new file name is kept as an alias. Failures of the same file name or bytes count as resolved.
  ///
  /// - Parameter probe: the probe to ask for in the same transaction; nil for none. Of a scoring that was there before, it
  ///   is asked for anew, since labels that have just been written again lack their stability.
  /// - Returns: the scoring as the index holds it now.
  /// - Throws: `IndexError`; of the kind `data` where the bundle contradicts itself.
  @discardableResult
  public func record(
    _ bundle: ScoredBundle, _ scoring: ScoringRecord, probe: ProbeRequest? = nil
  ) throws -> IndexedBundle {
    let recorded = try record([BundleRecording(bundle: bundle, scoring: scoring, probe: probe)])
    return recorded[0]
  }

  /// Records several bundles in one transaction: all of them, or none.
  ///
  /// - Returns: what is recorded of each, in the same order.
  /// - Throws: `IndexError`, as above.
  public func record(_ recordings: [BundleRecording]) throws -> [IndexedBundle] {
    for recording in recordings { try BundleInsertion.check(recording.bundle) }
    return try IndexError.explained(url) {
      try queue.write { database in
        var decoder = BundleDecoder()
        return try recordings.map { try record($0, &decoder, database) }
      }
    }
  }

  private func record(
    _ recording: BundleRecording, _ decoder: inout BundleDecoder, _ database: Database
  ) throws -> IndexedBundle {
    let (bundle, scoring) = (recording.bundle, recording.scoring)
    if let known = try decoder.bundle(bundle.digest, model: bundle.modelDigest, database) {
      try Self.makeCurrent(known, named: bundle.name, scoring, database)
      if let probe = recording.probe { try ProbeRequestRow(known.id, probe).renew(database) }
    } else {
      var insertion = BundleInsertion(database, bundle, scoring, keepsSums: !isScratch)
      let id = try insertion.run()
      if let probe = recording.probe { try ProbeRequestRow(id, probe).ask(database) }
    }
    guard let recorded = try decoder.bundle(bundle.digest, model: bundle.modelDigest, database) else {
      throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "a bundle just recorded is not there")
    }
    return recorded
  }

  /// Notes that a bundle arrived whose bytes this model has scored before, so that it need not be scored again.
  ///
  /// - Parameters:
  ///   - probe: the probe to ask for where another plan, or none, has probed the bundle; nil for none.
  ///   - hasLabels: whether there is a label file at a path relative to the spool.
  /// - Returns: the earlier scoring; nil where the bundle must be scored: for the first time, since another model's labels
  ///   lie in the file now, or since the file is gone.
  /// - Throws: `IndexError`, and what `hasLabels` throws.
  public func recordAgain(
    name: String, bundleDigest: String, modelDigest: String, probe: ProbeRequest? = nil,
    hasLabels: (String) throws -> Bool = { _ in true }
  ) throws -> IndexedBundle? {
    try IndexError.explained(url) {
      try queue.write { database in
        var decoder = BundleDecoder()
        guard let known = try decoder.bundle(bundleDigest, model: modelDigest, database), known.isCurrent else {
          return nil
        }
        guard try hasLabels(known.labelFile) else {
          // Before labels without stability are written: a kill after that must not leave them so.
          if let probe { try ProbeRequestRow(known.id, probe).renew(database) }
          return nil
        }
        try Self.noteArrival(of: known, named: name, database)
        if let probe { try ProbeRequestRow(known.id, probe).ask(database) }
        return known
      }
    }
  }

  /// Checks that a scored bundle can be recorded, before anything of it is written anywhere.
  ///
  /// - Throws: `IndexError` where the bundle contradicts itself.
  public static func check(_ bundle: ScoredBundle) throws { try BundleInsertion.check(bundle) }

  /// Whether any scoring of these bytes is recorded.
  ///
  /// - Throws: `IndexError`.
  public func knows(bundleDigest: String) throws -> Bool {
    try IndexError.explained(url) {
      try queue.read {
        try Bool.fetchCached(
          $0, sql: "SELECT EXISTS (SELECT 1 FROM bundle WHERE digest = ?)", arguments: [bundleDigest])
          ?? false
      }
    }
  }

  /// The bytes that scorings are recorded of, as digests.
  ///
  /// - Throws: `IndexError`.
  public func bundleDigests() throws -> Set<String> {
    try IndexError.explained(url) {
      try queue.read { try String.fetchSet($0, sql: "SELECT digest FROM bundle") }
    }
  }

  /// Under which names bundles are known, their own and those of further copies, and where their labels lie.
  ///
  /// - Throws: `IndexError`.
  public func knownFiles() throws -> (names: Set<String>, labelFiles: Set<String>, digests: Set<String>) {
    try IndexError.explained(url) {
      try queue.read { database in
        (
          try String.fetchSet(database, sql: "SELECT name FROM bundle UNION SELECT name FROM alias"),
          try String.fetchSet(database, sql: "SELECT label_file FROM bundle"),
          try String.fetchSet(database, sql: "SELECT substr(digest, 1, 8) FROM bundle")
        )
      }
    }
  }

  /// The digest of the bundle whose labels lie in a file, relative to the spool; nil where no scoring names it.
  ///
  /// - Throws: `IndexError`.
  public func bundleDigest(ofLabels file: String) throws -> String? {
    try IndexError.explained(url) {
      try queue.read {
        try String.fetchCached(
          $0, sql: "SELECT digest FROM bundle WHERE label_file = ? ORDER BY id DESC LIMIT 1", arguments: [file])
      }
    }
  }

  /// Takes up an earlier scoring of the same bytes by the same model, whose labels have been written once more.
  private static func makeCurrent(
    _ known: IndexedBundle, named name: String, _ scoring: ScoringRecord, _ database: Database
  ) throws {
    if !known.isCurrent {
      try BundleInsertion.supersede(known.digest, at: scoring.scored, database)
      try SumTables.update([known.id], database) {
        try database.run(sql: "UPDATE bundle SET current = 1 WHERE id = ?", arguments: [known.id])
      }
    }
    try database.run(
      sql: "UPDATE bundle SET label_file = ? WHERE id = ?", arguments: [scoring.labelFile, known.id])
    try noteArrival(of: known, named: name, database)
  }

  private static func noteArrival(of known: IndexedBundle, named name: String, _ database: Database) throws {
    if known.name != name {
      try database.run(
        sql: "INSERT OR IGNORE INTO alias (digest, name) VALUES (?, ?)", arguments: [known.digest, name])
    }
    try BundleInsertion.resolveFailures(name, known.digest, database)
  }
}
