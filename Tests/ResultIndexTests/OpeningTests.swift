import DialogueDomain
import Foundation
import GRDB
import TestFolders
import Testing

@testable import ResultIndex

struct OpeningTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  private func sql(_ text: String) throws {
    let queue = try DatabaseQueue(path: folder.index.path)
    try queue.write { try $0.execute(sql: text) }
    try queue.close()
  }

  private func fill() throws {
    var source = SyntheticBundles(seed: 1)
    let writer = try IndexWriter(folder.index)
    let bundle = source.bundle("friday.h5", digest: "d", dialogues: 1, turns: 5...5)
    _ = try writer.record(bundle, SyntheticBundles.scoring(at: Date(timeIntervalSince1970: 0), name: "friday.h5"))
    try writer.close()
  }

  @Test func aNewFileIsMarkedAsOursAndWritesAheadToItsLog() throws {
    let writer = try IndexWriter(folder.index)
    let reader = try IndexReader(folder.index)
    try reader.read { database in
      #expect(try Int.fetchOne(database, sql: "PRAGMA application_id") == 0x616D_6271)
      #expect(try Int.fetchOne(database, sql: "PRAGMA user_version") == IndexSchema.version)
      #expect(try String.fetchOne(database, sql: "PRAGMA journal_mode") == "wal")
      let applied = try IndexSchema.migrator.appliedIdentifiers(database)
      #expect(
        applied == [
          "1: models, bundles, utterances, failures, daemon", "2: probes, the daemon's activity",
          "3: training labels of models", "4: words", "5: doubt",
          "6: unknown words, bundles by label file", "7: corrections", "8: sums",
          "9: lengths, ranges of confidence",
        ])
    }
    try writer.close()
  }

  /// What a commit reports as recorded, a power cut must not undo: with NORMAL the log reaches the disk later.
  @Test func everyCommitWaitsForTheDisk() throws {
    for _ in 0..<2 {
      let writer = try IndexWriter(folder.index)
      #expect(try writer.queue.read { try Int.fetchOne($0, sql: "PRAGMA synchronous") } == 2)
      try writer.close()
    }
  }

  @Test func aConnectionThatDoesNotWaitForTheDiskIsRefused() throws {
    let queue = try DatabaseQueue(path: folder.index.path)
    try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = NORMAL") }
    let error = #expect(throws: IndexError.self) {
      try queue.read { try IndexWriter.checkDurability($0, folder.index) }
    }
    #expect(error?.explanation.kind == .io && error?.explanation.found == "PRAGMA synchronous = 1")
    try queue.close()
  }

  /// SQLite syncs the folder of its log, too, and takes no notice where that fails.
  @Test func nothingIsWrittenBeforeTheNameOfTheLogIsDurable() throws {
    struct Failing: Error {}
    var logs: [Bool] = []
    for victim in 0..<2 {
      logs = []
      #expect(throws: Failing.self) {
        try IndexWriter(folder.index) { place in
          #expect(place.path == folder.url.path)
          logs.append(FileManager.default.fileExists(atPath: folder.index.path + "-wal"))
          if logs.count == victim + 1 { throw Failing() }
        }
      }
      #expect(throws: IndexError.self) { try IndexReader(folder.index) }
    }
    // First for the log of another run, then for its own.
    #expect(logs == [false, true])
    try IndexWriter(folder.index).close()
    _ = try IndexReader(folder.index)
  }

  @Test func openingAgainMigratesNothingAndLosesNothing() throws {
    try fill()
    let writer = try IndexWriter(folder.index)
    #expect(try IndexReader(folder.index).count(UtteranceQuery()) == 5)
    try writer.close()
  }

  @Test func anIndexOfTheFirstSchemaIsBroughtUpToDateWithoutProbes() throws {
    let queue = try DatabaseQueue(path: folder.index.path)
    try IndexSchema.migrator.migrate(queue, upTo: "1: models, bundles, utterances, failures, daemon")
    try queue.write {
      try $0.execute(
        sql: """
          PRAGMA application_id = 0x616D6271;
          INSERT INTO model VALUES (1, 'm', 'meld', '["joy"]');
          INSERT INTO emotion VALUES (1, 'joy');
          INSERT INTO speaker VALUES (1, 'Ross');
          INSERT INTO bundle VALUES (1, 'd', 1, 1, 'friday.h5', 'friday.h5', 0, 0, 1, 9, 'labels/friday.tsv', 1, 1, 0);
          INSERT INTO dialogue VALUES (1, 1, 'a');
          INSERT INTO utterance (bundle, dialogue, turn, name, speaker, emotion, confidence, probabilities)
            VALUES (1, 1, 0, 'a#0', 1, 1, 0.5, x'');
          INSERT INTO daemon VALUES (1, 42, 'lab', 0, 0, NULL, 'meld', 'm', '/spool', '0.1.0');
          """)
    }
    try queue.close()
    let error = #expect(throws: IndexError.self) { try IndexReader(folder.index) }
    #expect(error?.explanation.found == "schema 1")

    let writer = try IndexWriter(folder.index)
    let reader = try IndexReader(folder.index)
    #expect(try reader.count(UtteranceQuery()) == 1)
    #expect(try reader.probeCounts().unasked == 1 && writer.nextPendingProbe() == nil)
    #expect(try reader.heartbeat()?.activity == "")
    try writer.close()
  }

  @Test func theSchemaVersionIsTheNumberOfMigrations() {
    #expect(IndexSchema.migrator.migrations.count == IndexSchema.version)
  }

  @Test func aMissingIndexIsExplained() throws {
    let error = #expect(throws: IndexError.self) { try IndexReader(folder.index) }
    #expect(error?.explanation.kind == .missingInput && error?.explanation.kind.exitCode == 66)
    #expect(error?.description.contains("Start ambd on this spool") == true)
    #expect(!FileManager.default.fileExists(atPath: folder.index.path))
  }

  @Test func anEmptyFileIsNotYetAnIndex() throws {
    try Data().write(to: folder.index)
    let error = #expect(throws: IndexError.self) { try IndexReader(folder.index) }
    #expect(error?.explanation.kind == .missingInput)
    try fill()
    #expect(try IndexReader(folder.index).count(UtteranceQuery()) == 5)
  }

  @Test func aMissingFolderIsExplained() throws {
    let url = folder.url.appendingPathComponent("nowhere/index.sqlite")
    let error = #expect(throws: IndexError.self) { try IndexWriter(url) }
    #expect(error?.explanation.kind == .io && error?.explanation.location == url.path)
  }

  @Test func anotherProgramsDatabaseIsLeftAlone() throws {
    try sql("PRAGMA application_id = 7; CREATE TABLE bookmark (id)")
    let before = try Data(contentsOf: folder.index)
    for open in [{ _ = try IndexReader($0) }, { _ = try IndexWriter($0) }] as [(URL) throws -> Void] {
      let error = #expect(throws: IndexError.self) { try open(folder.index) }
      #expect(error?.explanation.kind == .data && error?.explanation.found == "another program's SQLite file")
    }
    #expect(try Data(contentsOf: folder.index) == before)
  }

  @Test func aFileThatIsNotSQLitesIsRefused() throws {
    try Data("dialogue\tutterance\n".utf8).write(to: folder.index)
    for open in [{ _ = try IndexReader($0) }, { _ = try IndexWriter($0) }] as [(URL) throws -> Void] {
      let error = #expect(throws: IndexError.self) { try open(folder.index) }
      #expect(error?.explanation.kind == .data && error?.explanation.what == "this is not an ambq index")
    }
  }

  @Test func aNewerSchemaIsRefused() throws {
    try fill()
    try sql("PRAGMA user_version = 99")
    for open in [{ _ = try IndexReader($0) }, { _ = try IndexWriter($0) }] as [(URL) throws -> Void] {
      let error = #expect(throws: IndexError.self) { try open(folder.index) }
      #expect(error?.explanation.found == "schema 99")
    }
  }

  @Test func aFileWhoseMakingWasCutShortIsFinishedByTheNextStart() throws {
    // What a kill leaves between the mark and the first migration: the migrator's own table, and no version.
    try sql("PRAGMA application_id = 0x616D6271; CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY)")
    let error = #expect(throws: IndexError.self) { try IndexReader(folder.index) }
    #expect(error?.description.contains("Start ambd on this spool") == true)
    try fill()
    #expect(try IndexReader(folder.index).count(UtteranceQuery()) == 5)
  }

  @Test func anArchivedIndexIsReadWithoutItsLog() throws {
    try fill()
    let address = IndexReader.immutableAddress(folder.index)
    #expect(address.hasSuffix("index.sqlite?immutable=1"))
    var configuration = GRDB.Configuration()
    configuration.readonly = true
    let queue = try DatabaseQueue(path: address, configuration: configuration)
    #expect(try queue.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM utterance") } == 5)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == ["index.sqlite"])
  }

  @Test func floatsKeepTheirBits() {
    let values: [Float] = [0, -0.0, 1, .pi, -.infinity, .leastNonzeroMagnitude, .greatestFiniteMagnitude]
    #expect(FloatBlob.encode([1]) == Data([0, 0, 0x80, 0x3F]))
    #expect(FloatBlob.decode(FloatBlob.encode(values)).map(\.bitPattern) == values.map(\.bitPattern))
  }
}
