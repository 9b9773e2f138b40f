import DialogueDomain
import Foundation
import GRDB

/// Writes one scored bundle's rows, inside a transaction that the caller holds.
struct BundleInsertion {
  private let database: Database
  private let bundle: ScoredBundle
  private let scoring: ScoringRecord
  /// Whether the sums follow at once; where not, they are made anew before anybody asks.
  private let keepsSums: Bool
  private var emotions: NameTable
  private var speakers: NameTable

  init(_ database: Database, _ bundle: ScoredBundle, _ scoring: ScoringRecord, keepsSums: Bool) {
    self.database = database
    self.keepsSums = keepsSums
    self.bundle = bundle
    self.scoring = scoring
    emotions = NameTable("emotion")
    speakers = NameTable("speaker")
  }

  /// Checks what the columns rely on: a probability and a logit for each class.
  ///
  /// An utterance that nothing can be said of may come without probabilities.
  static func check(_ bundle: ScoredBundle) throws {
    for row in bundle.utterances {
      let place = "\(bundle.name): dialogue \(row.dialogue), utterance \(row.utterance)"
      let vectors = [("probabilities", row.probabilities)] + row.branchLogits.map { ("\($0.key) logits", $0.value) }
      let isUnknown = row.emotion == ScoredUtterance.unknownEmotion
      for (name, vector) in vectors where vector.count != bundle.emotions.count && !(isUnknown && vector.isEmpty) {
        throw IndexError.inconsistent(
          "the \(name) do not match the model's classes", bundle: place, found: "\(vector.count) values",
          expected: "\(bundle.emotions.count)")
      }
      guard row.confidence.isFinite else {
        throw IndexError.inconsistent(
          "the confidence is not a number", bundle: place, found: "\(row.confidence)", expected: "0 to 1")
      }
    }
  }

  static func resolveFailures(_ name: String, _ digest: String, _ database: Database) throws {
    try database.run(
      sql: "UPDATE failure SET resolved = 1 WHERE resolved = 0 AND (name = ? OR digest = ?)", arguments: [name, digest])
  }

  /// Makes way for another model's scoring of the same bytes: a probe of the one before would fill in stale labels.
  static func supersede(_ digest: String, at time: Date, _ database: Database) throws {
    let current = try RawStatement(database, "SELECT id FROM bundle WHERE digest = ? AND current")
    guard let superseded = try current.number(for: digest) else { return }
    try database.run(
      sql: """
        UPDATE probe SET state = 'skipped', reason = 'another model has scored the bundle since', time = ?
        WHERE state = 'pending' AND bundle = ?
        """, arguments: [time.milliseconds, superseded])
    try SumTables.update([superseded], database) {
      try database.run(sql: "UPDATE bundle SET current = 0 WHERE id = ?", arguments: [superseded])
    }
  }

  /// - Returns: the bundle's number.
  mutating func run() throws -> Int64 {
    for name in bundle.emotions.names { _ = try emotions.id(of: name, database) }
    let title = try Self.uniqueTitle(bundle.name, bundle.digest, database)
    let id = try insertBundle(title: title)
    try insertUtterances(bundle: id)
    try CorrectionInsertion(database).applyAll(toBundleOf: bundle.digest)
    if keepsSums { try SumTables.add(id, database) }
    try Self.resolveFailures(bundle.name, bundle.digest, database)
    return id
  }

  /// The file's name, with the digest's beginning behind it where other bytes have that name already.
  static func uniqueTitle(_ name: String, _ digest: String, _ database: Database) throws -> String {
    let candidates = [name] + [8, 64].map { "\(name) (\(digest.prefix($0)))" }
    for title in candidates {
      let owner = try RawStatement(database, "SELECT 1 FROM bundle WHERE title = ?1 AND digest <> ?2")
      owner.bind(digest, at: 2)
      if try owner.number(for: title) == nil { return title }
    }
    return name
  }

  /// The same text for the same value in every process: without an order of their own, keys stand as chance has it.
  private static func json(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }

  private func insertModel() throws -> Int64 {
    let known = try RawStatement(
      database,
      """
      SELECT id FROM model WHERE digest = ?1
        AND (training_labels IS NOT NULL OR ?2 = 0) AND (promise IS NOT NULL OR ?3 = 0)
      """)
    known.bind(bundle.trainingLabels == nil ? 0 : Int64(1), at: 2)
    known.bind(bundle.promise == nil ? 0 : Int64(1), at: 3)
    if let id = try known.number(for: bundle.modelDigest) { return id }
    let names = try Self.json(bundle.emotions)
    try database.run(
      sql: "INSERT OR IGNORE INTO model (digest, name, emotions) VALUES (?, ?, ?)",
      arguments: [bundle.modelDigest, bundle.modelName, names])
    // A row from before there were these columns gets them now.
    if let labels = bundle.trainingLabels {
      try database.run(
        sql: "UPDATE model SET training_labels = ? WHERE digest = ? AND training_labels IS NULL",
        arguments: [try Self.json(labels), bundle.modelDigest])
    }
    if let promise = bundle.promise {
      try database.run(
        sql: "UPDATE model SET promise = ? WHERE digest = ? AND promise IS NULL",
        arguments: [try Self.json(promise), bundle.modelDigest])
    }
    return try Int64.fetchCached(
      database, sql: "SELECT id FROM model WHERE digest = ?", arguments: [bundle.modelDigest])
      ?? database.lastInsertedRowID
  }

  private func insertBundle(title: String) throws -> Int64 {
    let model = try insertModel()
    try Self.supersede(bundle.digest, at: scoring.scored, database)
    let dialogues = Set(bundle.utterances.map(\.dialogue)).count
    let labelled = bundle.utterances.count { $0.truth != nil }
    try database.run(
      sql: """
        INSERT INTO bundle
          (digest, model, current, name, title, arrived, scored, seconds, byte_count, label_file, dialogues,
           utterances, labelled, worded, unknown_words)
        VALUES (?, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
      arguments: [
        bundle.digest, model, bundle.name, title, scoring.arrived.milliseconds, scoring.scored.milliseconds,
        scoring.seconds, scoring.byteCount, scoring.labelFile, dialogues, bundle.utterances.count, labelled,
        bundle.utterances.contains { $0.text != nil }, scoring.unknownWords,
      ])
    return database.lastInsertedRowID
  }

  private mutating func insertUtterances(bundle id: Int64) throws {
    let lengths = bundle.utterances.reduce(into: [:]) { $0[$1.dialogue, default: 0] += 1 }
    let insertDialogue = try RawStatement(
      database, "INSERT INTO dialogue (bundle, name, utterances) VALUES (?, ?, ?)")
    let insertUtterance = try RawStatement(
      database,
      """
      INSERT INTO utterance
        (bundle, dialogue, turn, name, speaker, emotion, truth, confidence, starts, ends, text_share, visual_share,
         audio_share, margin, stability, uncertain, label_set, probabilities, text_logits, visual_logits,
         audio_logits)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """)
    let insertWords = try RawStatement(database, "INSERT INTO words (rowid, text) VALUES (?, ?)")
    var dialogues: [String: Int64] = [:]
    for row in bundle.utterances {
      let dialogue: Int64
      if let known = dialogues[row.dialogue] {
        dialogue = known
      } else {
        try insertDialogue.run {
          $0.add(id)
          $0.add(row.dialogue)
          $0.add(lengths[row.dialogue] ?? 0)
        }
        dialogue = database.lastInsertedRowID
        dialogues[row.dialogue] = dialogue
      }
      // In this order, in which new names get their numbers.
      let truth = try row.truth.map { try emotions.id(of: $0, database) }
      let speaker = try speakers.id(of: row.speaker, database)
      let emotion = try emotions.id(of: row.emotion, database)
      try insertUtterance.run { values in
        values.add(id)
        values.add(dialogue)
        values.add(row.turn)
        values.add(row.utterance)
        values.add(speaker)
        values.add(emotion)
        values.add(truth)
        for number in [row.confidence, row.start, row.end] { values.add(number) }
        for modality in [Modality.text, .visual, .audio] { values.add(row.shares[modality]) }
        for number in [row.margin, row.stability] { values.add(number) }
        values.add(row.isUncertain.map { $0 ? Int64(1) : 0 })
        values.add(row.labelSet.flatMap(ClassBits.encode))
        values.add(FloatBlob.encode(row.probabilities))
        for modality in [Modality.text, .visual, .audio] {
          values.add(row.branchLogits[modality].map(FloatBlob.encode))
        }
      }
      if let text = row.text {
        let number = database.lastInsertedRowID
        try insertWords.run {
          $0.add(number)
          $0.add(text)
        }
      }
    }
  }
}

/// Numbers for the names of a table (id, name), looked up once per bundle and added where they are new.
struct NameTable {
  private let table: String
  private var known: [String: Int64] = [:]
  private var selection: RawStatement?

  /// - Parameter table: a table of this schema: its name goes into the SQL text.
  init(_ table: String) {
    self.table = table
  }

  mutating func id(of name: String, _ database: Database) throws -> Int64 {
    if let id = known[name] { return id }
    let statement = try selection ?? RawStatement(database, "SELECT id FROM \(table) WHERE name = ?")
    selection = statement
    let id: Int64
    if let found = try statement.number(for: name) {
      id = found
    } else {
      try database.run(sql: "INSERT INTO \(table) (name) VALUES (?)", arguments: [name])
      id = database.lastInsertedRowID
    }
    known[name] = id
    return id
  }

  /// Forgets what has been looked up, so that memory does not grow with the names that there are.
  mutating func forget(beyond count: Int) {
    if known.count > count { known.removeAll(keepingCapacity: true) }
  }
}
