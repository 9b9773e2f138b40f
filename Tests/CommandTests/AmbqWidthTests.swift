import DialogueDomain
import Foundation
import Presentation
import ResultIndex
import Testing

/// Whatever names come out of files, what is printed for people fits the terminal.
struct AmbqWidthTests {
  private let spool: AmbqSpool
  private let ambq: AmbqProgram

  /// Wide, combining, joined, from right to left, long, and meant to steer a terminal.
  private static let names = [
    "田中さくら子と山田太郎の長い長い名前", "Zoë\u{308}\u{301}\u{323} e\u{301}", "👩‍👩‍👧 family 🇩🇪❤️", "שרה בן־דוד (3)", "مُحَمَّد الطويل",
    "a-very-long-name-without-any-blank-" + String(repeating: "x", count: 90), "\u{202E}evil\u{1B}[31m\u{7}name",
    "ｗｉｄｅ ｌｅｔｔｅｒｓ",
  ]

  init() throws {
    spool = try AmbqSpool()
    ambq = AmbqProgram(environment: ["AMBQ_SPOOL": spool.root.path, "AMBD_CONFIG": ""])
    let writer = try IndexWriter(spool.index)
    for (number, name) in Self.names.enumerated() {
      let utterances = Self.names.enumerated().map { turn, speaker in
        let label = (turn + number) % 7
        return ScoredUtterance(
          dialogue: name, utterance: "\(name)#\(turn)", turn: turn, speaker: speaker, start: Double(turn) * 1000,
          end: Double(turn) * 1000 + 3, emotion: AmbqSpool.emotions[label], confidence: 0.5 + Double(turn) / 20,
          probabilities: (0..<7).map { $0 == label ? 0.7 : 0.05 }, branchLogits: [:],
          shares: [.text: 0.5, .visual: 0.25, .audio: 0.25], margin: 0.1, truth: AmbqSpool.emotions[0],
          text: "\(speaker) says \(name)")
      }
      let bundle = ScoredBundle(
        name: "\(name).h5", digest: String(repeating: "\(number)a", count: 32), modelName: "model-\(name)",
        modelDigest: String(repeating: "5\(number)", count: 32), emotions: AmbqSpool.emotions, utterances: utterances)
      let time = AmbqSpool.evening + Double(number)
      _ = try writer.record(
        bundle,
        ScoringRecord(arrived: time, scored: time, seconds: 1, labelFile: "labels/\(number).tsv", byteCount: 1_000_000))
      try writer.recordFailure(
        FailureRecord(
          name: "broken \(name).csv", digest: nil, time: time,
          explanation: Explanation(
            .data, "a row of \(name) has no words", at: "broken \(name).csv: line 4", found: name, expected: "words",
            remedy: "Write \(name) anew, and put it into incoming again.")))
    }
    try writer.close()
  }

  private static let commands = [
    "list", "list --fields dialogue,speaker,text,bundle", "show 田*", "bundles", "dialogues", "speakers", "emotions",
    "models",
    "count --by speaker", "count --by dialogue", "count --by model", "stats", "errors", "status", "verify",
    "sql 'SELECT dialogue, speaker, emotion, bundle FROM utterances LIMIT 9'", "list --fields help", "help fields",
    "help exit-codes",
  ]

  @Test(arguments: commands, [70, 80, 100, 120])
  func everyTableFitsTheTerminal(_ command: String, _ width: Int) throws {
    let result = try ambq.shell(
      "COLUMNS=\(width) \"$AMBQ\" \(command) \(command.hasPrefix("help") ? "" : "--format table")")
    #expect([0, 1, 69].contains(result.status) && !(result.output + result.errors).isEmpty, "\(result.errors)")
    for line in result.lines {
      #expect(TextWidth.columns(of: line) <= width, "\(command) at \(width): \(line)")
      // Nothing steers the terminal, and nothing turns a line round.
      #expect(!line.unicodeScalars.contains { TextWidth.isControl($0) }, "\(line)")
    }
  }

  @Test(arguments: [70, 80, 100])
  func aReportFitsTheTerminal(_ width: Int) throws {
    let period = "--since 2026-11-22T19:00:00Z --until 2026-11-22T20:00:00Z"
    let result = try ambq.shell("COLUMNS=\(width) \"$AMBQ\" report \(period) --format text")
    #expect(result.status == 0 && !result.output.isEmpty)
    for line in result.lines {
      #expect(TextWidth.columns(of: line) <= width, "\(line)")
      #expect(!line.unicodeScalars.contains { TextWidth.isControl($0) }, "\(line)")
    }
  }

  @Test(arguments: commands + ["report --since 2026-11-22T19:00:00Z"])
  func inTheLocaleCEveryTableIsASCII(_ command: String) throws {
    let format = command.hasPrefix("help") ? "" : command.hasPrefix("report") ? "--format text" : "--format table"
    for width in [70, 120] {
      let result = try ambq.shell("LC_ALL=C COLUMNS=\(width) \"$AMBQ\" \(command) \(format)")
      #expect((result.output + result.errors).utf8.allSatisfy { $0 < 0x80 }, "\(command)")
      #expect(result.lines.allSatisfy { $0.count <= width || command.hasPrefix("report") && width > 100 })
    }
  }
}
