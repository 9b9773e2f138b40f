import DialogueDomain
import Foundation
import GRDB

/// Which utterances to find, and in which order.
///
/// Filters of different kinds must all hold; of the values of one kind, one must. Names of speakers, dialogues and bundles may hold `*` (any characters) and `?` (one character).
public struct UtteranceQuery: Sendable, Hashable {
  /// Only these labels; empty: all.
  public var emotions: [String] = []
  /// None of these labels.
  public var excludedEmotions: [String] = []
  /// Only these speakers; empty: all.
  public var speakers: [String] = []
  /// Only these dialogues; empty: all.
  public var dialogues: [String] = []
  /// File names, titles, or the first eight or more digits of digests.
  public var bundles: [String] = []
  /// Model names, or the first eight or more digits of digests.
  ///
  /// Naming a model finds its superseded scorings too.
  public var models: [String] = []
  /// Scored at this time or later.
  public var since: Date?
  /// Scored before this time.
  public var until: Date?
  /// Only labels at least as sure, 0 to 1.
  public var minimumConfidence: Double?
  /// Only labels at most as sure, 0 to 1.
  public var maximumConfidence: Double?
  /// Of a stability below this; utterances without a stability are left out.
  public var stabilityBelow: Double?
  /// Of this stability or less, likewise.
  public var maximumStability: Double?
  /// Only labels that their model calls uncertain, or only those that it calls certain; nil: all.
  public var isUncertain: Bool?
  /// Only utterances whose set of labels holds one of these; empty: all.
  public var setEmotions: [String] = []
  /// Words that must all be said; nil: any.
  public var words: WordPattern?
  /// Includes scorings that another model's scoring of the same bytes has superseded.
  public var allModels = false
  /// Most significant first; empty means by time.
  public var order: [UtteranceOrder] = []
  /// At most so many; nil: all.
  public var limit: Int?
  /// So many are passed over first.
  public var offset = 0

  /// Every utterance.
  public init() {}
}

/// One sorting criterion.
public struct UtteranceOrder: Sendable, Hashable {
  /// What utterances can be sorted by.
  public enum Field: String, CaseIterable, Sendable {
    /// When the bundle was scored; within it, the order of the bundle.
    case time
    /// How sure the label is.
    case confidence
    /// The dialogue's id.
    case dialogue
    /// The speaker's name.
    case speaker
    /// The label's name.
    case emotion
    /// Utterances without one come last in either direction.
    case stability
  }

  /// What to sort by.
  public var field: Field
  /// The largest or latest first.
  public var descending: Bool

  /// An order by one field.
  public init(_ field: Field, descending: Bool = false) {
    self.field = field
    self.descending = descending
  }
}

/// The SQL of an `UtteranceQuery`: its joins, conditions and order.
///
/// The way is fixed (`CROSS JOIN` keeps SQLite from changing the tables' order, `INDEXED BY` from choosing an index),
/// since it follows from the filters and must not depend on statistics: from named dialogues to their utterances, else
/// from the words where some are asked for, else from the bundles in the order of time to the utterances of each, through the index that begins with the speaker or
/// the emotion where one is asked for.
struct UtteranceSelection {
  private let query: UtteranceQuery
  private let extra: SQL?

  /// - Parameter extra: a further condition on `u` and `b`.
  init(_ query: UtteranceQuery, and extra: SQL? = nil) {
    self.query = query
    self.extra = extra
  }

  /// Tables `u` (utterance) and `b` (bundle), joined.
  var joins: SQL {
    if query.words != nil {
      return "FROM words CROSS JOIN utterance u ON u.id = words.rowid CROSS JOIN bundle b ON b.id = u.bundle"
    }
    let utterances = SQL(sql: "utterance u INDEXED BY \(access)")
    return query.dialogues.isEmpty
      ? "FROM bundle b INDEXED BY bundle_scored CROSS JOIN " + utterances + " ON u.bundle = b.id"
      : "FROM " + utterances + " CROSS JOIN bundle b ON b.id = u.bundle"
  }

  /// The joined tables, filtered.
  var source: SQL { joins + " " + conditions }

  /// The same with the table `e` (emotion), in front where the index over emotions alone can answer.
  var sourceByEmotion: SQL {
    guard query.dialogues.isEmpty && query.speakers.isEmpty && query.words == nil else {
      return joins + " CROSS JOIN emotion e ON e.id = u.emotion " + conditions
    }
    return "FROM emotion e CROSS JOIN bundle b CROSS JOIN utterance u INDEXED BY utterance_emotion"
      + " ON u.emotion = e.id AND u.bundle = b.id " + conditions
  }

  /// The same with the table `speaker` in front, so that the index over speakers alone answers.
  var sourceBySpeaker: SQL {
    guard query.dialogues.isEmpty && query.words == nil else { return source }
    return "FROM speaker n CROSS JOIN utterance u INDEXED BY utterance_speaker ON u.speaker = n.id"
      + " CROSS JOIN bundle b ON b.id = u.bundle "
      + conditions
  }

  /// True where every utterance of the selected bundles is meant.
  var isWholeBundles: Bool {
    query.emotions.isEmpty && query.excludedEmotions.isEmpty && query.speakers.isEmpty && query.dialogues.isEmpty
      && query.minimumConfidence == nil && query.maximumConfidence == nil && query.stabilityBelow == nil
      && query.maximumStability == nil && query.words == nil && query.isUncertain == nil && query.setEmotions.isEmpty
  }

  var conditions: SQL {
    let all = bundleConditions + utteranceConditions + (extra.map { [$0] } ?? [])
    return all.isEmpty ? "" : "WHERE " + all.joined(separator: " AND ")
  }

  /// Conditions on `b` alone.
  var bundleConditions: [SQL] {
    BundleConditions(
      bundles: query.bundles, models: query.models, since: query.since, until: query.until,
      allModels: query.allModels
    ).terms
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
    // Time with the row's number decides among equals, so that an order is always the same one.
    terms += (timeIsDescending ? ["b.scored DESC", "b.id DESC", "u.id DESC"] : ["b.scored", "b.id", "u.id"]) as [SQL]
    return "ORDER BY " + terms.joined(separator: ", ")
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

  private var utteranceConditions: [SQL] {
    var terms: [SQL] = []
    if let words = query.words { terms.append("words MATCH \(words.match)") }
    if query.emotions.count == 1 {
      // SQLite knows of "=" that it keeps the order of the rows.
      terms.append("u.emotion = (SELECT id FROM emotion WHERE name = \(query.emotions[0]))")
    } else if !query.emotions.isEmpty {
      terms.append("u.emotion IN (SELECT id FROM emotion WHERE name IN \(query.emotions))")
    }
    if !query.excludedEmotions.isEmpty {
      terms.append("u.emotion NOT IN (SELECT id FROM emotion WHERE name IN \(query.excludedEmotions))")
    }
    let speakers = query.speakers.map(NamePattern.init)
    if speakers.count == 1, speakers[0].globs.isEmpty, let name = speakers[0].exact.first, speakers[0].exact.count == 1
    {
      terms.append("u.speaker = (SELECT id FROM speaker WHERE name = \(name))")
    } else if !query.speakers.isEmpty {
      terms.append(
        "u.speaker IN (SELECT id FROM speaker WHERE "
          + NamePattern.matches("name", query.speakers, among: ("speaker", "name"))
          + ")")
    }
    if !query.dialogues.isEmpty {
      terms.append(
        "u.dialogue IN (SELECT id FROM dialogue WHERE "
          + NamePattern.matches("name", query.dialogues, among: ("dialogue", "name"))
          + ")")
    }
    if let least = query.minimumConfidence { terms.append("u.confidence >= \(least)") }
    if let most = query.maximumConfidence { terms.append("u.confidence <= \(most)") }
    if let limit = query.stabilityBelow { terms.append("u.stability < \(limit)") }
    if let most = query.maximumStability { terms.append("u.stability <= \(most)") }
    if let isUncertain = query.isUncertain { terms.append("u.uncertain = \(isUncertain)") }
    if !query.setEmotions.isEmpty {
      terms.append(
        "EXISTS (SELECT 1 FROM model, json_each(model.emotions) c WHERE model.id = b.model"
          + " AND c.value IN \(query.setEmotions) AND (u.label_set >> c.key) & 1)")
    }
    return terms
  }
}
