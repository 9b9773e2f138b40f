import DialogueDomain
import Foundation
import GRDB
import TestFolders
import Testing

@testable import ResultIndex

/// The sums that the index keeps against the same sums made anew, after every kind of write.
struct SumTests {
  private let folder: TemporaryFolder
  private let writer: IndexWriter
  private let noon = Date(timeIntervalSince1970: 1_800_000_000)

  init() throws {
    folder = try TemporaryFolder()
    writer = try IndexWriter(folder.index)
  }

  private var reader: IndexReader { get throws { try IndexReader(folder.index) } }

  /// Labels with and without truth, doubt and a set of labels, and one of which nothing can be said.
  private func bundle(_ name: String, digest: String, model: String = "first", seed: UInt64 = 7) -> ScoredBundle {
    var source = SyntheticBundles(seed: seed)
    var bundle = source.bundle(
      name, digest: SyntheticBundles.digest(digest), model: model, dialogues: 3, turns: 2...6)
    for place in bundle.utterances.indices {
      if place % 3 > 0 { bundle.utterances[place].isUncertain = place % 3 == 1 }
      if place % 4 > 0 { bundle.utterances[place].labelSet = [place % 4, 6] }
      if place % 5 == 0 { bundle.utterances[place].truth = nil }
    }
    let last = bundle.utterances.count - 1
    bundle.utterances[last].emotion = ScoredUtterance.unknownEmotion
    (bundle.utterances[last].shares, bundle.utterances[last].confidence) = ([:], 0)
    return bundle
  }

  private func record(_ bundle: ScoredBundle, after seconds: Double = 0, probe: ProbeRequest? = nil) throws {
    _ = try writer.record(
      bundle, SyntheticBundles.scoring(at: noon.addingTimeInterval(seconds), name: bundle.name), probe: probe)
  }

  private func request(_ name: String, _ plan: String = "{}", skip: String? = nil) -> ProbeRequest {
    ProbeRequest(plan: plan, file: "done/\(name)", skipReason: skip, time: noon)
  }

  /// Dialogues know how many utterances they have.
  private func expectRightLengths(_ place: SourceLocation = #_sourceLocation) throws {
    let sql = """
      SELECT count(*) FROM dialogue d
      WHERE d.utterances <> (SELECT count(*) FROM utterance u WHERE u.dialogue = d.id) OR d.utterances = 0
      """
    #expect(try reader.read { try Int.fetchOne($0, sql: sql) } == 0, sourceLocation: place)
  }

  private func expectRightSums(_ place: SourceLocation = #_sourceLocation) throws {
    let wrong = try reader.wrongSums()
    #expect(wrong.isEmpty, "\(wrong)", sourceLocation: place)
  }

  @Test func everyKindOfWriteKeepsThem() throws {
    try expectRightSums()
    try record(bundle("a.h5", digest: "a"), probe: request("a.h5"))
    try record(bundle("b.h5", digest: "b", seed: 8), after: 60, probe: request("b.h5", skip: "too large"))
    try record(bundle("c.h5", digest: "c", seed: 9), after: 120)
    try expectRightSums()
    #expect(try reader.totals().bundles == 3 && reader.probeCounts().unasked == 1)
    // Superseded while its probe is pending, and taken up again.
    try record(bundle("a.h5", digest: "a", model: "second", seed: 10), after: 180, probe: request("a.h5"))
    try expectRightSums()
    try record(bundle("a.h5", digest: "a"), after: 240, probe: request("a.h5"))
    try expectRightSums()
    try expectRightLengths()
    // Several in one transaction, two of them of the same bytes.
    let group = [
      bundle("d.h5", digest: "d"), bundle("d.h5", digest: "d", model: "second"), bundle("e.h5", digest: "e"),
    ]
    _ = try writer.record(
      group.map { BundleRecording(bundle: $0, scoring: SyntheticBundles.scoring(at: noon + 300, name: $0.name)) })
    try expectRightSums()
    // Done, done again by another plan, and skipped.
    try probe()
    try expectRightSums()
    #expect(try (reader.stability(UtteranceQuery())?.utterances ?? 0) > 0)
    let first = bundle("a.h5", digest: "a")
    _ = try writer.recordAgain(
      name: "a copy.h5", bundleDigest: first.digest, modelDigest: first.modelDigest, probe: request("a.h5", "{1}"))
    try expectRightSums()
    try probe(0.25)
    try expectRightSums()
    try record(bundle("b.h5", digest: "b", model: "second", seed: 8), after: 360, probe: request("b.h5"))
    let pending = try #require(try writer.nextPendingProbe())
    try writer.skipProbe(pending, reason: "the file is gone", at: noon)
    try expectRightSums()
    // A bundle that is dropped, or whose file is deleted after its days, stays scored.
    try writer.resolveFailures(of: ["a.h5"])
    try expectRightSums()
    // One that contradicts itself leaves nothing.
    var broken = bundle("f.h5", digest: "f")
    broken.utterances.append(broken.utterances[0])
    #expect(throws: IndexError.self) { try record(broken) }
    try expectRightSums()
  }

  private func probe(_ value: Double = 0.5) throws {
    while let pending = try writer.nextPendingProbe() {
      let count = try writer.queue.read {
        try Int.fetchOne($0, sql: "SELECT utterances FROM bundle WHERE id = ?", arguments: [pending.bundle]) ?? 0
      }
      let stability = (0..<count).map { $0 % 3 == 0 ? nil : value }
      try writer.recordProbe(pending, stability: stability, statistics: Data(), seconds: 1, at: noon)
    }
  }

  @Test func wrongOnesAreFound() throws {
    try record(bundle("a.h5", digest: "a"), probe: request("a.h5"))
    for (table, change) in [
      ("bundle_sum", "utterances = utterances + 1"), ("group_sum", "dialogues = 9"),
      ("label_sum", "truth = truth + 90"),
      ("scoring_sum", "probed = 1"), ("probe_sum", "bundles = 2"), ("confidence_range", "highest = 2"),
    ] {
      try writer.queue.write { try $0.execute(sql: "UPDATE \(table) SET \(change)") }
      #expect(try reader.wrongSums().map(\.table) == [table])
      try writer.queue.write { database in
        for name in SumTables.names { try database.execute(sql: "DELETE FROM \(name)") }
        try SumTables.fill(database)
      }
    }
  }

  @Test func anIndexOfTheSchemaBeforeGetsThem() throws {
    for number in 0..<5 {
      let name = "\(number).h5"
      try record(bundle(name, digest: name, seed: UInt64(number)), after: Double(number), probe: request(name))
    }
    try record(bundle("0.h5", digest: "0.h5", model: "second"), after: 9)
    try probe()
    let statistics = try UtteranceGrouping.allCases.map { grouping in
      var found: [UtteranceFigures?] = []
      try reader.forEachGroup(grouping, UtteranceQuery(), order: GroupOrder(.name)) { found.append($0.figures) }
      return found
    }
    try writer.close()
    try EarlierSchema.seven(folder.index)
    let error = #expect(throws: IndexError.self) { try IndexReader(folder.index) }
    #expect(error?.explanation.found == "schema 7")
    let again = try IndexWriter(folder.index)
    try expectRightSums()
    try expectRightLengths()
    let made = try UtteranceGrouping.allCases.map { grouping in
      var found: [UtteranceFigures?] = []
      try reader.forEachGroup(grouping, UtteranceQuery(), order: GroupOrder(.name)) { found.append($0.figures) }
      return found
    }
    #expect(made == statistics)
    try again.close()
  }

  @Test func aLargeIndexIsASmallOneRepeated() throws {
    for number in 0..<4 {
      let name = "\(number).h5"
      try record(bundle(name, digest: name, seed: UInt64(number)), after: 60 * Double(number), probe: request(name))
    }
    try record(bundle("0.h5", digest: "0.h5", model: "second"), after: 240)
    try probe()
    let (totals, rows) = (try reader.totals(), try reader.utterances(UtteranceQuery()))
    try writer.multiply(by: 3)
    #expect(try reader.totals().utterances == 3 * totals.utterances && reader.totals().bundles == 12)
    #expect(try reader.read { try IndexReader.isChronological($0) })
    let all = try reader.utterances(UtteranceQuery())
    #expect(all.count == 3 * rows.count && all.prefix(rows.count).map(\.utterance) == rows.map(\.utterance))
    #expect(Set(all.map(\.bundle.title)).count == 12 && all.map(\.bundle.scored) == all.map(\.bundle.scored).sorted())
    #expect(all[2 * rows.count].confidence == rows[0].confidence)
    try expectRightSums()
    // What is recorded afterwards is kept as ever.
    try record(bundle("later.h5", digest: "later"), after: 300, probe: request("later.h5"))
    try expectRightSums()
  }

  /// What is asked by number is right only as long as numbers follow time: a clock that is set back ends that.
  @Test func theOrderOfTimeIsKeptWhenTheClockIsSetBack() throws {
    try record(bundle("a.h5", digest: "a"), after: 60)
    try record(bundle("b.h5", digest: "b", seed: 8), after: 60)
    #expect(try reader.read { try IndexReader.isChronological($0) })
    try record(bundle("c.h5", digest: "c", seed: 9), after: 0)
    #expect(try !reader.read { try IndexReader.isChronological($0) })
    var query = UtteranceQuery()
    query.emotions = ["neutral"]
    let found = try reader.utterances(query).map(\.bundle.name)
    #expect(found.first == "c.h5" && found.last == "b.h5")
  }
}

/// Makes an index one of an earlier schema.
enum EarlierSchema {
  static func seven(_ index: URL) throws {
    let queue = try DatabaseQueue(path: index.path)
    try queue.write { database in
      for trigger in ["probe_asked", "probe_changed", "probe_superseded"] {
        try database.execute(sql: "DROP TRIGGER \(trigger)")
      }
      for table in SumTables.names + ["chronology"] { try database.execute(sql: "DROP TABLE \(table)") }
      for name in ["bundle_scored", "bundle_largest", "bundle_model", "failure_time", "failure_open"] {
        try database.execute(sql: "DROP INDEX \(name)")
      }
      try database.execute(
        sql: """
          CREATE INDEX bundle_scored ON bundle (scored);
          DROP INDEX dialogue_longest;
          ALTER TABLE dialogue DROP COLUMN utterances;
          DELETE FROM grdb_migrations WHERE identifier LIKE '8:%' OR identifier LIKE '9:%';
          PRAGMA user_version = 7;
          """)
    }
    try queue.close()
  }
}
