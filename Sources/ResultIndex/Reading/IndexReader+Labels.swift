import DialogueDomain
import Foundation
import GRDB

/// One utterance's label by the index's numbers of names: what is counted without looking up a name for each.
public struct NumberedLabel: Sendable, Hashable {
  /// The dialogue's number.
  public let dialogue: Int64
  /// The speaker's number.
  public let speaker: Int64
  /// The label's number.
  public let emotion: Int64
  /// The number of the true emotion; nil where it is not known.
  public let truth: Int64?
  /// Probability of the label.
  public let confidence: Double
  /// What the model's own limit says of the label; nil where it has none.
  public let isUncertain: Bool?

  fileprivate init(_ row: Row) {
    (dialogue, speaker, emotion, truth) = (row[1], row[2], row[3], row[4])
    (confidence, isUncertain) = (row[5], row[6])
  }
}

extension IndexReader {
  /// Hands over the labels that a query finds, those of one scoring at a time, in the order of time.
  ///
  /// Every utterance is read once. Those of one dialogue stand together, dialogues in the order of their numbers.
  ///
  /// - Parameter body: takes the scoring's number and its labels.
  public func forEachScoringsLabels(
    _ query: UtteranceQuery, _ body: (_ scoring: Int64, _ labels: [NumberedLabel]) throws -> Void
  ) throws {
    let sql: SQL =
      "SELECT b.id, u.dialogue, u.speaker, u.emotion, u.truth, u.confidence, u.uncertain "
      + UtteranceSelection(query).source + " ORDER BY b.scored, b.id"
    try read { database in
      let (text, arguments) = try sql.build(database)
      let rows = try Row.fetchCursor(database, sql: text, arguments: arguments)
      var (scoring, labels): (Int64?, [NumberedLabel]) = (nil, [])
      func handOver() throws {
        guard let scoring else { return }
        // In the index they stand in this order already, unless a bundle's dialogues are interleaved.
        let isOrdered = zip(labels, labels.dropFirst()).allSatisfy { $0.dialogue <= $1.dialogue }
        try body(scoring, isOrdered ? labels : labels.sorted { $0.dialogue < $1.dialogue })
        labels.removeAll(keepingCapacity: true)
      }
      while let row = try rows.next() {
        let bundle: Int64 = row[0]
        if bundle != scoring {
          try handOver()
          scoring = bundle
        }
        labels.append(NumberedLabel(row))
      }
      try handOver()
    }
  }

  /// Every emotion's name by its number.
  public func emotionNames() throws -> [Int64: String] {
    try read { database in
      let rows = try Row.fetchAll(database, sql: "SELECT id, name FROM emotion")
      return Dictionary(rows.map { ($0[0], $0[1]) }) { first, _ in first }
    }
  }

  /// The names of some speakers by their numbers: an index may hold far more than are asked for.
  public func speakerNames(_ numbers: some Sequence<Int64>) throws -> [Int64: String] {
    try read { database in
      let statement = try database.cachedStatement(sql: "SELECT name FROM speaker WHERE id = ?")
      return try numbers.reduce(into: [:]) { names, number in
        names[number] = try String.fetchOne(statement, arguments: [number])
      }
    }
  }

  /// The names of a period's dialogues by their numbers.
  ///
  /// - Parameters:
  ///   - since: scored at this time or later.
  ///   - until: scored before this time.
  ///   - allModels: with scorings that another model's have superseded.
  public func dialogueNames(
    since: Date? = nil, until: Date? = nil, allModels: Bool = false
  ) throws -> [Int64: String] {
    let period = BundleConditions(bundles: [], models: [], since: since, until: until, allModels: allModels).all
    let sql: SQL =
      "SELECT d.id, d.name FROM bundle b INDEXED BY bundle_scored CROSS JOIN dialogue d ON d.bundle = b.id WHERE "
      + period
    return try read { database in
      let (text, arguments) = try sql.build(database)
      let rows = try Row.fetchCursor(database, sql: text, arguments: arguments)
      var names: [Int64: String] = [:]
      while let row = try rows.next() { names[row[0]] = row[1] }
      return names
    }
  }
}
