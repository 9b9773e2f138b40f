import Foundation
import GRDB

/// The SQL of an `UtteranceQuery`: its joins, conditions and order.
///
/// The way is fixed (`CROSS JOIN` keeps SQLite from changing the tables' order, `INDEXED BY` from choosing an index),
/// since it follows from the filters and must not depend on statistics: from named dialogues to their utterances, else
/// from the words where some are asked for, else from the bundles, named or in the order of time, to the utterances of each,
/// through the index that begins with the speaker or the emotion where one is asked for. Where no order is asked for and
/// nothing limits the bundles, the utterances come first. Where sums answer (`sumConditions`), no utterance is read.
struct UtteranceSelection {
  private let query: UtteranceQuery
  private let extra: SQL?
  private let isChronological: Bool
  private let chosen: [Int64]?

  /// - Parameters:
  ///   - extra: a further condition on `u` and `b`.
  ///   - isChronological: whether the numbers of scorings are known to follow their times.
  ///   - chosen: the numbers of the only utterances to look at; nil: all.
  init(_ query: UtteranceQuery, and extra: SQL? = nil, isChronological: Bool = false, among chosen: [Int64]? = nil) {
    self.query = query
    self.extra = extra
    self.isChronological = isChronological
    self.chosen = chosen
  }

  /// Tables `u` (utterance) and `b` (bundle), joined so that they come in the order of time.
  var joins: SQL {
    if let chosen {
      let numbers = "[" + chosen.map(String.init).joined(separator: ",") + "]"
      return "FROM json_each(\(numbers)) c CROSS JOIN utterance u ON u.id = c.value"
        + " CROSS JOIN bundle b ON b.id = u.bundle"
    }
    if query.words != nil {
      return "FROM words CROSS JOIN utterance u ON u.id = words.rowid CROSS JOIN bundle b ON b.id = u.bundle"
    }
    let utterances = SQL(sql: "utterance u INDEXED BY \(access)")
    if !query.dialogues.isEmpty || beginsAtUtterances {
      return "FROM " + utterances + " CROSS JOIN bundle b ON b.id = u.bundle"
    }
    return "FROM " + bundleTable + " CROSS JOIN " + utterances + " ON u.bundle = b.id"
  }

  /// The joined tables, filtered.
  var source: SQL { joins + " " + conditions }

  /// The same in whichever order is read fastest.
  ///
  /// - Parameter isCovered: whether nothing but labels, confidences and speakers is asked for.
  func unorderedSource(isCovered: Bool = false) -> SQL {
    guard
      query.dialogues.isEmpty && query.words == nil && query.bundles.isEmpty && query.since == nil
        && query.until == nil
    else { return source }
    let way: SQL =
      if !query.speakers.isEmpty {
        "INDEXED BY utterance_speaker"
      } else if !query.emotions.isEmpty || (isCovered && asksIndexedOnly) {
        "INDEXED BY utterance_emotion"
      } else {
        "NOT INDEXED"
      }
    return "FROM utterance u " + way + " CROSS JOIN bundle b ON b.id = u.bundle " + conditions
  }

  /// Whether the filters are all on what the index over emotions holds.
  private var asksIndexedOnly: Bool {
    query.stabilityBelow == nil && query.maximumStability == nil && query.isUncertain == nil
      && query.setEmotions.isEmpty
  }

  /// True where every utterance of the selected bundles is meant.
  var isWholeBundles: Bool {
    query.emotions.isEmpty && query.excludedEmotions.isEmpty && query.speakers.isEmpty && query.dialogues.isEmpty
      && query.minimumConfidence == nil && query.maximumConfidence == nil && query.stabilityBelow == nil
      && query.maximumStability == nil && query.words == nil && query.isUncertain == nil && query.setEmotions.isEmpty
  }

  /// The conditions on the columns `current` and `model` of the tables of sums; nil where sums do not tell what is asked for.
  ///
  /// - Parameter ignoringUtterances: whether only the bundles that are looked at count.
  func sumConditions(ignoringUtterances: Bool = false) -> SQL? {
    guard ignoringUtterances || isWholeBundles else { return nil }
    return filter.ofSums
  }

  /// The table `u` of sums by model, speaker and label, filtered; nil where these sums do not tell what is asked for.
  var groupSums: SQL? {
    var rest = query
    (rest.emotions, rest.excludedEmotions, rest.speakers) = ([], [], [])
    guard UtteranceSelection(rest).isWholeBundles, extra == nil, let scorings = filter.ofSums else { return nil }
    let terms = ["u.speaker <> 0", "u.emotion <> 0"] + utteranceConditions(model: "u.model")
    return "FROM (SELECT * FROM group_sum WHERE " + scorings + " AND utterances > 0) u WHERE "
      + terms.joined(separator: " AND ")
  }

  /// The table `u` of sums by bundle and label, with `b`, filtered; nil where these sums do not tell what is asked for.
  var bundleSums: SQL? {
    var rest = query
    (rest.emotions, rest.excludedEmotions) = ([], [])
    guard UtteranceSelection(rest).isWholeBundles, extra == nil else { return nil }
    let way: SQL =
      if !query.bundles.isEmpty || query.since != nil || query.until != nil {
        "FROM " + bundleTable + " CROSS JOIN bundle_sum u ON u.bundle = b.id "
      } else {
        "FROM bundle_sum u CROSS JOIN bundle b ON b.id = u.bundle "
      }
    return way + conditions
  }

  /// The table `u` of sums by model, label, truth and doubt, likewise.
  var labelSums: SQL? {
    var rest = query
    (rest.emotions, rest.excludedEmotions, rest.isUncertain, rest.setEmotions) = ([], [], nil, [])
    guard UtteranceSelection(rest).isWholeBundles, let scorings = filter.ofSums else { return nil }
    let terms = utteranceConditions(model: "u.model") + (extra.map { [$0] } ?? [])
    let columns: SQL =
      "current, model, emotion, nullif(truth, 0) AS truth, nullif(uncertain, 2) AS uncertain,"
      + " nullif(label_set, \(IndexSums.noSet)) AS label_set, utterances"
    return "FROM (SELECT " + columns + " FROM label_sum WHERE " + scorings + " AND utterances > 0) u"
      + (terms.isEmpty ? "" : " WHERE " + terms.joined(separator: " AND "))
  }

  /// How many utterances there are: an expression with a query of its own.
  var count: SQL {
    let query: SQL
    if let scorings = sumConditions() {
      query = "SELECT coalesce(sum(utterances), 0) FROM scoring_sum WHERE " + scorings
    } else if isWholeBundles {
      query = "SELECT coalesce(sum(b.utterances), 0) FROM " + bundleTable + " " + conditions
    } else if let sums = groupSums ?? labelSums ?? bundleSums {
      query = "SELECT coalesce(sum(u.utterances), 0) " + sums
    } else {
      query = "SELECT count(*) " + unorderedSource(isCovered: true)
    }
    return "(" + query + ")"
  }

  var conditions: SQL {
    let all = bundleConditions + utteranceConditions() + (extra.map { [$0] } ?? [])
    return all.isEmpty ? "" : "WHERE " + all.joined(separator: " AND ")
  }

  /// Conditions on `b` alone.
  var bundleConditions: [SQL] { filter.terms }

  /// The table of bundles as `b`.
  var bundleTable: SQL { filter.table }

  private var filter: BundleConditions {
    BundleConditions(
      bundles: query.bundles, models: query.models, since: query.since, until: query.until,
      allModels: query.allModels)
  }

  var order: SQL {
    var terms: [SQL] = []
    var timeIsDescending = false
    for criterion in query.order {
      let direction: SQL = criterion.descending ? " DESC" : ""
      switch criterion.field {
      case .time: break
      case .confidence: terms.append("u.confidence" + direction)
      case .dialogue: terms.append("(SELECT name FROM dialogue WHERE id = u.dialogue)" + direction)
      case .speaker: terms.append("(SELECT name FROM speaker WHERE id = u.speaker)" + direction)
      case .stability: terms += ["u.stability IS NULL", "u.stability" + direction]
      case .emotion: terms.append("(SELECT name FROM emotion WHERE id = u.emotion)" + direction)
      }
      if criterion.field == .time {
        timeIsDescending = criterion.descending
        break
      }
    }
    if terms.isEmpty && (findsWordsInOrder || isInOrder) {
      let direction: SQL = timeIsDescending ? " DESC" : ""
      return findsWordsInOrder
        ? "ORDER BY words.rowid" + direction : "ORDER BY u.bundle" + direction + ", u.id" + direction
    }
    // Time with the row's number decides among equals, so that an order is always the same one.
    terms += (timeIsDescending ? ["b.scored DESC", "b.id DESC", "u.id DESC"] : ["b.scored", "b.id", "u.id"]) as [SQL]
    return "ORDER BY " + terms.joined(separator: ", ")
  }

  /// Whether the utterances that say some words are found in the order of time, so that the first ones are known early.
  private var findsWordsInOrder: Bool { query.words != nil && query.dialogues.isEmpty && isChronological }

  /// Whether the index over speakers or emotions has what is asked for in the order of time, likewise.
  private var isInOrder: Bool {
    isChronological && beginsAtUtterances && (query.speakers.isEmpty ? query.emotions.count == 1 : speaker != nil)
  }

  /// Whether the way begins with the utterances of the speakers, or of the one emotion, and not with the bundles.
  private var beginsAtUtterances: Bool {
    guard query.dialogues.isEmpty && query.words == nil && query.bundles.isEmpty else { return false }
    if isChronological && (query.speakers.isEmpty ? query.emotions.count == 1 : speaker != nil) { return true }
    return !query.speakers.isEmpty && query.since == nil && query.until == nil
  }

  /// The only speaker asked for, where it is no pattern.
  private var speaker: String? {
    let patterns = query.speakers.map(NamePattern.init)
    guard patterns.count == 1, patterns[0].globs.isEmpty, patterns[0].exact.count == 1 else { return nil }
    return patterns[0].exact.first
  }

  /// The number of the first scoring of a time or later.
  private func firstBundle(since time: Date) -> SQL {
    "coalesce((SELECT id FROM bundle INDEXED BY bundle_scored WHERE scored >= \(time.milliseconds)"
      + " ORDER BY scored, id LIMIT 1), \(Int64.max))"
  }

  /// The period as numbers of utterances.
  private var wordRange: [SQL] {
    func first(_ time: Date) -> SQL {
      "coalesce((SELECT id FROM utterance INDEXED BY utterance_bundle WHERE bundle >= " + firstBundle(since: time)
        + " ORDER BY bundle, id LIMIT 1), \(Int64.max))"
    }
    return [query.since.map { "words.rowid >= " + first($0) }, query.until.map { "words.rowid < " + first($0) }]
      .compactMap { $0 }
  }

  /// The period as numbers of scorings.
  private var bundleRange: [SQL] {
    [
      query.since.map { "u.bundle >= " + firstBundle(since: $0) },
      query.until.map { "u.bundle < " + firstBundle(since: $0) },
    ].compactMap { $0 }
  }

  var range: SQL {
    guard query.limit != nil || query.offset > 0 else { return "" }
    return "LIMIT \(query.limit ?? -1) OFFSET \(query.offset)"
  }

  /// The index to reach utterances by.
  private var access: String {
    if !query.dialogues.isEmpty { return "utterance_turn" }
    if !query.speakers.isEmpty { return "utterance_speaker" }
    return query.emotions.isEmpty ? "utterance_bundle" : "utterance_emotion"
  }

  /// - Parameter model: the column that tells the model's number: never a user's.
  func utteranceConditions(model: String = "b.model") -> [SQL] {
    var terms: [SQL] = []
    if let words = query.words {
      terms.append("words MATCH \(words.match)")
      if findsWordsInOrder { terms += wordRange }
    }
    if query.emotions.count == 1 {
      // SQLite knows of "=" that it keeps the order of the rows.
      terms.append("u.emotion = (SELECT id FROM emotion WHERE name = \(query.emotions[0]))")
    } else if !query.emotions.isEmpty {
      terms.append("u.emotion IN (SELECT id FROM emotion WHERE name IN \(query.emotions))")
    }
    if !query.excludedEmotions.isEmpty {
      terms.append("u.emotion NOT IN (SELECT id FROM emotion WHERE name IN \(query.excludedEmotions))")
    }
    if isInOrder { terms += bundleRange }
    if let speaker {
      terms.append("u.speaker = (SELECT id FROM speaker WHERE name = \(speaker))")
    } else if !query.speakers.isEmpty {
      terms.append("u.speaker IN (" + NamePattern.rows("id", query.speakers, among: ("speaker", "name")) + ")")
    }
    if !query.dialogues.isEmpty {
      terms.append("u.dialogue IN (" + NamePattern.rows("id", query.dialogues, among: ("dialogue", "name")) + ")")
    }
    if let least = query.minimumConfidence { terms.append("u.confidence >= \(least)") }
    if let most = query.maximumConfidence { terms.append("u.confidence <= \(most)") }
    if let limit = query.stabilityBelow { terms.append("u.stability < \(limit)") }
    if let most = query.maximumStability { terms.append("u.stability <= \(most)") }
    if let isUncertain = query.isUncertain { terms.append("u.uncertain = \(isUncertain)") }
    if !query.setEmotions.isEmpty {
      terms.append(
        "EXISTS (SELECT 1 FROM model, json_each(model.emotions) c WHERE model.id = " + SQL(sql: model)
          + " AND c.value IN \(query.setEmotions) AND (u.label_set >> c.key) & 1)")
    }
    return terms
  }
}
