import AmbqConfiguration
import DialogueDomain
import Foundation
import GRDB
import NightReports
import OperatingSystem
import ResultIndex
import ResultQueries
import Shards
import TestFolders
import TestSpools
import Testing

@testable import ScoringDaemon

/// What shards and a merge make of inputs, beside what the daemon makes of them.
struct ShardComparisonTests {
  private let stage: DaemonStage
  private let folder: TemporaryFolder
  private let time: Date

  /// Thirty files: one is no bundle, one does not fit the model, two hold the same bytes.
  private static let inputs: [(name: String, text: String)] = (0..<30).map { number in
    let text =
      switch number {
      case 3: "bad"
      case 20: "two"
      case 25: "what is said 7"
      default: "what is said \(number)" + String(repeating: "!", count: number % 5)
      }
    return ("talk-\(number < 10 ? "0" : "")\(number).h5", number == 7 ? "what is said 7" : text)
  }

  init() throws {
    stage = try DaemonStage()
    folder = try TemporaryFolder()
    // Later than the files' own times by far: none of them may look as if it were still being written.
    time = Date(timeIntervalSince1970: stage.world.now.timeIntervalSince1970.rounded() + 3600)
    stage.surroundings.now = { [time] in time }
    // Enough to compare, and fast.
    stage.source.configuration.withLock {
      $0.merge(["probes.kinds": "noise", "probes.levels": "0,1", "probes.seeds": "1"]) { $1 }
    }
    for (name, text) in Self.inputs { try folder.write(text, to: "inputs/\(name)") }
  }

  /// - Parameter stops: after how many groups the task is told to stop; nil for never.
  private func score(
    _ shard: String, into out: String, stops: Int? = nil, retriesFailed: Bool = false, probes: Bool = false
  ) throws -> ShardOutcome {
    let shard = try #require(Shard(shard))
    var job = ShardJob(
      shard: shard, inputs: try InputList(folder["inputs"], shard: shard), output: folder[out],
      scratch: FileManager.default.temporaryDirectory)
    job.time = time
    job.retriesFailed = retriesFailed
    stage.source.configuration.withLock { $0["probes.enabled"] = probes ? "true" : "false" }
    var looks = 0
    var scoring = try ShardScoring(
      stage.assembly, job,
      isStopping: {
        looks += 1
        return stops.map { looks > $0 } ?? false
      })
    scoring.groupSize = 2
    return try scoring.run()
  }

  private func merge(_ places: [String], into index: String, labels: String? = nil) throws -> ShardMerging.Summary {
    try ShardMerging(places.map { folder[$0] }, into: folder[index], labels: labels.map { folder[$0] }).run()
  }

  /// Every table that must be equal.
  ///
  /// Not the daemon's own, not what the search for words keeps for itself, and not the sum of stabilities, whose last digits
  /// depend on the order in which they were added. A sum that has come down to nothing is as good as none.
  private func contents(_ index: URL) throws -> [String: [[String: String]]] {
    try IndexProbe(url: index).contents().filter {
      $0.key != "daemon" && $0.key != "scoring_sum" && (!$0.key.hasPrefix("words_") || $0.key == "words_content")
    }.mapValues { rows in rows.filter { $0["bundles"] != "0" } }
  }

  private func files(_ folder: URL) throws -> [String: Data] {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    return Dictionary(
      uniqueKeysWithValues: try names.map { ($0, try Data(contentsOf: folder.appendingPathComponent($0))) })
  }

  private func report(_ index: URL) throws -> (html: String, json: Data) {
    let report = try NightGathering(
      try IndexReader(index), AmbdConfiguration(in: folder.url), Calendar(identifier: .gregorian)
    ).report(since: time - 3600, until: time + 3600)
    return (report.page.html, try report.json())
  }

  /// The index of a daemon that got the inputs in the order of their names.
  ///
  /// Durations and arrivals are set aside, and under which of its names a probe found a bundle that came twice.
  private func runDaemon(probes: Bool = true) throws -> URL {
    for (name, text) in Self.inputs { try stage.place.put(text, name) }
    stage.source.configuration.withLock { $0["probes.enabled"] = probes ? "true" : "false" }
    #expect(try stage.daemon().run(once: true) == 1)
    let queue = try DatabaseQueue(path: stage.index.url.path)
    try queue.write {
      try $0.execute(
        sql: """
          UPDATE bundle SET arrived = scored, seconds = 0;
          UPDATE probe SET seconds = 0, file = 'done/' || (SELECT name FROM bundle WHERE id = probe.bundle);
          """)
    }
    try queue.close()
    return stage.index.url
  }

  @Test func shardsThatWereStoppedAndRepeatedMakeTheDaemonsIndexLabelsAndReport() throws {
    let daemon = try runDaemon()
    for number in 0..<4 {
      if number % 2 == 0 {
        let stopped = try score("\(number)/4", into: "out", stops: 4, probes: true)
        #expect(!stopped.record.isComplete && stopped.trouble == nil)
        #expect(throws: ShardError.self) { try merge(["out"], into: "early.sqlite") }
      }
      #expect(try score("\(number)/4", into: "out", probes: true).record.isComplete)
      #expect(try score("\(number)/4", into: "out", probes: true).isUnchanged)
    }
    let summary = try merge(["out"], into: "merged.sqlite", labels: "labels")
    #expect(summary.shards == 4 && summary.failed == 2 && summary.totals.bundles == 27)
    let (rows, expected) = (try contents(folder["merged.sqlite"]), try contents(daemon))
    #expect(Set(rows.keys) == Set(expected.keys))
    for table in expected.keys.sorted() { #expect(rows[table] == expected[table], "\(table)") }
    #expect(try files(folder["labels"]) == files(stage.place.layout.labels))
    let (merged, own) = (try report(folder["merged.sqlite"]), try report(daemon))
    #expect(merged.html == own.html && merged.json == own.json && merged.html.contains("27"))
  }

  @Test func theMergedIndexIsTheSameToTheByteHoweverItWasCut() throws {
    for number in 0..<4 { _ = try score("\(number)/4", into: "out") }
    _ = try score("0/1", into: "whole")
    _ = try merge(["whole"], into: "whole.sqlite")
    let records = try FileManager.default.contentsOfDirectory(atPath: folder["out"].path)
      .filter { $0.hasSuffix(".json") }.sorted().map { "out/\($0)" }
    _ = try merge(records, into: "there.sqlite")
    _ = try merge(records.reversed(), into: "back.sqlite")
    // Once more over itself.
    _ = try merge(records, into: "back.sqlite")
    let whole = try Data(contentsOf: folder["whole.sqlite"])
    #expect(try Data(contentsOf: folder["there.sqlite"]) == whole)
    #expect(try Data(contentsOf: folder["back.sqlite"]) == whole)
  }

  @Test func aShardIsTwoFilesWhateverItTook() throws {
    _ = try score("1/4", into: "out", stops: 3)
    _ = try score("1/4", into: "out", stops: 3)
    _ = try score("1/4", into: "out")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder["out"].path)
    #expect(names.count == 2 && names.contains("shard-00001-of-00004.json"))
  }

  @Test func furtherInputsAreScoredAloneAndTakenOnesGo() throws {
    _ = try score("0/1", into: "out")
    let before = stage.intake.read.count
    try folder.write("something new", to: "inputs/talk-30.h5")
    let grown = try score("0/1", into: "out")
    #expect(grown.record.results.bundles == 28 && grown.record.failed.count == 2)
    // The new one, and again those that had failed.
    #expect(stage.intake.read.count == before + 3)
    try FileManager.default.removeItem(at: folder["inputs/talk-30.h5"])
    #expect(try score("0/1", into: "out").record.results.bundles == 27)
  }

  @Test func whatMayPassLeavesTheShardUnfinishedAndFailuresAreTriedAgainWhereAsked() throws {
    try folder.write("busy", to: "inputs/talk-31.h5")
    let busy = try score("0/1", into: "out")
    #expect(!busy.record.isComplete && busy.trouble?.what == "the file is busy" && busy.mayPassHere)
    try FileManager.default.removeItem(at: folder["inputs/talk-31.h5"])
    #expect(try score("0/1", into: "out").record.isComplete)
    let before = stage.intake.read.count
    #expect(try score("0/1", into: "out", retriesFailed: true).record.failed.count == 2)
    #expect(stage.intake.read.count == before + 2)
  }

  @Test func aFileThatIsNotWhatTheListSaysHasFailed() throws {
    let digest = FileDigest.sha256(Data("another".utf8))
    let list = try folder.write("\(digest)  inputs/talk-00.h5\n", to: "list")
    var job = ShardJob(
      shard: .whole, inputs: try InputList(list, shard: .whole), output: folder["out"], scratch: folder.url)
    job.time = time
    let outcome = try ShardScoring(stage.assembly, job, isStopping: { false }).run()
    #expect(outcome.record.failed.map(\.input) == ["inputs/talk-00.h5"] && outcome.record.results.bundles == 0)
  }

  @Test func shardsThatDoNotBelongTogetherAreNamed() throws {
    func refusal(_ what: String, _ places: [String] = ["out"]) throws {
      let error = try #require(throws: ShardError.self) { try merge(places, into: "merged.sqlite") }
      #expect(error.explanation.message.contains(what), "\(error.explanation.message)")
      #expect(!FileManager.default.fileExists(atPath: folder["merged.sqlite"].path))
    }
    for number in [0, 3] { _ = try score("\(number)/4", into: "out") }
    try refusal("missing: 1-2")
    _ = try score("1/4", into: "out")
    _ = try score("2/4", into: "out", probes: true)
    try refusal("configuration: probes.enabled")
    _ = try score("2/4", into: "out")
    stage.source.model.withLock { $0 = .success(TinyModel.model("model-2")) }
    _ = try score("2/4", into: "out")
    try refusal("models")
    stage.source.model.withLock { $0 = .success(TinyModel.model()) }
    let rows = try score("2/4", into: "out").record.results.file
    var bytes = try Data(contentsOf: folder["out/\(rows)"])
    bytes[bytes.count / 2] ^= 1
    try bytes.write(to: folder["out/\(rows)"])
    try refusal("in shards 2")
    try refusal("no outputs of shards", ["inputs"])
  }

  @Test func aDaemonsIndexIsNotReplaced() throws {
    let daemon = try runDaemon(probes: false)
    _ = try score("0/1", into: "out")
    #expect(throws: ShardError.self) { try ShardMerging([folder["out"]], into: daemon).run() }
    #expect(try IndexReader(daemon).heartbeat() != nil)
  }

  @Test func aShardIsNotReplacedByItsOwnMergeNorAFolderTaken() throws {
    let rows = "out/\(try score("0/1", into: "out").record.results.file)"
    let bytes = try Data(contentsOf: folder[rows])
    for target in [rows, "out"] {
      let error = try #require(throws: ShardError.self) { try merge(["out"], into: target) }
      #expect(error.explanation.location == folder[target].path)
    }
    #expect(try Data(contentsOf: folder[rows]) == bytes)
  }

  @Test func oneNameOfOtherBytesGetsTheDigestIntoTitleAndLabels() throws {
    try folder.write("other bytes", to: "inputs/deep/talk-00.h5")
    for number in 0..<3 { _ = try score("\(number)/3", into: "out") }
    _ = try merge(["out"], into: "merged.sqlite", labels: "labels")
    let bundles = try IndexReader(folder["merged.sqlite"]).bundles().filter { $0.name == "talk-00.h5" }
    let first = try #require(bundles.min { $0.digest < $1.digest }), second = try #require(bundles.last)
    #expect(bundles.count == 2 && first.title == "talk-00.h5" && first.labelFile == "labels/talk-00.tsv")
    #expect(second.title == "talk-00.h5 (\(second.digest.prefix(8)))")
    #expect(second.labelFile == "labels/talk-00~\(second.digest.prefix(8)).tsv")
    #expect(FileManager.default.fileExists(atPath: folder[second.labelFile].path))
  }
}
