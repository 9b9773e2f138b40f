import AmbqConfiguration
import Foundation
import ResultIndex
import Testing

struct AmbqReportTests {
  private let spool: AmbqSpool
  private let folder: TestFolder
  private var ambq = AmbqProgram()

  init() throws {
    spool = try AmbqSpool()
    folder = try TestFolder()
    try spool.fill()
    ambq.environment["AMBD_CONFIG"] = ""
  }

  /// Everything but the programs' own settings comes from the defaults.
  private func report(_ arguments: String...) throws -> AmbqProgram.Result {
    try ambq.shell(
      "\"$AMBQ\" report --spool '\(spool.root.path)' " + arguments.map { "'\($0)'" }.joined(separator: " "))
  }

  @Test func theNightIsNamedByItsMorning() throws {
    let result = try report("--date", "2026-11-23")
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.lines.first == "Morning report of 2026-11-23")
    #expect(result.output.contains("Sun 22 Nov 2026 02:00 to Mon 23 Nov 2026 02:00"))
    #expect(result.output.contains("broken's.h5"))
    #expect(result.output.contains("Agreement with the truth".uppercased()))
  }

  @Test func theLastNightThatIsOverIsTheDefaultAndMayBeEmpty() throws {
    let result = try report()
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output.contains("Nothing arrived in this period.") || result.output.contains("scored"))
  }

  @Test func eachFormatIsWrittenAndTheFileNameChoosesIt() throws {
    let json = try report("--date", "2026-11-23", "--format", "json")
    let object = try #require(try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
    #expect(object["format"] as? String == "ambq-report" && object["version"] as? Int == 1)
    let page = folder["night.html"]
    #expect(try report("--date", "2026-11-23", "--out", page.path).output.isEmpty)
    #expect(try String(contentsOf: page, encoding: .utf8).hasPrefix("<!DOCTYPE html>"))
    #expect(try report("--date", "2026-11-23", "--format", "md").output.hasPrefix("# Morning report of 2026-11-23"))
    #expect(try report("--date", "2026-11-23", "--format", "json").output == json.output)
  }

  @Test func anyPeriodCanBeReportedOn() throws {
    let result = try report("--since", "2026-11-22T19:00:00Z", "--until", "2026-11-22T20:00:00Z", "--format", "json")
    let object = try #require(try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
    let bundles = try #require(object["bundles"] as? [String: Any])
    #expect(bundles["scored"] as? Int == 2)
  }

  @Test func aFilterMakesAReportOfSomeUtterances() throws {
    let period = ["--since", "2026-11-22T19:00:00Z", "--until", "2026-11-22T23:00:00Z"]
    func counted(_ filter: [String]) throws -> (report: Int, list: Int) {
      let all = ["--spool", spool.root.path] + period + filter
      let json = try ambq.call(["report", "--format", "json"] + all).output
      let object = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any]
      let bundles = object?["bundles"] as? [String: Any]
      let list = try ambq.call(["list", "--count"] + all).output
      return (bundles?["utterances"] as? Int ?? -1, Int(list.dropLast()) ?? -2)
    }
    for filter in [
      ["--emotion", "anger"], ["--speaker", "R*"], ["--speaker", "Müller\\, Jörg", "--not-emotion", "neutral"],
      ["--dialogue", "dev-1"], ["--bundle", "friday.h5"], ["--min-confidence", "0.6"], ["--model", "meld-minilm"],
    ] {
      let found = try counted(filter)
      #expect(found.report == found.list && found.report > 0, "\(filter)")
    }
    let text = try ambq.call(["report", "--spool", spool.root.path, "--emotion", "Anger"] + period)
    #expect(text.lines.first == "Report, only --emotion anger" && text.status == 0, "\(text.errors)")
    #expect(text.output.contains("Left out:"))
  }

  @Test func aFilterThatFindsNothingIsExplained() throws {
    let none = try report("--date", "2026-11-23", "--speaker", "Nobody")
    #expect(none.status == 1 && none.output.isEmpty && none.errors.contains("no speaker is called 'Nobody'"))
    let other = try report("--date", "2026-11-24", "--speaker", "Rachel")
    #expect(other.status == 1)
    #expect(other.errors.contains("without the limit to the night of 2026-11-24 there would be some"))
    let words = try report("--date", "2026-11-23", "--text", "refund")
    #expect(words.status == 1 && !words.errors.isEmpty)
    let check = try report("--date", "2026-11-23", "--check", "--emotion", "joy")
    #expect(check.status == 64 && check.errors.contains("chosen by their labels"))
    #expect(try report("--date", "2026-11-23", "--check", "--model", "meld-minilm").status != 64)
    #expect(try report("--emotion", "wut").status == 64)
  }

  @Test func checkExitsWithOneAndTheLineThatBroke() throws {
    let config = folder["ambd.toml"]
    try Data("[report]\nmost_failed = 0.1\nleast_weighted_f1 = 0.01\n".utf8).write(to: config)
    let broken = try report("--date", "2026-11-23", "--check", "--config", config.path)
    #expect(broken.status == 1)
    #expect(broken.lines.count == 1)
    #expect(broken.lines.first?.contains("report.most_failed") == true)
    let others = "most_drift = 1\nmost_training_drift = 1\nmost_unhealthy = 1\n"
    try Data("[report]\nmost_failed = 0.9\n\(others)".utf8).write(to: config)
    let held = try report("--date", "2026-11-23", "--check", "--config", config.path)
    #expect(held.status == 0, "\(held.errors)")
    #expect(held.output == "3 bundles scored, 1 failed; the limit holds.\n")
    let both = try report("--date", "2026-11-23", "--check", "--config", config.path, "--format", "md")
    #expect(both.lines.first == "# Morning report of 2026-11-23")
  }

  @Test func openPrintsThePathWhereThereIsNoDesktop() throws {
    var program = ambq
    program.environment["PATH"] = "/nowhere"
    let page = folder["open.html"]
    let result = try program("report", "--spool", spool.root.path, "--date", "2026-11-23", "--out", page.path, "--open")
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output == page.path + "\n")
  }

  @Test(arguments: [
    (["--date", "soon"], 64), (["--date", "2999-01-01"], 64), (["--date", "today", "--since", "monday"], 64),
    (["--until", "today"], 64), (["--out", "/nowhere/x.html"], 74), (["--format", "pdf"], 64),
  ])
  func mistakesAreExplained(arguments: [String], status: Int) throws {
    let result = try ambq.shell(
      "\"$AMBQ\" report --spool '\(spool.root.path)' " + arguments.map { "'\($0)'" }.joined(separator: " "))
    #expect(result.status == Int32(status), "\(result.errors)")
    #expect(!result.errors.isEmpty)
  }

  @Test func theDaemonWritesWhatAmbqPrints() throws {
    // A night that was over an hour ago at the latest, whatever the time of this test.
    let finished = try AmbqSpool()
    let writer = try IndexWriter(finished.index)
    let night = Night.last(before: Date(), at: ClockTime(hour: 2), .gmt)
    try finished.record(
      writer, "friday.h5", seed: 1, dialogues: ["dev-0"],
      after: night.start.timeIntervalSince(AmbqSpool.evening) + 3600)
    try writer.close()
    let ambd = BuiltProgram("ambd")
    for _ in 0..<2 {
      let outcome = try ambd(
        "--spool", finished.root.path, "--model", Shipped.model, "--once",
        environment: ["TZ": "UTC", "AMBD_CONFIG": ""])
      #expect(outcome.status == 0, "\(outcome.errors)")
    }
    let folder = finished.root.appendingPathComponent("reports/night")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    let forms = ["html", "json", "md"].map { "\(night.date.text).\($0)" }
    let conversation = "\(night.date.text)-conversation-1.html"
    #expect(names == [conversation] + forms + ["index.html", "latest.html"])
    func text(_ name: String) throws -> String {
      try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
    }
    #expect(try text("latest.html") == text("\(night.date.text).html"))
    for link in [conversation, "index.html"] { #expect(try text("latest.html").contains("href=\"\(link)\"")) }
    #expect(try text(conversation).contains("href=\"\(night.date.text).html\""))
    for (name, format) in zip(forms, ["html", "json", "md"]) {
      let printed = try ambq(
        "report", "--spool", finished.root.path, "--date", night.date.text, "--format", format)
      // What is printed lies beside no other page, and leads to none.
      let written = try text(name)
        .replacing(try Regex(#"<p class="(back|open)"><a href="[^#"]*">[^<]*</a></p>"#), with: "")
        .replacing(try Regex(#" ?<a href="[^#"]*">[^<]*</a>"#), with: "")
      #expect(written.filter { $0 != "\n" } == printed.output.filter { $0 != "\n" })
    }
  }

  @Test func oldReportsAreDeletedAndNothingElse() throws {
    let finished = try AmbqSpool()
    let folder = finished.root.appendingPathComponent("reports/night")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let today = CalendarDay(Date(), .gmt)
    let (old, recent) = (today.adding(days: -8).text, today.adding(days: -6).text)
    let reports = [old, recent].flatMap { day in
      ["html", "json", "md"].map { "\(day).\($0)" } + ["\(day)-conversation-5.html"]
    }
    let others = [
      "\(old)-mine.html", "\(old)-conversation-6.html", "\(old).pdf", "\(old).html.bak", "notes.md", "1999.json",
    ]
    for name in reports + others { try Data().write(to: folder.appendingPathComponent(name)) }
    func names() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() }
    func run(keepDays: String) throws {
      let outcome = try BuiltProgram("ambd")(
        "--spool", finished.root.path, "--model", Shipped.model, "--once",
        environment: ["TZ": "UTC", "AMBD_CONFIG": "", "AMBD_REPORT_KEEP_DAYS": keepDays])
      #expect(outcome.status == 0, "\(outcome.errors)")
    }
    let pages = ["index.html", "latest.html"]
    try run(keepDays: "0")
    #expect(try names() == (reports + others + pages).sorted())
    try run(keepDays: "7")
    #expect(try names() == (reports.filter { !$0.hasPrefix(old) } + others + pages).sorted())
  }
}

extension Calendar {
  fileprivate static var gmt: Calendar {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = .gmt
    return calendar
  }
}
