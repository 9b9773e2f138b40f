import AmbqConfiguration
import DialogueDomain
import Foundation
import Logging
import Presentation
import Testing

@testable import ScoringDaemon

struct LogTests {
  private let time = Date(timeIntervalSince1970: 1_700_000_000.25)
  private let values: Logger.Metadata = ["bundle": "fri day.h5", "utterances": .stringConvertible(12), "labels": "a/b"]

  private func line(
    _ format: AmbdConfiguration.Log.Format, terminal: Bool = false, environment: [String: String] = [:],
    message: String = "scored"
  ) -> String {
    LogLine(format, isTerminal: terminal, environment: environment).render(.info, message, values, at: time)
  }

  @Test func textIsForPeople() {
    #expect(
      line(.text) == "2023-11-14T22:13:20.250Z info     scored bundle=\"fri day.h5\" labels=a/b utterances=12\n")
  }

  @Test func coloursAreForTerminalsThatWantThem() {
    #expect(line(.text, terminal: true).contains("\u{1B}[36m"))
    #expect(!line(.text, terminal: true, environment: ["NO_COLOR": "1"]).contains("\u{1B}"))
    #expect(!line(.json, terminal: true).contains("\u{1B}"))
  }

  @Test func theJournalGetsPriorities() {
    #expect(
      line(.text, environment: ["JOURNAL_STREAM": "8:1"])
        == "<6>scored bundle=\"fri day.h5\" labels=a/b utterances=12\n")
  }

  /// A name must neither forge a line nor steer the terminal that shows the log.
  @Test(
    arguments: AmbdConfiguration.Log.Format.allCases,
    ["\u{9B}31m", "\u{7F}", "\u{202E}", "\u{2066}", "\u{1B}[2J", "\n"])
  func whatSteersATerminalIsSpelledOut(format: AmbdConfiguration.Log.Format, hostile: String) {
    let text = LogLine(format, isTerminal: false, environment: [:])
      .render(.info, "m\(hostile)", ["bundle": "b\(hostile).h5"], at: time)
    #expect(text.hasSuffix("\n"))
    #expect(!text.dropLast().unicodeScalars.contains { TextWidth.isControl($0) })
  }

  @Test func logfmtIsForPrograms() {
    #expect(
      line(.logfmt)
        == "time=2023-11-14T22:13:20.250Z level=info msg=\"scored\" bundle=\"fri day.h5\" labels=a/b utterances=12\n")
  }

  @Test func jsonLinesKeepNumbersAndEscapeText() throws {
    let text = line(.json, message: "a \"b\"\n\u{1}c")
    #expect(text.last == "\n" && text.dropLast().contains("\n") == false)
    let object = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    #expect(object["msg"] as? String == "a \"b\"\n\u{1}c")
    #expect(object["utterances"] as? Int == 12)
    #expect(object["bundle"] as? String == "fri day.h5")
  }

  @Test(arguments: AmbdConfiguration.Log.Format.allCases)
  func noMessageCanForgeALine(format: AmbdConfiguration.Log.Format) {
    let text = line(format, message: "x\n2023 error forged\u{1B}[31m")
    #expect(text.dropLast().contains("\n") == false)
    #expect(!text.contains("\u{1B}"))
  }

  @Test func aScoredBundleIsOneLineWithoutFeatureValues() throws {
    let stage = try DaemonStage()
    try stage.place.put("good", "friday.h5")
    _ = try stage.daemon().run(once: true)
    let lines = stage.log.lines.filter { $0.contains("msg=\"scored\"") }
    #expect(lines.count == 1)
    for part in [
      "level=info", "bundle=friday.h5", "digest=", "dialogues=1", "utterances=4", "labels=labels/friday.tsv",
      "read_ms=",
      "score_ms=", "write_ms=",
    ] {
      #expect(lines.first?.contains(part) == true, "\(part) is missing")
    }
  }
}
