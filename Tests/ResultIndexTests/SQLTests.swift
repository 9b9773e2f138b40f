import DialogueDomain
import Foundation
import TestFolders
import Testing

@testable import ResultIndex

/// Queries in SQL: what they see, and that they can do nothing but read.
struct SQLTests {
  private let folder: TemporaryFolder
  private let reader: IndexReader
  private let friday: ScoredBundle

  /// `friday.h5`, scored by two models, with words and one utterance that nothing can be said of; a failure; a probe.
  init() throws {
    folder = try TemporaryFolder()
    let writer = try IndexWriter(folder.index)
    var source = SyntheticBundles(seed: 8)
    var bundle = source.bundle("friday.h5", digest: SyntheticBundles.digest("friday"), dialogues: 2, turns: 4...4)
    for row in bundle.utterances.indices { bundle.utterances[row].text = "it is number \(row)" }
    bundle.utterances[0].isUncertain = true
    bundle.utterances[0].labelSet = [0, 6]
    bundle.utterances[7] = ScoredUtterance(
      dialogue: "friday-1", utterance: "last", turn: 3, speaker: "Ross", emotion: "unknown", confidence: 0,
      probabilities: [], branchLogits: [:], shares: [:])
    let time = Date(timeIntervalSince1970: 1_800_000_000.125)
    let earlier = source.bundle(
      "friday.h5", digest: bundle.digest, model: "older", dialogues: 1, turns: 3...3)
    _ = try writer.record(earlier, SyntheticBundles.scoring(at: time - 60, name: "friday"))
    _ = try writer.record(
      bundle, SyntheticBundles.scoring(at: time, name: "friday"),
      probe: ProbeRequest(plan: "{}", file: "done/friday.h5", time: time))
    try writer.recordFailure(
      FailureRecord(
        name: "broken.h5", digest: nil, time: time,
        explanation: Explanation(.data, "it is empty", at: "broken.h5", found: "nothing")))
    try writer.close()
    friday = bundle
    reader = try IndexReader(folder.index)
  }

  private func rows(_ sql: String, allModels: Bool = false) throws -> [[SQLValue]] {
    var query = SQLQuery(sql)
    query.allModels = allModels
    var rows: [[SQLValue]] = []
    let count = try reader.select(query) { _ in
    } _: {
      rows.append($0)
    }
    #expect(count == rows.count)
    return rows
  }

  private func message(_ sql: String) -> String? {
    do {
      _ = try rows(sql)
      return nil
    } catch {
      let explanation = (error as? any ExplainedError)?.explanation
      #expect(explanation?.kind == .usage)
      return explanation?.message
    }
  }

  @Test(arguments: IndexView.all.map(\.name))
  func everyViewHasTheColumnsItNames(_ name: String) throws {
    let view = try #require(IndexView.all.first { $0.name == name })
    var columns: [String] = []
    _ = try reader.select(SQLQuery("SELECT * FROM \(name)")) {
      columns = $0
    } _: {
      #expect($0.count == columns.count)
    }
    #expect(columns == view.columns.map(\.name))
    // An alias needs a second name, a correction somebody who makes one; every other view has rows here.
    let isEmpty = try rows("SELECT * FROM \(name)").isEmpty
    #expect(isEmpty == ["aliases", "corrections"].contains(name))
  }

  @Test func valuesAreThoseOfTheIndex() throws {
    #expect(
      try rows("SELECT utterance, confidence, certain, label_set, text, scored FROM utterances ORDER BY id LIMIT 1")
        == [
          [
            .text(friday.utterances[0].utterance), .number(friday.utterances[0].confidence), .integer(0),
            .text("neutral,anger"), .text("it is number 0"), .text("2027-01-15T08:00:00.125Z"),
          ]
        ])
    #expect(
      try rows("SELECT emotion, confidence, certain, label_set FROM utterances WHERE utterance = 'last'")
        == [[.text("unknown"), .null, .null, .null]])
    let probabilities = try rows(
      "SELECT probability, text_logit FROM probabilities p JOIN utterances u ON u.id = p.utterance_id WHERE u.turn = 1"
        + " AND u.dialogue = 'friday-0'")
    let expected = friday.utterances[1]
    #expect(
      probabilities
        == zip(expected.probabilities, try #require(expected.branchLogits[.text])).map {
          [.number(Double($0)), .number(Double($1))]
        })
    #expect(
      try rows("SELECT dialogue, utterances FROM dialogues ORDER BY 1").map { $0[1] } == [.integer(4), .integer(4)])
    #expect(
      try rows("SELECT kind, what, found, remedy FROM failures") == [
        [.text("data"), .text("it is empty"), .text("nothing"), .null]
      ])
    #expect(try rows("SELECT rowid FROM words WHERE words MATCH 'number'").count == 7)
  }

  @Test func supersededScoringsAreLeftOutUnlessAskedFor() throws {
    #expect(try rows("SELECT count(*) FROM utterances") == [[.integer(8)]])
    #expect(
      try rows("SELECT count(*), sum(current) FROM utterances", allModels: true) == [[.integer(11), .integer(8)]])
    #expect(try rows("SELECT model, bundles FROM models ORDER BY 1").map { $0[1] } == [.integer(1), .integer(0)])
  }

  @Test(arguments: [
    "DELETE FROM utterance", "UPDATE bundle SET current = 0", "INSERT INTO speaker (name) VALUES ('x')",
    "DROP TABLE utterance", "DROP VIEW utterances", "CREATE TABLE t (a)", "CREATE TEMP TABLE t (a)",
    "CREATE TEMP VIEW v AS SELECT 1", "ALTER TABLE bundle RENAME TO b", "CREATE INDEX i ON bundle (seconds)",
    "CREATE TEMP TRIGGER t INSTEAD OF INSERT ON utterances BEGIN SELECT 1; END",
    "ATTACH DATABASE ':memory:' AS other", "ATTACH 'other.sqlite' AS other", "DETACH DATABASE temp",
    "PRAGMA user_version = 9", "PRAGMA query_only = 0", "PRAGMA writable_schema = 1", "PRAGMA journal_mode = DELETE",
    "PRAGMA wal_checkpoint", "PRAGMA data_version = 3", "VACUUM", "VACUUM INTO 'copy.sqlite'", "REINDEX", "ANALYZE",
    "BEGIN IMMEDIATE", "COMMIT", "SAVEPOINT s", "INSERT INTO words (words) VALUES ('optimize')",
    "SELECT load_extension('/tmp/x.so')", "INSERT INTO speaker (name) VALUES ('x') RETURNING id",
    "EXPLAIN DELETE FROM utterance", "WITH a AS (SELECT 1) DELETE FROM utterance",
  ])
  func nothingIsWritten(_ sql: String) throws {
    let before = try Data(contentsOf: folder.index)
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.url.path).sorted()
    #expect(message(sql)?.contains("ambq sql only reads") == true, "\(message(sql) ?? "it was done")")
    #expect(try Data(contentsOf: folder.index) == before)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path).sorted() == files)
    #expect(!FileManager.default.fileExists(atPath: "copy.sqlite"))
  }

  @Test func whatIsWrongIsToldWithItsPlace() {
    #expect(
      message("SELECT emotoin FROM utterances")
        == "character 8, from 'emotoin FROM utterances': SQLite does not understand the query: no such column: emotoin. "
        + "Texts stand in 'single quotes'. 'ambq sql --views' lists what can be asked, and ambq(1) tells more.")
    #expect(message("SELECT 'é',\n  x\nFROM utterances")?.hasPrefix("line 2, character 3, from 'x': ") == true)
    #expect(message("SELEKT 1")?.contains("syntax error") == true)
    #expect(message("SELECT * FROM nowhere")?.contains("no such table: nowhere") == true)
    #expect(message("SELECT count(*) FROM utterances WHERE emotion = \"joy\"")?.contains("no such column: joy") == true)
    #expect(message("SELECT 1; SELECT 2")?.contains("ultiple statements") == true)
    #expect(message("")?.contains("empty") == true)
    #expect(message("SELECT ?") != nil)
    #expect(message("SELECT zeroblob(1000000000)") != nil)
  }

  @Test func aQueryWithoutEndIsEnded() throws {
    var query = SQLQuery("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n")
    query.limit = .milliseconds(50)
    let error = #expect(throws: IndexError.self) {
      try reader.select(query) { _ in
      } _: { _ in
      }
    }
    #expect(error?.explanation.message.contains("--timeout") == true && error?.explanation.kind == .usage)
  }

  @Test func whatTheReaderDoesWithARowIsNotCounted() throws {
    var query = SQLQuery("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 3) SELECT i FROM n")
    query.limit = .seconds(30)
    struct Enough: Error {}
    #expect(throws: Enough.self) {
      try reader.select(query) { _ in
      } _: { _ in
        throw Enough()
      }
    }
    #expect(try rows("SELECT 1") == [[.integer(1)]])
  }
}
