import GRDB

/// The first utterances of a list that is sorted by confidence, found without a look at all the others.
///
/// `ConfidenceRanges` says in which scorings the surest labels may be. These are looked through, the most promising first, until
/// no other can hold one that belongs to the list.
struct SurestUtterances {
  private struct Candidate {
    let utterance: Int64
    let block: Int64
    /// The confidence, or its negative where the least sure come first: greater is earlier in either order.
    let rank: Double
  }

  private let query: UtteranceQuery
  private let wanted: Int
  private let descending: Bool
  /// Whether equals stand in the order of their numbers, so that those of later blocks come later.
  private let isNumbered: Bool
  /// Where more are equally sure, sorting everything is as good.
  private static let most = 5000

  /// Nil for a query whose list is found another way, such as one whose filters say where to look.
  init?(_ query: UtteranceQuery, isChronological: Bool) {
    guard let first = query.order.first, first.field == .confidence, let limit = query.limit,
      limit + query.offset <= Self.most / 2, query.since == nil && query.until == nil, query.words == nil,
      query.speakers.isEmpty && query.dialogues.isEmpty && query.bundles.isEmpty && query.models.isEmpty
    else { return nil }
    self.query = query
    wanted = limit + query.offset
    descending = first.descending
    isNumbered = isChronological && query.order.count == 1
  }

  /// The numbers of utterances among which the list's are; nil where there are too many that are equally sure.
  func numbers(_ database: Database) throws -> [Int64]? {
    guard wanted > 0 else { return [] }
    var candidates: [Candidate] = []
    // The rank of the last one wanted, once there are so many.
    var last: Double?
    for (block, rank) in try blocks(database) {
      if let last, rank < last || isDecided(candidates, before: block, rank, last) { break }
      candidates += try utterances(of: block, from: last, database)
      guard candidates.count >= wanted else { continue }
      candidates.sort { $0.rank > $1.rank }
      let least = candidates[wanted - 1].rank
      candidates.removeLast(candidates.count - (candidates.firstIndex { $0.rank < least } ?? candidates.count))
      last = least
      if candidates.count > Self.most { return nil }
    }
    return candidates.map(\.utterance)
  }

  /// Whether enough candidates come before all of a block that can only bring equals of the last one.
  private func isDecided(_ candidates: [Candidate], before block: Int64, _ rank: Double, _ last: Double) -> Bool {
    isNumbered && rank == last && candidates.count { $0.rank > last || $0.block < block } >= wanted
  }

  /// The blocks by what their best label may be, those of lower numbers first among equals.
  private func blocks(_ database: Database) throws -> [(block: Int64, rank: Double)] {
    let best: SQL = descending ? "max(u.highest)" : "-min(u.lowest)"
    var labels = UtteranceQuery()
    (labels.emotions, labels.excludedEmotions) = (query.emotions, query.excludedEmotions)
    let conditions = (UtteranceSelection(labels).utteranceConditions() + ["1"]).joined(separator: " AND ")
    let sql: SQL =
      "SELECT u.block, " + best + " AS best FROM (SELECT * FROM confidence_range) u WHERE " + conditions
      + " GROUP BY u.block ORDER BY best DESC, u.block"
    let (text, arguments) = try sql.build(database)
    return try Row.fetchAll(database, sql: text, arguments: arguments).map { ($0[0], $0[1]) }
  }

  private func utterances(of block: Int64, from least: Double?, _ database: Database) throws -> [Candidate] {
    let way: SQL = query.emotions.isEmpty ? "utterance_bundle" : "utterance_emotion"
    let rank: SQL = descending ? "u.confidence" : "-u.confidence"
    let selection = UtteranceSelection(query)
    let first = block << ConfidenceRanges.bits
    let scorings: [SQL] = ["u.bundle >= \(first)", "u.bundle < \(first + 1 << ConfidenceRanges.bits)"]
    let bound: [SQL] = least.map { [rank + " >= \($0)"] } ?? []
    let terms = scorings + selection.bundleConditions + selection.utteranceConditions() + bound
    let sql: SQL =
      "SELECT u.id, " + rank + " FROM utterance u INDEXED BY " + way + " CROSS JOIN bundle b ON b.id = u.bundle WHERE "
      + terms.joined(separator: " AND ")
    let (text, arguments) = try sql.build(database)
    let rows = try Row.fetchAll(database.cachedStatement(sql: text), arguments: arguments)
    return rows.map { Candidate(utterance: $0[0], block: block, rank: $0[1]) }
  }
}
