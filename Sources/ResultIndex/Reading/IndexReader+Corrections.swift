import DialogueDomain
import Foundation
import GRDB

/// What is known of the true emotion of one utterance, and what models have said of it.
public struct IndexedJudgement: Sendable {
  /// The label of each model that has scored the bundle, by its digest.
  public let labels: [String: String]
  /// The label of the model whose scoring counts.
  public let label: String
  /// The true emotion, where it is known.
  public let truth: String?
  /// The bundle's own label, where it has one.
  public let own: String?
  /// All corrections, the last one first; of a withdrawal the emotion is nil.
  public let corrections: [(emotion: String?, at: Date)]
}

extension IndexReader {
  /// What is known of the truth of utterances, in their order; nil where the index lacks one.
  ///
  /// - Throws: `IndexError`.
  public func judgements(of targets: [Correction.Target]) throws -> [IndexedJudgement?] {
    try read { database in
      let scorings = try database.cachedStatement(
        sql: """
          SELECT m.digest, e.name, t.name, CASE WHEN u.correction IS NULL THEN t.name ELSE g.name END, b.current
          FROM bundle b CROSS JOIN dialogue d ON d.bundle = b.id AND d.name = ?2
            CROSS JOIN utterance u INDEXED BY utterance_turn ON u.dialogue = d.id
            JOIN model m ON m.id = b.model JOIN emotion e ON e.id = u.emotion
            LEFT JOIN emotion t ON t.id = u.truth LEFT JOIN emotion g ON g.id = u.given
          WHERE b.digest = ?1 AND u.name = ?3 ORDER BY b.current, b.id
          """)
      let corrections = try database.cachedStatement(
        sql: """
          SELECT e.name, c.time FROM correction c LEFT JOIN emotion e ON e.id = c.emotion
          WHERE c.digest = ? AND c.dialogue = ? AND c.utterance = ? ORDER BY c.time DESC, c.file DESC, c.line DESC
          """)
      return try targets.map { target in
        let arguments: StatementArguments = [target.bundleDigest, target.dialogue, target.utterance]
        let rows = try Row.fetchAll(scorings, arguments: arguments)
        guard let current = rows.last else { return nil }
        return IndexedJudgement(
          labels: Dictionary(rows.map { ($0[0], $0[1]) }) { $1 }, label: current[1], truth: current[2],
          own: current[3],
          corrections: try Row.fetchAll(corrections, arguments: arguments).map {
            ($0[0], Date(milliseconds: $0[1]))
          })
      }
    }
  }
}

extension IndexReader {
  /// The names of the records whose corrections the index has, in their order.
  ///
  /// - Throws: `IndexError`.
  public func correctionFiles() throws -> [String] {
    try read { try String.fetchAll($0, sql: "SELECT DISTINCT file FROM correction ORDER BY file") }
  }

  /// The corrections of one record, in the order of its lines.
  ///
  /// - Throws: `IndexError`.
  public func corrections(ofFile file: String) throws -> [Correction] {
    try read { database in
      try Row.fetchAll(
        database,
        sql: """
          SELECT c.digest, c.dialogue, c.utterance, e.name, c.person, c.time, c.account, c.taken
          FROM correction c LEFT JOIN emotion e ON e.id = c.emotion WHERE c.file = ? ORDER BY c.line
          """, arguments: [file]
      ).map { row in
        Correction(
          bundleDigest: row[0], dialogue: row[1], utterance: row[2], emotion: row[3], by: row[4],
          at: Date(milliseconds: row[5]), account: row[6], taken: Date(milliseconds: row[7]))
      }
    }
  }
}

/// An utterance of a corrected bundle: its label, and what was known of its truth before and after some corrections.
public struct CorrectedUtterance: Sendable {
  /// The label's name.
  public let label: String
  /// The label's probability.
  public let confidence: Double
  /// Whether the model calls the label uncertain; nil where it has no limit.
  public let isUncertain: Bool?
  /// The classes of the label's set; nil where there is none.
  public let labelSet: [Int]?
  /// The true emotion before the corrections; nil where it was not known.
  public let before: String?
  /// The true emotion after them.
  public let after: String?
  /// Whether the last word on it is among the corrections.
  public let isCorrected: Bool
}

/// A bundle that was corrected within a period, as its latest scoring up to the end of the period has it.
public struct CorrectedBundle: Sendable {
  /// The model's name.
  public let modelName: String
  /// SHA-256 of the model.
  public let modelDigest: String
  /// The model's classes.
  public let emotions: EmotionSet
  /// What the model promises of its doubt.
  public let promise: DoubtPromise?
  /// All its utterances, in order.
  public let utterances: [CorrectedUtterance]
}

extension IndexReader {
  /// How many corrections were taken within a period, by who made them.
  ///
  /// - Throws: `IndexError`.
  public func correctionCounts(since: Date, until: Date) throws -> [String: Int] {
    try read { database in
      let rows = try Row.fetchAll(
        database, sql: "SELECT person, count(*) FROM correction WHERE taken >= ? AND taken < ? GROUP BY person",
        arguments: [since.milliseconds, until.milliseconds])
      return Dictionary(rows.map { ($0[0], $0[1]) }) { $0 + $1 }
    }
  }

  /// When the last correction was taken of a bundle that was scored within a period, whenever that was; nil where none was.
  ///
  /// - Throws: `IndexError`.
  public func lastCorrection(ofBundlesScoredSince since: Date, until: Date) throws -> Date? {
    try read { database in
      let taken = try Int64.fetchOne(
        database,
        sql: """
          SELECT max(taken) FROM correction WHERE digest IN (SELECT digest FROM bundle INDEXED BY bundle_scored
            WHERE scored >= ? AND scored < ?)
          """, arguments: [since.milliseconds, until.milliseconds])
      return taken.map { Date(milliseconds: $0) }
    }
  }

  /// Hands over the bundles of which corrections were taken within a period, one after the other.
  ///
  /// What was taken later counts for nothing, so that the same period always gives the same.
  ///
  /// - Throws: `IndexError`, and what `body` throws.
  public func forEachCorrectedBundle(since: Date, until: Date, _ body: (CorrectedBundle) throws -> Void) throws {
    try read { database in
      let emotions = try Dictionary(
        uniqueKeysWithValues: Row.fetchAll(database, sql: "SELECT id, name FROM emotion").map {
          ($0[0] as Int64, $0[1] as String)
        })
      let scorings = try Row.fetchAll(
        database,
        sql: """
          SELECT b.id, b.digest, m.name, m.digest, m.emotions, m.promise, max(b.scored) FROM bundle b
            JOIN model m ON m.id = b.model
          WHERE b.scored < ?2 AND b.digest IN (SELECT digest FROM correction WHERE taken >= ?1 AND taken < ?2)
          GROUP BY b.digest ORDER BY b.id
          """, arguments: [since.milliseconds, until.milliseconds])
      for scoring in scorings {
        let history = try CorrectionHistory(of: scoring[1], since: since, until: until, database)
        let promise: String? = scoring[5]
        var utterances: [CorrectedUtterance] = []
        let rows = try Row.fetchCursor(
          database,
          sql: """
            SELECT d.name, u.name, u.emotion, u.confidence, u.uncertain, u.label_set,
              CASE WHEN u.correction IS NULL THEN u.truth ELSE u.given END
            FROM utterance u JOIN dialogue d ON d.id = u.dialogue WHERE u.bundle = ? ORDER BY u.id
            """, arguments: [scoring[0] as Int64])
        while let row = try rows.next() {
          let words = history.words[[row[0], row[1]]]
          let (label, set, own): (Int64, Int64?, Int64?) = (row[2], row[5], row[6])
          utterances.append(
            CorrectedUtterance(
              label: emotions[label] ?? "", confidence: row[3], isUncertain: row[4],
              labelSet: set.map(ClassBits.decode),
              before: (words?.before ?? own).flatMap { emotions[$0] },
              after: (words?.after ?? own).flatMap { emotions[$0] },
              isCorrected: words?.isCorrected ?? false))
        }
        try body(
          CorrectedBundle(
            modelName: scoring[2], modelDigest: scoring[3], emotions: BundleDecoder.emotions(scoring[4]),
            promise: promise.flatMap { try? JSONDecoder().decode(DoubtPromise.self, from: Data($0.utf8)) },
            utterances: utterances))
      }
    }
  }
}

/// The last words on the utterances of one bundle, at the beginning and at the end of a period.
private struct CorrectionHistory {
  struct Words {
    /// The emotion; nil before any word, and where earlier words are withdrawn: the bundle's own label counts then.
    var before: Int64?
    var after: Int64?
    /// Whether the last word was said within the period.
    var isCorrected = false
  }

  /// By the dialogue's and the utterance's id.
  private(set) var words: [[String]: Words] = [:]

  init(of digest: String, since: Date, until: Date, _ database: Database) throws {
    let rows = try Row.fetchCursor(
      database,
      sql: """
        SELECT dialogue, utterance, emotion, taken FROM correction WHERE digest = ? AND taken < ?
        ORDER BY time, file, line
        """, arguments: [digest, until.milliseconds])
    while let row = try rows.next() {
      var known = words[[row[0], row[1]]] ?? Words()
      let taken: Int64 = row[3]
      known.isCorrected = taken >= since.milliseconds
      known.after = row[2]
      if !known.isCorrected { known.before = row[2] }
      words[[row[0], row[1]]] = known
    }
  }
}
