import DialogueBundles
import Foundation
import ResultIndex
import Testing

/// `ambd score` and `ambq merge` as a scheduler and a user run them.
struct AmbdScoreTests {
  private let folder: TestFolder
  private let ambd = BuiltProgram("ambd")
  private let ambq = BuiltProgram("ambq")

  init() throws {
    folder = try TestFolder()
    for (number, sample) in Shipped.samples.enumerated() {
      try FileManager.default.createDirectory(at: folder["bundles"], withIntermediateDirectories: true)
      try FileManager.default.copyItem(at: sample, to: folder["bundles/talk-\(number).h5"])
    }
  }

  private func score(
    _ more: String..., out: String = "out", environment: [String: String] = [:]
  ) throws -> BuiltProgram.Outcome {
    try ambd(
      [
        "score", "--manifest", folder["bundles"].path, "--out", folder[out].path, "--model", Shipped.model,
        "--scratch", folder.url.path, "--at", "2026-11-22T02:30:00Z",
      ] + more, environment: environment.merging(["AMBD_CONFIG": ""]) { $1 })
  }

  private func merge(_ out: String, into index: String, _ more: String...) throws -> BuiltProgram.Outcome {
    try ambq(["merge", folder[out].path, "--into", folder[index].path] + more)
  }

  @Test func tasksOfASchedulerMakeTheIndexOfOneMachine() throws {
    for number in 0..<3 {
      let outcome = try score("--shards", "3", environment: ["SLURM_ARRAY_TASK_ID": "\(number)"])
      #expect(outcome.status == 0, "\(outcome.errors)")
    }
    #expect(try score(out: "whole").status == 0)
    let merged = try merge("out", into: "merged.sqlite", "--labels", folder["labels"].path)
    #expect(merged.status == 0 && merged.errors.contains("3 shards: 3 bundles"))
    #expect(try merge("whole", into: "whole.sqlite", "--quiet").errors.isEmpty)
    #expect(try Data(contentsOf: folder["merged.sqlite"]) == Data(contentsOf: folder["whole.sqlite"]))
    let labels = try FileManager.default.contentsOfDirectory(atPath: folder["labels"].path).sorted()
    #expect(labels == ["talk-0.tsv", "talk-1.tsv", "talk-2.tsv"])
    let alone = try BuiltProgram("ambtrain")("score", "--model", Shipped.model, folder["bundles/talk-1.h5"].path).output
    #expect(try String(contentsOf: folder["labels/talk-1.tsv"], encoding: .utf8) == alone)
    // What a task leaves on its local disk: nothing.
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.url.path).allSatisfy { !$0.hasPrefix("ambq-shard") })
  }

  @Test func exitCodesSayWhatASchedulerIsToDo() throws {
    try Data("no bundle".utf8).write(to: folder["bundles/talk-3.h5"])
    let failed = try score()
    #expect(failed.status == 3 && failed.errors.contains("3 of 4 inputs scored, 1 failed"))
    // Once more, without doing anything.
    #expect(try score().status == 3)
    let record = try String(contentsOf: folder["out/shard-00000-of-00001.json"], encoding: .utf8)
    #expect(record.contains("talk-3.h5") && record.contains("\"complete\" : true"))
    #expect(try score("--shards", "3").status == 78)
    #expect(try score("--shard", "3/3").status == 78)
    #expect(try score("--set", "labels.layout=paper").status == 78)
    #expect(try score("--at", "tomorrow").status == 78)
    #expect(try score("--manifest", folder["nowhere"].path).status == 65)
    #expect(try ambd("score").status == 64)
  }

  @Test func aStoppedTaskEndsWithTryAgainAndTheNextGoesOn() throws {
    // A daemon of the shell's kind: the signal comes while the task works, or before; both must do.
    let outcome = try BuiltProgram("ambd").stopped(
      [
        "score", "--manifest", folder["bundles"].path, "--out", folder["out"].path, "--model", Shipped.model,
        "--scratch", folder.url.path,
      ], folder)
    #expect(outcome == 75 || outcome == 0)
    #expect(try score().status == 0)
    #expect(try merge("out", into: "merged.sqlite").status == 0)
  }

  @Test func missingShardsAreNamed() throws {
    _ = try score("--shard", "1/4")
    let outcome = try merge("out", into: "merged.sqlite")
    #expect(outcome.status == 65 && outcome.errors.contains("missing: 0,2-3"))
    #expect(!FileManager.default.fileExists(atPath: folder["merged.sqlite"].path))
  }

  @Test func everyOptionIsInTheManual() throws {
    let root = URL(fileURLWithPath: #filePath).appendingPathComponent("../../..").standardized
    for (page, help) in [
      ("ambd-score.1", try ambd("score", "--help").output), ("ambq.1", try ambq("merge", "--help").output),
    ] {
      let text = try String(contentsOf: root.appendingPathComponent("man/\(page)"), encoding: .utf8)
      // Examples above name other commands' options.
      let list = try #require(help.components(separatedBy: "OPTIONS:").last)
      let options = Set(list.matches(of: /--([a-z-]+)/).map { String($0.1) }).subtracting(["help", "version"])
      #expect(options.count > 2)
      for option in options { #expect(text.contains("Fl -\(option)"), "--\(option) in \(page)") }
    }
  }
}

extension BuiltProgram {
  /// Runs the program, and stops it as soon as it has a folder of its own to work in.
  fileprivate func stopped(_ arguments: [String], _ folder: TestFolder) throws -> Int32? {
    let process = try start(arguments, log: folder["log"])
    for _ in 0..<2000 {
      let names = try FileManager.default.contentsOfDirectory(atPath: folder.url.path)
      if names.contains(where: { $0.hasPrefix("ambq-shard.") }) { break }
      usleep(5000)
    }
    process.send(SIGTERM)
    return process.wait()
  }
}
