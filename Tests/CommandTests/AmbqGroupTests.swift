import Foundation
import ResultIndex
import Testing

/// `ambq dialogues`, `speakers`, `emotions`, `models` and `count`.
struct AmbqGroupTests {
  private let spool: AmbqSpool
  private let ambq: AmbqProgram

  init() throws {
    spool = try AmbqSpool()
    try spool.fill()
    ambq = AmbqProgram(environment: ["AMBQ_SPOOL": spool.root.path])
  }

  private func objects(_ text: String) throws -> [[String: Any]] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]])
  }

  @Test(arguments: ["dialogues", "speakers", "emotions", "models"])
  func everyFilterOfListCounts(_ command: String) throws {
    let filters = "--emotion anger,joy --not-emotion fear --speaker 'R*' --min-confidence 0.4 --bundle friday.h5"
    let count = try ambq.shell("\"$AMBQ\" list --count \(filters)")
    let found = try objects(try ambq.shell("\"$AMBQ\" \(command) --format json \(filters)").output)
    let sum = found.reduce(0) { $0 + ($1["utterances"] as? Int ?? 0) }
    #expect(sum > 0 && count.output == "\(sum)\n")
    let all = try objects(try ambq(command, "--format", "json").output)
    #expect(all.reduce(0) { $0 + ($1["utterances"] as? Int ?? 0) } == 59)
    #expect(try ambq(command).lines.count == all.count + 1)
    #expect(try objects(try ambq(command, "--format", "json", "--limit", "1").output).count == 1)
    // What list takes, these take, too.
    let filterHelp = try ambq("list", "--help").output.components(separatedBy: "FILTERS:").last ?? ""
    let options = filterHelp.components(separatedBy: "\n\n")[0].matches(of: /\n  (--[a-z-]+)/).map { String($0.1) }
    #expect(options.count > 12)
    let help = try ambq(command, "--help").output
    for option in options { #expect(help.contains(option), "\(option) of ambq \(command)") }
  }

  @Test func supersededScoringsAreThereWhenAskedFor() throws {
    let writer = try IndexWriter(spool.index)
    for (seed, dialogues) in [(1, ["dev-0", "dev-1", "dev-2"]), (2, ["dev-3"]), (3, ["dev-1", "tea, \"two\""])] {
      try spool.record(writer, "x.h5", seed: seed, model: "newer", dialogues: dialogues, after: 9000)
    }
    try writer.close()
    let current = try ambq("models", "--format", "csv").lines
    #expect(current.count == 2 && current[1].hasPrefix("newer,6f6f"))
    let all = try objects(try ambq("models", "--all-models", "--format", "json").output)
    #expect(all.map { $0["model"] as? String } == ["newer", "meld-minilm"])
  }

  @Test func countPrintsANumberOrATable() throws {
    #expect(try ambq("count", "--emotion", "anger").output == "14\n")
    #expect(try ambq("count", "--format", "json").output == "{\"count\":59}\n")
    for what in ["emotion", "speaker", "dialogue", "model", "day"] {
      let rows = try objects(try ambq("count", "--by", what, "--format", "json").output)
      #expect(rows.reduce(0) { $0 + ($1["count"] as? Int ?? 0) } == 59)
      #expect(rows.allSatisfy { $0[what] is String })
    }
    #expect(try ambq("count", "--by", "day").lines.dropFirst() == ["2026-11-22\t59\t1"])
    let none = try ambq("count", "--speaker", "Rachael")
    #expect(none.status == 1 && none.output == "0\n" && none.errors.contains("did you mean 'Rachel'?"))
  }

  @Test func nothingFoundIsExplained() throws {
    let none = try ambq("speakers", "--emotion", "anger", "--min-confidence", "0.99")
    #expect(none.status == 1)
    #expect(none.errors == "ambq: nothing found: without --min-confidence there would be some\n")
    #expect(try ambq("dialogues", "--limit", "0").errors == "ambq: nothing asked for: --limit is 0\n")
  }

  @Test(arguments: [
    ["dialogues", "--sort", "loudness"], ["speakers", "--limit", "-1"], ["count", "--by", "mood"],
    ["count", "--limit", "3"],
  ])
  func usageErrorsAreToldOnStandardError(_ arguments: [String]) throws {
    let result = try ambq.shell("\"$AMBQ\" " + arguments.joined(separator: " "))
    #expect(result.status == 64 && result.output.isEmpty && !result.errors.isEmpty)
  }
}
