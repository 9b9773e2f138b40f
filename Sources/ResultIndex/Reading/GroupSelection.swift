import DialogueDomain
import Foundation
import GRDB

/// The SQL that groups what an `UtteranceQuery` finds, and what its rows mean.
///
/// SQLite sums and sorts, beyond its cache in files of its own, so that memory stays the same however many utterances and
/// groups there are. Where the index's own sums can answer, no utterance is read (`GroupSums`); else figures take one pass
/// over the rows. Of dialogues in the order of time only those are looked at that are asked for.
struct GroupSelection {
  private let grouping: UtteranceGrouping
  private let query: UtteranceQuery
  private let hasFigures: Bool
  /// The labels that rows may have, with their numbers.
  private let labels: [(number: Int64, name: String)]
  /// Emotions to name although nothing has them.
  private let named: [String]
  /// Every emotion's name.
  private let emotions: [String]
  private let isChronological: Bool
  private var bundleDecoder = BundleDecoder()

  init(_ grouping: UtteranceGrouping, _ query: UtteranceQuery, hasFigures: Bool, _ database: Database) throws {
    self.grouping = grouping
    self.query = query
    self.hasFigures = hasFigures
    named = grouping == .emotion && hasFigures ? try IndexReader.emotionsToName(query, database) : []
    let classes = Set(try IndexReader.emotions(query, database) + [ScoredUtterance.unknownEmotion])
    let rows = try Row.fetchAll(database, sql: "SELECT id, name FROM emotion ORDER BY id")
    let all = rows.map { (number: $0[0] as Int64, name: $0[1] as String) }
    labels = all.filter { classes.contains($0.name) }
    emotions = all.map(\.name)
    isChronological = try IndexReader.isChronological(database)
  }

  /// - Parameter limit: at most so many groups; nil: all.
  func sql(_ order: GroupOrder, limit: Int?) throws -> SQL {
    var columns: [SQL] = grouping == .dialogue ? [SQL(sql: BundleDecoder.columns)] : []
    let utterances: SQL = "coalesce(g.utterances, 0)"
    let page = limit.flatMap { self.page(order, limit: $0) }
    let sum: SQL = "sum(" + utterances + ") OVER ()"
    let digest: SQL = grouping == .model ? "m.digest" : "NULL"
    columns += [
      name, digest, utterances + " AS utterances", page == nil ? sum : UtteranceSelection(query).count,
    ]
    if hasFigures {
      columns += ["dialogues", "bundles", "speakers"].map { SQL(sql: "coalesce(g.\($0), 0)") }
      columns += ["g.confidence", "g.uncertain", "g.starts", "g.ends", "g.first", "g.last"] as [SQL]
      columns += tallies.indices.map { SQL(sql: "g.tally\($0)") }
    }
    let all = try groups(page)
    var groups: SQL = "WITH g AS (" + all + ") "
    if grouping == .dialogue, page == nil, let limit, order.field != .name {
      // Only the few that are shown get their names.
      groups =
        "WITH f AS (" + all + "), g AS (SELECT g.*, sum(g.utterances) OVER () AS total FROM f g"
        + " CROSS JOIN bundle b ON b.id = g.bundle ORDER BY " + terms(of: order).joined(separator: ", ")
        + " LIMIT \(limit)) "
      columns[columns.count - (hasFigures ? 10 + tallies.count : 1)] = "g.total"
    }
    let chosen: SQL = "SELECT " + columns.joined(separator: ", ") + " " + (try names)
    return groups + chosen + " ORDER BY " + terms(of: order).joined(separator: ", ")
      + (limit.map { " LIMIT \($0)" } ?? "")
  }

  /// The dialogues that a list begins with, in the order of time or the longest first; nil where all have to be looked at.
  private func page(_ order: GroupOrder, limit: Int) -> SQL? {
    guard grouping == .dialogue, query.dialogues.isEmpty, query.words == nil else { return nil }
    switch order.field {
    case .time: return firstPage(descending: order.descending, limit: limit)
    case .utterances where order.descending: return longest(limit)
    default: return nil
    }
  }

  private func firstPage(descending: Bool, limit: Int) -> SQL {
    let selection = UtteranceSelection(query)
    let isFound: SQL =
      "EXISTS (SELECT 1 FROM utterance u INDEXED BY utterance_turn WHERE "
      + (["u.dialogue = d.id"] + selection.utteranceConditions()).joined(separator: " AND ") + ")"
    let terms = (selection.bundleConditions + [isFound]).joined(separator: " AND ")
    let direction: SQL = descending ? " DESC" : ""
    return "SELECT d.id FROM " + selection.bundleTable + " CROSS JOIN dialogue d ON d.bundle = b.id WHERE " + terms
      + " ORDER BY b.scored" + direction + ", b.id" + direction + ", d.id" + direction + " LIMIT \(limit)"
  }

  /// Nil where dialogues count in part, and where the order of their numbers is not the order of time.
  private func longest(_ limit: Int) -> SQL? {
    let selection = UtteranceSelection(query)
    guard isChronological, selection.sumConditions() != nil else { return nil }
    return "SELECT d.id FROM dialogue d INDEXED BY dialogue_longest CROSS JOIN bundle b ON b.id = d.bundle WHERE "
      + (selection.bundleConditions + ["d.utterances > 0"]).joined(separator: " AND ")
      + " ORDER BY d.utterances DESC, d.id LIMIT \(limit)"
  }

  /// The groups, each with its key and what is summed over it.
  private func groups(_ page: SQL?) throws -> SQL {
    if let page {
      let rows: SQL =
        "FROM (" + page + ") first CROSS JOIN utterance u INDEXED BY utterance_turn ON u.dialogue = first.id"
        + " CROSS JOIN bundle b ON b.id = u.bundle "
      return "SELECT " + aggregates.joined(separator: ", ") + " " + rows + UtteranceSelection(query).conditions
        + " GROUP BY " + key
    }
    let sums = GroupSums(
      grouping: grouping, query: query, tallies: tallies.map(\.number), isChronological: isChronological)
    if let sql = hasFigures ? sums.figures : sums.counts { return sql }
    if grouping == .dialogue, !hasFigures, UtteranceSelection(query).isWholeBundles {
      let selection = UtteranceSelection(query)
      return "SELECT d.id AS key, d.utterances AS utterances, b.id AS bundle FROM " + selection.bundleTable
        + " CROSS JOIN dialogue d ON d.bundle = b.id " + selection.conditions
    }
    return "SELECT " + aggregates.joined(separator: ", ") + " " + UtteranceSelection(query).unorderedSource()
      + " GROUP BY " + key
  }

  mutating func decode(_ row: Row) -> UtteranceGroup {
    let first = grouping == .dialogue ? BundleDecoder.columnCount : 0
    return UtteranceGroup(
      name: row[first], bundle: grouping == .dialogue ? bundleDecoder.decode(row) : nil, modelDigest: row[first + 1],
      utterances: row[first + 2], total: row[first + 3], figures: hasFigures ? figures(row, from: first + 4) : nil)
  }

  private func figures(_ row: Row, from first: Int) -> UtteranceFigures {
    var counts: [String: Int] = [:]
    for (place, label) in tallies.enumerated() {
      let count: Int = row[first + 9 + place] ?? 0
      if count > 0 { counts[label.name] = count }
    }
    let (start, end): (Int64?, Int64?) = (row[first + 7], row[first + 8])
    return UtteranceFigures(
      dialogues: row[first], bundles: row[first + 1], speakers: row[first + 2], meanConfidence: row[first + 3],
      uncertain: row[first + 4], start: row[first + 5], end: row[first + 6],
      firstScored: start.map(Date.init(milliseconds:)), lastScored: end.map(Date.init(milliseconds:)), emotions: counts)
  }

  /// The labels to count one by one: within an emotion there is only that one.
  private var tallies: [(number: Int64, name: String)] { grouping == .emotion ? [] : labels }

  private var key: SQL {
    switch grouping {
    case .emotion: "u.emotion"
    case .speaker: "u.speaker"
    case .dialogue: "u.dialogue"
    case .model: "b.model"
    case .day: GroupSums.day("b.scored / 1000")
    }
  }

  /// What is summed over each group.
  private var aggregates: [SQL] {
    var sums: [SQL] = [key + " AS key", "count(*) AS utterances"]
    // A dialogue's bundle is the same for all its rows.
    if grouping == .dialogue { sums.append("min(u.bundle) AS bundle") }
    guard hasFigures else { return sums }
    let isOfDialogues = grouping == .dialogue
    sums += [
      (isOfDialogues ? "1" : "count(DISTINCT u.dialogue)") + " AS dialogues",
      (isOfDialogues ? "1" : "count(DISTINCT u.bundle)") + " AS bundles",
      (grouping == .speaker ? "1" : "count(DISTINCT u.speaker)") + " AS speakers",
      "avg(u.confidence) FILTER (WHERE " + isLabelled + ") AS confidence", "sum(u.uncertain) AS uncertain",
      (isOfDialogues ? "min(u.starts)" : "NULL") + " AS starts", (isOfDialogues ? "max(u.ends)" : "NULL") + " AS ends",
      "min(b.scored) AS first", "max(b.scored) AS last",
    ]
    for (place, label) in tallies.enumerated() {
      sums.append("count(*) FILTER (WHERE u.emotion = \(label.number)) AS " + SQL(sql: "tally\(place)"))
    }
    return sums
  }

  /// False for an utterance that lacks every modality, as `IndexedUtterance.reasonForNoLabel` has it.
  private var isLabelled: SQL {
    guard let unknown = labels.first(where: { $0.name == ScoredUtterance.unknownEmotion }) else { return "1" }
    return "NOT (u.emotion = \(unknown.number) AND coalesce(u.text_share, u.visual_share, u.audio_share) IS NULL)"
  }

  private var name: SQL {
    switch grouping {
    case .emotion: "n.value"
    case .speaker: "s.name"
    case .dialogue: "d.name"
    case .model: "m.name"
    case .day: "g.key"
    }
  }

  /// The groups with the tables that tell their names.
  private var names: SQL {
    get throws {
      switch grouping {
      case .emotion:
        let all = String(decoding: try JSONEncoder().encode(Array(Set(emotions + named))), as: UTF8.self)
        let joins: SQL = " n LEFT JOIN emotion e ON e.name = n.value LEFT JOIN g ON g.key = e.id"
        return "FROM json_each(\(all))" + joins
          + " WHERE g.key IS NOT NULL OR (n.value IN \(named) AND EXISTS (SELECT 1 FROM g))"
      case .speaker: return "FROM g JOIN speaker s ON s.id = g.key"
      case .dialogue:
        return "FROM g CROSS JOIN dialogue d ON d.id = g.key CROSS JOIN bundle b ON b.id = g.bundle"
          + " CROSS JOIN model m ON m.id = b.model"
      case .model: return "FROM g JOIN model m ON m.id = g.key"
      case .day: return "FROM g"
      }
    }
  }

  private func terms(of order: GroupOrder) -> [SQL] {
    let direction: SQL = order.descending ? " DESC" : ""
    let last: [SQL]
    switch grouping {
    case .dialogue: last = ["b.scored", "b.id", "g.key"]
    case .emotion, .speaker, .day: last = [name]
    case .model: last = [name, "m.digest"]
    }
    switch order.field {
    case .utterances: return ["utterances" + direction] + last
    case .name: return [name + direction] + last
    case .confidence where hasFigures: return ["g.confidence IS NULL", "g.confidence" + direction] + last
    case .time where grouping == .dialogue: return last.map { $0 + direction }
    case .time where hasFigures: return ["g.last IS NULL", "g.last" + direction] + last
    case .confidence, .time: return [name + direction] + last
    }
  }
}

extension IndexReader {
  /// Groups what a query finds and hands over one group after the other: memory stays the same however many there are.
  ///
  /// The query's own order, limit and offset are left aside.
  ///
  /// - Parameters:
  ///   - order: without figures by utterances or name; any other is by name then.
  ///   - limit: at most so many groups; nil: all.
  ///   - hasFigures: whether to find out more than the number of utterances. Then emotions that the models know are
  ///     groups too where no utterance has them.
  ///   - body: what to do with each; what it throws ends the reading.
  public func forEachGroup(
    _ grouping: UtteranceGrouping, _ query: UtteranceQuery, order: GroupOrder, limit: Int? = nil,
    hasFigures: Bool = true, _ body: (UtteranceGroup) throws -> Void
  ) throws {
    try read { database in
      var selection = try GroupSelection(grouping, query, hasFigures: hasFigures, database)
      let (text, arguments) = try selection.sql(order, limit: limit).build(database)
      let rows = try Row.fetchCursor(database, sql: text, arguments: arguments)
      while let row = try rows.next() { try body(selection.decode(row)) }
    }
  }
}
