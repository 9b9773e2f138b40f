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
      "SELECT b.id, b.scored, e.name, s.utterances, s.confidence FROM bundle b INDEXED BY bundle_scored"
      + " CROSS JOIN bundle_sum s ON s.bundle = b.id CROSS JOIN emotion e ON e.id = s.emotion WHERE " + period
      + " ORDER BY b.scored, b.id, s.emotion"
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
