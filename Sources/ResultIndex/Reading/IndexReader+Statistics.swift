import DialogueDomain
import GRDB

/// How many utterances of one bundle were given one emotion.
public struct EmotionCount: Sendable, Hashable {
  public let bundle: Int64
  public let emotion: String
  public let count: Int
  /// Sum of the confidences: divided by the count, their mean.
  public let confidenceSum: Double
}

/// How many utterances of one speaker were given one emotion.
public struct SpeakerCount: Sendable, Hashable {
  public let speaker: String
  public let emotion: String
  public let count: Int
}

/// How many utterances of one true emotion were given one emotion.
public struct TruthCount: Sendable, Hashable {
  public let truth: String
  public let emotion: String
  public let count: Int
}

extension IndexReader {
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

  /// Counts of true against given emotions, over the utterances whose truth is known.
  public func truthCounts(_ query: UtteranceQuery) throws -> [TruthCount] {
    let labelled: SQL = "b.labelled > 0 AND u.truth IS NOT NULL"
    let sql: SQL = "SELECT t.name, e.name, c.number FROM (SELECT u.truth, u.emotion, count(*) AS number "
    let groups: SQL = " GROUP BY u.truth, u.emotion) c"
    let names: SQL = " JOIN emotion t ON t.id = c.truth JOIN emotion e ON e.id = c.emotion"
    let rows = try counts(sql + UtteranceSelection(query, and: labelled).source + groups + names)
    return rows.map { TruthCount(truth: $0[0], emotion: $0[1], count: $0[2]) }
  }

  private func counts(_ sql: SQL) throws -> [Row] {
    try read { database in
      let (text, arguments) = try sql.build(database)
      return try Row.fetchAll(database, sql: text, arguments: arguments)
    }
  }
}
