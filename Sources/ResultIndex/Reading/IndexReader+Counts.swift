import DialogueDomain
import EvaluationStatistics
import Foundation
import GRDB

/// How many utterances of one bundle were given one emotion.
public struct EmotionCount: Sendable, Hashable {
  /// The bundle's row number in the index.
  public let bundle: Int64
  /// The label's name.
  public let emotion: String
  /// How many utterances have it.
  public let count: Int
  /// Sum of the confidences: divided by the count, their mean.
  public let confidenceSum: Double
}

/// How many utterances of one speaker were given one emotion.
public struct SpeakerCount: Sendable, Hashable {
  /// As in the bundles.
  public let speaker: String
  /// The label's name.
  public let emotion: String
  /// How many utterances have it.
  public let count: Int
}

extension IndexReader {
  /// Scorings that the index holds, superseded ones among them: they are numbered one after the other and never deleted.
  public func scoringCount() throws -> Int {
    try read { try Int.fetchOne($0, sql: "SELECT max(id) FROM bundle") ?? 0 }
  }

  /// Counts per emotion and bundle; sums of them are counts per emotion, per bundle and in all.
  ///
  /// The query's order, limit and offset are left aside, here and in the other counts.
  public func emotionCounts(_ query: UtteranceQuery) throws -> [EmotionCount] {
    let sql: SQL = "SELECT b.id, e.name, count(*), sum(u.confidence) "
    let rows = try counts(sql + UtteranceSelection(query).sourceByEmotion + " GROUP BY e.id, b.id")
    return rows.map { EmotionCount(bundle: $0[0], emotion: $0[1], count: $0[2], confidenceSum: $0[3]) }
  }

  /// Counts per speaker and emotion.
  public func speakerCounts(_ query: UtteranceQuery) throws -> [SpeakerCount] {
    let sql: SQL = "SELECT s.name, e.name, c.number FROM (SELECT u.speaker, u.emotion, count(*) AS number "
    let groups: SQL = " GROUP BY u.speaker, u.emotion) c"
    let names: SQL = " JOIN speaker s ON s.id = c.speaker JOIN emotion e ON e.id = c.emotion"
    let rows = try counts(sql + UtteranceSelection(query).sourceBySpeaker + groups + names)
    return rows.map { SpeakerCount(speaker: $0[0], emotion: $0[1], count: $0[2]) }
  }

  /// The labels of the utterances whose true emotion is known, compared with it; each model's classes are its own.
  public func truthComparison(_ query: UtteranceQuery) throws -> TruthComparison {
    let labelled: SQL = "b.labelled > 0 AND u.truth IS NOT NULL"
    let sql: SQL =
      "SELECT m.emotions, t.name, e.name, c.number FROM (SELECT b.model, u.truth, u.emotion, count(*) AS number "
    let groups: SQL = " GROUP BY b.model, u.truth, u.emotion) c JOIN model m ON m.id = c.model"
    let names: SQL = " JOIN emotion t ON t.id = c.truth JOIN emotion e ON e.id = c.emotion"
    let rows = try counts(sql + UtteranceSelection(query, and: labelled).source + groups + names)
    return rows.map { row in
      var comparison = TruthComparison(BundleDecoder.emotions(row[0]))
      comparison.add(truth: row[1], label: row[2], count: row[3], matching: matching)
      return comparison
    }.total()
  }

  /// Labels against the truth dialogue by dialogue, by the models' digests: what a band over dialogues is drawn from.
  public func dialogueConfusions(_ query: UtteranceQuery) throws -> [String: [ConfusionCounts]] {
    let labelled: SQL = "b.labelled > 0 AND u.truth IS NOT NULL"
    let sql: SQL =
      "SELECT m.digest, m.emotions, c.dialogue, t.name, e.name, c.number FROM"
      + " (SELECT b.model, u.dialogue, u.truth, u.emotion, count(*) AS number "
    let groups: SQL = " GROUP BY b.model, u.dialogue, u.truth, u.emotion) c JOIN model m ON m.id = c.model"
    let names: SQL =
      " JOIN emotion t ON t.id = c.truth JOIN emotion e ON e.id = c.emotion ORDER BY c.model, c.dialogue"
    var found: [String: [ConfusionCounts]] = [:]
    var (last, emotions): (Int64?, [String: EmotionSet]) = (nil, [:])
    for row in try counts(sql + UtteranceSelection(query, and: labelled).source + groups + names) {
      let (digest, dialogue): (String, Int64) = (row[0], row[2])
      let known = emotions[digest] ?? BundleDecoder.emotions(row[1])
      emotions[digest] = known
      guard
        case .judged(let truth, let label) = matching.agreement(
          truth: row[3], label: known.index(of: row[4]), in: known)
      else { continue }
      if dialogue != last { found[digest, default: []].append(ConfusionCounts(classes: known.count)) }
      last = dialogue
      let place = (found[digest]?.count ?? 1) - 1
      found[digest]?[place].add(truth: truth, predicted: label, count: row[5])
    }
    return found
  }

  /// What models promised of their doubt and what they kept, by the models' digests; of those that promise anything.
  public func doubtComparisons(_ query: UtteranceQuery) throws -> [String: DoubtComparison] {
    let sql: SQL =
      "SELECT m.digest, m.promise, m.emotions, t.name, e.name, c.uncertain, c.label_set, c.number FROM"
      + " (SELECT b.model, u.truth, u.emotion, u.uncertain, u.label_set, count(*) AS number "
    let groups: SQL =
      " GROUP BY b.model, u.truth, u.emotion, u.uncertain, u.label_set) c JOIN model m ON m.id = c.model"
    let names: SQL = " JOIN emotion e ON e.id = c.emotion LEFT JOIN emotion t ON t.id = c.truth"
    let promised: SQL = "b.model IN (SELECT id FROM model WHERE promise IS NOT NULL)"
    let rows = try counts(sql + UtteranceSelection(query, and: promised).source + groups + names)
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

/// How many utterances of one bundle were given one emotion, with the time when the bundle was scored.
public struct EmotionTime: Sendable, Hashable {
  /// The bundle's number in this index.
  public let bundle: Int64
  /// When the bundle was scored.
  public let scored: Date
  /// The label's name.
  public let emotion: String
  /// How many utterances have it.
  public let count: Int
  /// Sum of the confidences: divided by the count, their mean.
  public let confidenceSum: Double
}

extension IndexReader {
  /// The labels of a period per bundle and emotion, in the order of time: sums of them are counts per hour or night.
  ///
  /// - Parameters:
  ///   - since: scored at this time or later.
  ///   - until: scored before this time.
  ///   - allModels: with scorings that another model's have superseded.
  public func emotionTimes(
    since: Date? = nil, until: Date? = nil, allModels: Bool = false
  ) throws -> [EmotionTime] {
    let period = BundleConditions(bundles: [], models: [], since: since, until: until, allModels: allModels).all
    let sql: SQL =
      "SELECT b.id, b.scored, e.name, count(*), sum(u.confidence) FROM bundle b INDEXED BY bundle_scored"
      + " CROSS JOIN emotion e CROSS JOIN utterance u INDEXED BY utterance_emotion"
      + " ON u.emotion = e.id AND u.bundle = b.id WHERE " + period
      + " GROUP BY b.scored, b.id, e.id"
    return try read { database in
      let (text, arguments) = try sql.build(database)
      return try Row.fetchAll(database, sql: text, arguments: arguments).map { row in
        EmotionTime(
          bundle: row[0], scored: Date(milliseconds: row[1]), emotion: row[2], count: row[3], confidenceSum: row[4])
      }
    }
  }
}

/// How many utterances of one bundle have one speaker, one label and one truth.
public struct SpeakerTime: Sendable, Hashable {
  /// The bundle's number in this index.
  public let bundle: Int64
  /// As in the bundles.
  public let speaker: String
  /// The label's name.
  public let emotion: String
  /// The true emotion; nil where it is not known.
  public let truth: String?
  /// How many utterances have it.
  public let count: Int
}

extension IndexReader {
  /// The labels of a period per bundle, speaker, emotion and truth: sums of them are counts per speaker and confusions.
  ///
  /// - Parameters:
  ///   - since: scored at this time or later.
  ///   - until: scored before this time.
  ///   - allModels: with scorings that another model's have superseded.
  public func speakerTimes(
    since: Date? = nil, until: Date? = nil, allModels: Bool = false
  ) throws -> [SpeakerTime] {
    let period = BundleConditions(bundles: [], models: [], since: since, until: until, allModels: allModels).all
    let sql: SQL =
      "SELECT b.id, u.speaker, u.emotion, u.truth, count(*) FROM bundle b INDEXED BY bundle_scored"
      + " CROSS JOIN utterance u INDEXED BY utterance_bundle ON u.bundle = b.id WHERE " + period
      + " GROUP BY b.id, u.speaker, u.emotion, u.truth"
    return try read { database in
      var emotions: [Int64: String] = [:]
      for row in try Row.fetchAll(database, sql: "SELECT id, name FROM emotion") { emotions[row[0]] = row[1] }
      // Looked up one by one: an index may hold far more speakers than a night.
      let speakerName = try database.cachedStatement(sql: "SELECT name FROM speaker WHERE id = ?")
      var speakers: [Int64: String] = [:]
      let (text, arguments) = try sql.build(database)
      var found: [SpeakerTime] = []
      let rows = try Row.fetchCursor(database, sql: text, arguments: arguments)
      while let row = try rows.next() {
        let (speaker, truth): (Int64, Int64?) = (row[1], row[3])
        if speakers[speaker] == nil {
          speakers[speaker] = try String.fetchOne(speakerName, arguments: [speaker]) ?? ""
        }
        found.append(
          SpeakerTime(
            bundle: row[0], speaker: speakers[speaker] ?? "", emotion: emotions[row[2]] ?? "",
            truth: truth.flatMap { emotions[$0] }, count: row[4]))
      }
      return found
    }
  }
}
