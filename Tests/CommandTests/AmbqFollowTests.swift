import DialogueDomain
import Foundation
import ResultIndex
import Testing

/// `ambq follow`, run as scripts run it: killed, resumed, with other indexes.
struct AmbqFollowTests {
  private let spool: AmbqSpool
  private let ambq: AmbqProgram

  init() throws {
    spool = try AmbqSpool()
    ambq = AmbqProgram(environment: ["AMBQ_SPOOL": spool.root.path, "FOLDER": spool.root.path])
  }

  /// A row as scripts read it.
  private struct Row: Decodable, Hashable {
    let cursor: String?
    let bundle_digest: String
    let model: String
    let utterance: String

    var name: String { "\(bundle_digest.prefix(8)) \(model) \(utterance)" }
  }

  private func rows(_ lines: [String]) throws -> [Row] {
    try lines.map { try JSONDecoder().decode(Row.self, from: Data($0.utf8)) }
  }

  /// What the index holds, as `list` tells it.
  private func everything() throws -> [String] {
    try rows(try ambq("list", "--all-models", "--format", "jsonl").lines).map(\.name)
  }

  private func record(_ numbers: Range<Int>, model: String = "meld-minilm") throws {
    let writer = try IndexWriter(spool.index)
    for number in numbers {
      try spool.record(writer, "b\(number).h5", seed: number, model: model, dialogues: ["d\(number)"], after: 60)
    }
    try writer.close()
  }

  @Test func eachRowIsToldOnceAndACursorResumesBehindIt() throws {
    try record(1..<4)
    let all = try rows(try ambq("follow", "--since-cursor", "start", "--once", "--format", "jsonl").lines)
    #expect(all.map(\.name) == (try everything()))
    for place in [0, 6, all.count - 2] {
      let cursor = try #require(all[place].cursor)
      let rest = try rows(try ambq("follow", "--since-cursor", cursor, "--once", "--format", "jsonl").lines)
      #expect(rest == Array(all.dropFirst(place + 1)))
    }
    let last = try #require(all.last?.cursor)
    let nothing = try ambq("follow", "--since-cursor", last, "--once")
    #expect(nothing.status == 1 && nothing.errors.contains("nothing new"))
  }

  /// The reader of the rows is killed between two of them, again and again, while bundles are recorded, several in a
  /// transaction; what it has stored says where to go on.
  @Test func aKilledReaderMissesNoRowAndGetsNoneTwice() async throws {
    let file = spool.root.appendingPathComponent("reader.sh")
    let reader = """
      n=0
      while IFS= read -r line; do
        printf '%s\\n' "$line" >> "$FOLDER/store"
        n=$((n + 1))
        if [ $n -eq "$1" ]; then kill -9 $$; fi
      done
      """
    try Data(reader.utf8).write(to: file)
    try record(1..<2)
    let writing = Task.detached { [index = spool.index] in try Self.recordGroups(index) }
    let last = """
      touch "$FOLDER/store"; tail -n 1 "$FOLDER/store" | sed 's/.*"cursor":"\\([^"]*\\)".*/\\1/' > "$FOLDER/place"
      [ -s "$FOLDER/place" ] || echo start > "$FOLDER/place"
      """
    var chance = SystemRandomNumberGenerator()
    for _ in 0..<25 {
      let rows = Int.random(in: 1...40, using: &chance)
      // Ends by itself once its reader is gone.
      _ = try ambq.shell(
        "\(last); \"$AMBQ\" follow --since-cursor \"$FOLDER/place\" --once --format jsonl | sh '\(file.path)' \(rows)")
    }
    try await writing.value
    _ = try ambq.shell(
      "\(last); \"$AMBQ\" follow --since-cursor \"$FOLDER/place\" --once --format jsonl >> \"$FOLDER/store\"")
    try expectStoreHoldsEverythingOnce()
  }

  /// The program itself is killed at any moment; what it was writing then ends within a line.
  @Test func aKilledProgramMissesNoRowAndTellsNoneTwice() async throws {
    try record(1..<2)
    let writing = Task.detached { [index = spool.index] in try Self.recordGroups(index) }
    let output = spool.root.appendingPathComponent("output")
    var (told, place): ([String], String) = ([], "start")
    func take() throws {
      let text = String(decoding: try Data(contentsOf: output), as: UTF8.self)
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
      told += lines
      if let last = try rows(Array(lines.suffix(1))).first?.cursor { place = last }
    }
    for _ in 0..<25 {
      let arguments = ["follow", "--spool", spool.root.path, "--since-cursor", place, "--format", "jsonl"]
      let process = try RunningProgram(
        AmbqProgram.path(), arguments, environment: [:], output: output.path, errors: "/dev/null")
      usleep(UInt32.random(in: 5_000...60_000))
      process.send(SIGKILL)
      #expect(process.wait() == nil)
      try take()
    }
    try await writing.value
    told += try ambq("follow", "--since-cursor", place, "--once", "--format", "jsonl").lines
    try Data(told.map { $0 + "\n" }.joined().utf8).write(to: spool.root.appendingPathComponent("store"))
    try expectStoreHoldsEverythingOnce()
  }

  private func expectStoreHoldsEverythingOnce() throws {
    let store = try String(contentsOf: spool.root.appendingPathComponent("store"), encoding: .utf8)
    let told = try rows(store.split(separator: "\n").map(String.init)).map(\.name)
    let all = try everything()
    #expect(told.count == Set(told).count)
    #expect(Set(told) == Set(all) && all.count > 500)
  }

  /// Sixty bundles, three in a transaction, every other one scored again by another model.
  private static func recordGroups(_ index: URL) throws {
    let writer = try IndexWriter(index)
    for group in 0..<20 {
      let recordings = (0..<3).map { place in
        recording(number: 3 * group + place, model: place == 1 ? "other" : "meld-minilm", of: 3 * group)
      }
      _ = try writer.record(recordings)
      usleep(10_000)
    }
    try writer.close()
  }

  private static func recording(number: Int, model: String, of first: Int) -> BundleRecording {
    // The second of a group is the first's bytes, scored by another model.
    let digest = model == "other" ? first : number
    let utterances = (0..<17).map { turn in
      ScoredUtterance(
        dialogue: "g\(digest)", utterance: "g\(digest)#\(turn)", turn: turn, speaker: "Ross", emotion: "joy",
        confidence: 1, probabilities: [0, 0, 0, 0, 1, 0, 0], branchLogits: [:], shares: [.text: 1])
    }
    let text = String(digest + 0x1000, radix: 16)
    return BundleRecording(
      bundle: ScoredBundle(
        name: "g\(number).h5", digest: String(repeating: text, count: 16), modelName: model,
        modelDigest: String(repeating: model == "other" ? "77" : "5e", count: 32), emotions: AmbqSpool.emotions,
        utterances: utterances),
      scoring: ScoringRecord(
        arrived: AmbqSpool.evening, scored: AmbqSpool.evening, seconds: 1, labelFile: "labels/g.tsv", byteCount: 1))
  }

  @Test func aSupersededScoringIsToldAndAProbeTellsNothingAgain() throws {
    try spool.fill()
    let before = try rows(try ambq("follow", "--since-cursor", "start", "--once", "--format", "jsonl").lines)
    let place = try #require(before.last?.cursor)
    try spool.probe()
    #expect(try ambq("follow", "--since-cursor", place, "--once").status == 1)
    let writer = try IndexWriter(spool.index)
    try spool.record(writer, "friday.h5", seed: 2, model: "newer", dialogues: ["dev-3"], after: 9000)
    try writer.close()
    let new = try rows(try ambq("follow", "--since-cursor", place, "--once", "--format", "jsonl").lines)
    #expect(Set(new.map(\.model)) == ["newer"] && new.count == 8)
    // Which rows come does not depend on when somebody asks.
    let again = try rows(try ambq("follow", "--since-cursor", "start", "--once", "--format", "jsonl").lines)
    #expect(again == before + new)
  }

  @Test func aCursorOfAnotherIndexIsRefusedWithOneError() throws {
    try record(1..<3)
    let line = try #require(try ambq("follow", "--lines", "1", "--once", "--format", "jsonl").lines.first)
    let cursor = try #require(try rows([line]).first?.cursor)
    let other = try AmbqSpool()
    let writer = try IndexWriter(other.index)
    try other.record(writer, "b1.h5", seed: 1, dialogues: ["d1"], after: 60.001)
    try other.record(writer, "b2.h5", seed: 2, dialogues: ["d2"], after: 60.002)
    try writer.close()
    let refused = try ambq("follow", "--spool", other.root.path, "--since-cursor", cursor, "--once")
    #expect(refused.status == 65 && refused.output.isEmpty)
    #expect(refused.errors.contains("the cursor belongs to another index") && refused.errors.contains("start"))
    // Made again from the same bundles, it is another index: its rows have other numbers, or might.
    let moved = try #require(try IndexWriter.setAside(spool.index, at: Date()))
    #expect(FileManager.default.fileExists(atPath: moved.path))
    let rewriter = try IndexWriter(spool.index)
    try spool.record(rewriter, "b2.h5", seed: 2, dialogues: ["d2"], after: 7200)
    try spool.record(rewriter, "b1.h5", seed: 1, dialogues: ["d1"], after: 7200)
    try rewriter.close()
    #expect(try ambq("follow", "--since-cursor", cursor, "--once").status == 65)
    // The beginning is a place in any index.
    #expect(try ambq("follow", "--since-cursor", "ambq1.0", "--once").lines.count == 16)
  }

  @Test func whatIsNoCursorIsRefusedAndAFileThatIsNotThereIsTheBeginning() throws {
    try record(1..<2)
    for wrong in ["ambq1.7", "ambq1.0.1a2b3c4d5e6f7081", "ambq1.7.xyz", "ambq1.-7.1a2b3c4d5e6f7081"] {
      let refused = try ambq("follow", "--since-cursor", wrong, "--once")
      #expect(refused.status == 64 && refused.errors.contains("no cursor"), "\(wrong)")
    }
    let file = spool.root.appendingPathComponent("place")
    #expect(try ambq("follow", "--since-cursor", file.path, "--once").lines.count == 8)
    for content in ["", "friday\n"] {
      try Data(content.utf8).write(to: file)
      #expect(try ambq("follow", "--since-cursor", file.path, "--once").status == 64)
    }
  }

  @Test func theSavedPlaceIsBehindEverythingLookedAt() throws {
    try record(1..<3)
    let file = spool.root.appendingPathComponent("place").path
    let none = try ambq(
      "follow", "--since-cursor", file, "--save-cursor", file, "--speaker", "nobody", "--once", "--format", "jsonl")
    #expect(none.status == 1 && none.output.isEmpty)
    #expect(try ambq("follow", "--since-cursor", file, "--once").status == 1)
    try record(3..<4)
    #expect(try ambq("follow", "--since-cursor", file, "--save-cursor", file, "--once").lines.count == 1 + 9)
    #expect(try ambq("follow", "--since-cursor", file, "--once").status == 1)
  }

  @Test func filtersAndFormatsAreThoseOfList() throws {
    try spool.fill()
    for filter in [
      ["--speaker", "R*"], ["--emotion", "joy,anger"], ["--dialogue", "dev-1"], ["--bundle", "saturday.h5"],
    ] {
      let listed = try ambq.call(["list", "--fields", "dialogue,utterance,emotion"] + filter)
      let told = try ambq.call(
        ["follow", "--since-cursor", "start", "--once", "--fields", "dialogue,utterance,emotion"] + filter)
      #expect(told.output == listed.output && told.lines.count > 2)
    }
    #expect(try ambq("follow", "--once").lines.count == 1 + 10)
    #expect(try ambq("follow", "--once", "--lines", "3", "--print0").output.split(separator: "\0").count == 3)
    #expect(try ambq("follow", "--once", "--since", "2026-11-01").lines.count == 1 + (try everything().count))
    #expect(try ambq("follow", "--limit", "2", "--since-cursor", "start", "--format", "csv").lines.count == 3)
    #expect(try ambq("follow", "--once", "--format", "table").lines.count == 1 + 10)
    #expect(try ambq("follow", "--once", "--format", "json").output.hasPrefix("["))
    #expect(try ambq("follow", "--limit", "1", "--format", "json").status == 64)
    for refused in [["--unstable"], ["--max-stability", "0.5"], ["--until", "now"]] {
      #expect(try ambq.call(["follow", "--once"] + refused).status == 64)
    }
  }

  @Test func itEndsWithItsReaderAndWhenNothingWaits() throws {
    try record(1..<3)
    // Without a further row: the pipe's end alone tells.
    #expect(try ambq.shell("\"$AMBQ\" follow --lines 3 --format jsonl | head -n 1").lines.count == 1)
    #expect(try ambq("follow", "--until-idle", "--lines", "2").lines.count == 3)
    try spool.put("sunday.h5", in: "incoming")
    let waiting = try ambq("follow", "--until-idle", "--lines", "2")
    #expect(waiting.status == 69 && waiting.errors == "ambq: no daemon is running, and a bundle waits\n")
  }

  @Test func itTellsTheRestAndEndsWhereTheIndexIsReplaced() throws {
    try record(1..<3)
    let (output, errors) = (spool.root.appendingPathComponent("output"), spool.root.appendingPathComponent("errors"))
    let process = try RunningProgram(
      AmbqProgram.path(), ["follow", "--spool", spool.root.path, "--since-cursor", "start", "--format", "jsonl"],
      environment: [:], output: output.path, errors: errors.path)
    while try Data(contentsOf: output).isEmpty { usleep(10_000) }
    _ = try IndexWriter.setAside(spool.index, at: Date())
    try record(3..<4)
    #expect(process.wait() == 74)
    #expect(try String(contentsOf: errors, encoding: .utf8).contains("the index was replaced"))
    #expect(try String(contentsOf: output, encoding: .utf8).split(separator: "\n").count == 15)
  }
}
