import Foundation
import GRDB

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
  /// The labels that a query finds per bundle and emotion, in the order of time: sums of them are counts per hour or night.
  public func emotionTimes(_ query: UtteranceQuery = UtteranceQuery()) throws -> [EmotionTime] {
    let selection = UtteranceSelection(query)
    let counts: SQL =
      if let sums = selection.bundleSums {
        "SELECT b.id, b.scored, u.emotion, u.utterances, u.confidence " + sums
      } else {
        "SELECT b.id, b.scored, u.emotion, count(*) AS utterances, sum(u.confidence) AS confidence " + selection.source
          + " GROUP BY b.id, u.emotion"
      }
    let sql: SQL =
      "SELECT c.id, c.scored, e.name, c.utterances, c.confidence FROM (" + counts
      + ") c CROSS JOIN emotion e ON e.id = c.emotion ORDER BY c.scored, c.id, c.emotion"
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
  /// The labels that a query finds per bundle, speaker, emotion and truth: sums of them are counts per speaker and confusions.
  public func speakerTimes(_ query: UtteranceQuery = UtteranceQuery()) throws -> [SpeakerTime] {
    let sql: SQL =
      "SELECT b.id, u.speaker, u.emotion, u.truth, count(*) " + UtteranceSelection(query).source
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
