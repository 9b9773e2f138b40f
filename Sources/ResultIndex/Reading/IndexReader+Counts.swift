import DialogueDomain
import EvaluationStatistics
import Foundation
import GRDB

extension IndexReader {
  /// Scorings that the index holds, superseded ones among them: they are numbered one after the other and never deleted.
  public func scoringCount() throws -> Int {
    try read { try Int.fetchOne($0, sql: "SELECT max(id) FROM bundle") ?? 0 }
  }

  /// The labels of the utterances whose true emotion is known, compared with it; each model's classes are its own.
  public func truthComparison(_ query: UtteranceQuery) throws -> TruthComparison {
    let sql: SQL = "SELECT m.emotions, t.name, e.name, c.number FROM ("
    let sums: SQL =
      if let labels = UtteranceSelection(query, and: "u.truth IS NOT NULL").labelSums {
        "SELECT u.model, u.truth, u.emotion, sum(u.utterances) AS number " + labels
          + " GROUP BY u.model, u.truth, u.emotion"
      } else {
        "SELECT b.model, u.truth, u.emotion, count(*) AS number "
          + UtteranceSelection(query, and: "b.labelled > 0 AND u.truth IS NOT NULL").source
          + " GROUP BY b.model, u.truth, u.emotion"
      }
    let names: SQL =
      ") c JOIN model m ON m.id = c.model JOIN emotion t ON t.id = c.truth JOIN emotion e ON e.id = c.emotion"
    let rows = try counts(sql + sums + names)
    return rows.map { row in
      var comparison = TruthComparison(BundleDecoder.emotions(row[0]))
      comparison.add(truth: row[1], label: row[2], count: row[3], matching: matching)
      return comparison
    }.total()
  }

  /// What models promised of their doubt and what they kept, by the models' digests; of those that promise anything.
  public func doubtComparisons(_ query: UtteranceQuery) throws -> [String: DoubtComparison] {
    let sql: SQL = "SELECT m.digest, m.promise, m.emotions, t.name, e.name, c.uncertain, c.label_set, c.number FROM ("
    let promised: SQL = "IN (SELECT id FROM model WHERE promise IS NOT NULL)"
    let sums: SQL =
      if let labels = UtteranceSelection(query, and: "u.model " + promised).labelSums {
        "SELECT u.model, u.truth, u.emotion, u.uncertain, u.label_set, sum(u.utterances) AS number " + labels
          + " GROUP BY u.model, u.truth, u.emotion, u.uncertain, u.label_set"
      } else {
        "SELECT b.model, u.truth, u.emotion, u.uncertain, u.label_set, count(*) AS number "
          + UtteranceSelection(query, and: "b.model " + promised).unorderedSource()
          + " GROUP BY b.model, u.truth, u.emotion, u.uncertain, u.label_set"
      }
    let names: SQL =
      ") c JOIN model m ON m.id = c.model JOIN emotion e ON e.id = c.emotion LEFT JOIN emotion t ON t.id = c.truth"
    let rows = try counts(sql + sums + names)
    var comparisons: [String: DoubtComparison] = [:]
    for row in rows {
      let (digest, promise): (String, String) = (row[0], row[1])
      let emotions = BundleDecoder.emotions(row[2])
      let (truthName, bits): (String?, Int64?) = (row[3], row[6])
      let truth = truthName.flatMap { matching.index(of: $0, in: emotions) }
      let set = bits.map(ClassBits.decode)
      var comparison =
        comparisons[digest] ?? DoubtComparison(try? JSONDecoder().decode(DoubtPromise.self, from: Data(promise.utf8)))
      comparison.add(
        isUncertain: row[5], setSize: set?.count, truth: truth.map { emotions[$0] },
        isRight: truth != nil && emotions.index(of: row[4]) == truth,
        isHeld: truth.map { set?.contains($0) == true } ?? false, count: row[7])
      comparisons[digest] = comparison
    }
    return comparisons
  }

  private func counts(_ sql: SQL) throws -> [Row] {
    try read { database in
      let (text, arguments) = try sql.build(database)
      return try Row.fetchAll(database, sql: text, arguments: arguments)
    }
  }
}
