import GRDB

/// Groups out of the index's sums: what `GroupSelection` says of them, without a look at any utterance.
struct GroupSums {
  let grouping: UtteranceGrouping
  let query: UtteranceQuery
  /// The labels to count one by one.
  let tallies: [Int64]
  /// Whether the numbers of scorings follow their times.
  let isChronological: Bool

  private var selection: UtteranceSelection { UtteranceSelection(query) }

  /// The day, local time, of a column of seconds since 1970.
  static func day(_ seconds: SQL) -> SQL {
    "strftime('%Y-%m-%d', " + seconds + ", 'unixepoch', 'localtime')"
  }

  /// Each group's key and utterances; nil where the sums do not tell.
  var counts: SQL? {
    let sum: SQL = " AS key, sum(u.utterances) AS utterances "
    switch grouping {
    case .emotion:
      return (selection.groupSums ?? selection.labelSums ?? selection.bundleSums).map {
        "SELECT u.emotion" + sum + $0 + " GROUP BY u.emotion"
      }
    case .speaker: return selection.groupSums.map { "SELECT u.speaker" + sum + $0 + " GROUP BY u.speaker" }
    case .model:
      if let sums = selection.groupSums ?? selection.labelSums {
        return "SELECT u.model" + sum + sums + " GROUP BY u.model"
      }
      return bundles.map { "SELECT b.model AS key, sum(utterances) AS utterances " + $0 + " GROUP BY b.model" }
    case .day:
      // Days begin at whole quarters of an hour in every zone, and asking for the date takes longest.
      return bundles.map {
        "SELECT " + Self.day("quarter * 900") + " AS key, sum(utterances) AS utterances FROM (SELECT"
          + " b.scored / 900000 AS quarter, sum(utterances) AS utterances " + $0 + " GROUP BY b.scored / 900000)"
          + " GROUP BY 1"
      }
    case .dialogue: return nil
    }
  }

  /// Bundles, `b`, with how many utterances of each are found.
  private var bundles: SQL? {
    if let sums = selection.isWholeBundles ? nil : selection.bundleSums {
      return "FROM (SELECT b.model, b.scored, u.utterances " + sums + ") b"
    }
    guard selection.isWholeBundles else { return nil }
    let found = (selection.bundleConditions + ["b.utterances > 0"]).joined(separator: " AND ")
    return "FROM (SELECT b.model, b.scored, b.utterances FROM " + selection.bundleTable + " WHERE " + found + ") b"
  }

  /// Each group's key with all figures; nil where the sums do not tell.
  var figures: SQL? {
    var rest = query
    switch grouping {
    case .emotion: (rest.emotions, rest.excludedEmotions) = ([], [])
    case .speaker: rest.speakers = []
    case .model: break
    case .dialogue, .day: return nil
    }
    guard let scorings = UtteranceSelection(rest).sumConditions() else { return nil }
    let (key, whole): (SQL, SQL) =
      switch grouping {
      case .emotion: ("u.emotion", "u.speaker = 0 AND u.emotion <> 0")
      case .speaker: ("u.speaker", "u.speaker <> 0 AND u.emotion = 0")
      default: ("u.model", "u.speaker = 0 AND u.emotion = 0")
      }
    func sum(_ column: String) -> SQL {
      "sum(u." + SQL(sql: column) + ") FILTER (WHERE " + whole + ")"
    }
    var columns: [SQL] = [
      key + " AS key", sum("utterances") + " AS utterances", sum("dialogues") + " AS dialogues",
      sum("bundles") + " AS bundles", speakers(key, scorings) + " AS speakers",
      sum("confidence") + " / nullif(" + sum("labelled") + ", 0) AS confidence",
      "iif(" + sum("judged") + " > 0, " + sum("uncertain") + ", NULL) AS uncertain", "NULL AS starts", "NULL AS ends",
      scored(key, "") + " AS first", scored(key, " DESC") + " AS last",
    ]
    for (place, number) in tallies.enumerated() {
      let label: SQL = "u.emotion = \(number)" + (grouping == .model ? " AND u.speaker = 0" : "")
      columns.append("sum(u.utterances) FILTER (WHERE " + label + ") AS " + SQL(sql: "tally\(place)"))
    }
    let rows: SQL = grouping == .speaker ? "u.speaker <> 0" : "u.speaker = 0"
    let terms = [rows] + UtteranceSelection(namesOnly).utteranceConditions(model: "u.model")
    return "SELECT " + columns.joined(separator: ", ") + " FROM (SELECT * FROM group_sum WHERE " + scorings
      + " AND utterances > 0) u WHERE " + terms.joined(separator: " AND ") + " GROUP BY " + key
      + " HAVING " + sum("utterances") + " > 0"
  }

  /// The filters on the groups themselves.
  private var namesOnly: UtteranceQuery {
    var names = UtteranceQuery()
    if grouping == .emotion { (names.emotions, names.excludedEmotions) = (query.emotions, query.excludedEmotions) }
    if grouping == .speaker { names.speakers = query.speakers }
    return names
  }

  private func speakers(_ key: SQL, _ scorings: SQL) -> SQL {
    guard grouping != .speaker else { return "1" }
    let rows: SQL = grouping == .emotion ? "o.emotion = " : "o.emotion = 0 AND o.model = "
    return "(SELECT count(DISTINCT o.speaker) FROM group_sum o WHERE o.speaker <> 0 AND o.utterances > 0 AND "
      + scorings + " AND " + rows + key + ")"
  }

  /// When the first or the last scoring of a group was made.
  private func scored(_ key: SQL, _ direction: SQL) -> SQL {
    let conditions = (selection.bundleConditions + ["1"]).joined(separator: " AND ")
    let extreme: SQL = direction.isEmpty ? "min(b.scored)" : "max(b.scored)"
    if grouping == .model {
      let current: SQL = !query.allModels && query.models.isEmpty ? " AND b.current = 1" : ""
      return "(SELECT " + extreme + " FROM bundle b INDEXED BY bundle_model WHERE b.utterances > 0 AND b.model = " + key
        + current + ")"
    }
    let index: SQL = grouping == .emotion ? "utterance_emotion" : "utterance_speaker"
    let column: SQL = grouping == .emotion ? "x.emotion" : "x.speaker"
    let rows: SQL =
      "FROM utterance x INDEXED BY " + index + " CROSS JOIN bundle b ON b.id = x.bundle WHERE " + column + " = " + key
      + " AND " + conditions
    return isChronological
      ? "(SELECT b.scored " + rows + " ORDER BY x.bundle" + direction + " LIMIT 1)"
      : "(SELECT " + extreme + " " + rows + ")"
  }
}
