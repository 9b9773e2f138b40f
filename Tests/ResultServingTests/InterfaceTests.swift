import Foundation
import Testing

@testable import ResultServing

/// The JSON interface; that its objects are the commands', `AmbqServeTests` asks of the program.
struct InterfaceTests {
  private let sample: ServedSample
  init() throws { sample = try ServedSample() }

  @Test func filtersCombine() throws {
    let rows = try sample.answer("/api/list?speaker=Rachel&emotion=anger,neutral&fields=dialogue,turn").objects
    #expect(rows.map { $0["turn"] as? Int } == [0, 2, 0, 2])
    #expect(rows.allSatisfy { Set($0.keys) == ["dialogue", "turn"] })
  }

  @Test func pagesFollowEachOther() throws {
    var (target, turns): (String?, [String]) = ("/api/list?limit=3&fields=utterance", [])
    var answers = 0
    while let next = target, answers < 10 {
      let answer = try sample.answer(next)
      turns += try answer.objects.compactMap { $0["utterance"] as? String }
      answers += 1
      target = answer.field("Link").map { String($0.dropFirst().prefix { $0 != ">" }) }
    }
    #expect(answers == 3)
    let all = try sample.answer("/api/list?fields=utterance").objects.compactMap { $0["utterance"] as? String }
    #expect(turns == all && all.count == 8)
  }

  @Test func followingGoesOnBehindTheCursor() throws {
    let first = try sample.answer("/api/follow?since-cursor=start&limit=5").objects
    #expect(first.count == 5)
    let cursor = try #require(first.last?["cursor"] as? String)
    let rest = try sample.answer("/api/follow?since-cursor=\(cursor)").objects
    #expect(rest.count == 3)
    let last = try #require(rest.last?["cursor"] as? String)
    #expect(try sample.answer("/api/follow?since-cursor=\(last)").text == "[]\n")
  }

  @Test func noCursorIsAFile() throws {
    let file = try sample.folder.write("start\n", to: "place").path
    let answer = try sample.answer("/api/follow?since-cursor=\(file)")
    #expect(answer.status == .badRequest)
    #expect(try answer.error["what"] as? String == "this is no cursor")
  }

  @Test func formatsAreTheCommands() throws {
    let csv = try sample.answer("/api/speakers?format=csv&fields=speaker,utterances")
    #expect(
      try csv.text == "speaker,utterances\r\nRachel,5\r\nRoss,3\r\n"
        || csv.text == "speaker,utterances\nRachel,5\nRoss,3\n")
    #expect(csv.field("Content-Type") == "text/csv; charset=utf-8")
    let lines = try sample.answer("/api/list?format=jsonl&fields=turn&limit=2")
    #expect(try lines.text == "{\"turn\":0}\n{\"turn\":1}\n")
  }

  @Test(arguments: [
    ("/api/list?emotoin=joy", "there is no parameter 'emotoin' here", "Did you mean 'emotion'?"),
    ("/api/status?speaker=Ross", "there is no parameter 'speaker' here", nil),
    ("/api/lst", "there is nothing at '/api/lst'", "Did you mean '/api/list'? /api lists what there is."),
  ])
  func whatIsUnknownIsNamed(_ target: String, _ what: String, _ remedy: String?) throws {
    let answer = try sample.answer(target)
    #expect(answer.status == (target.hasPrefix("/api/lst") ? .notFound : .badRequest))
    #expect(try answer.error["what"] as? String == what)
    #expect(try answer.error["remedy"] as? String == remedy)
  }

  @Test(arguments: [
    "/api/list?limit=10001", "/api/list?limit=-1", "/api/list?limit=x", "/api/list?limit=1&limit=2",
    "/api/list?offset=-1",
    "/api/list?min-confidence=2", "/api/list?min-confidence=nan", "/api/list?unstable=perhaps",
    "/api/list?fields=colour",
    "/api/list?format=table", "/api/list?format={emotion}", "/api/list?certain&uncertain", "/api/list?emotion=joyy",
    "/api/list?since=someday", "/api/list?sort=colour", "/api/list?fields=shares&format=csv", "/api/count?limit=3",
    "/api/count?by=week", "/api/show", "/api/report?date=today&since=monday", "/api/bundles?state=lost",
    "/api/follow?since-cursor=start&lines=3", "/api/follow?unstable", "/api/list?map=nonsense",
    "/api/list?offset=99999999999999999999",
  ])
  func whatMakesNoSenseIsRefused(_ target: String) throws {
    let answer = try sample.answer(target)
    #expect(answer.status == .badRequest)
    #expect(try answer.error["what"] != nil)
  }

  @Test func anUnknownDialogueIsNotFoundWithTheReason() throws {
    let answer = try sample.answer("/api/show?dialogue=teo")
    #expect(answer.status == .notFound)
    #expect(try (answer.error["what"] as? String)?.contains("did you mean 'tea'?") == true)
    #expect(try sample.answer("/api/list?dialogue=teo").text == "[]\n")
  }

  @Test func anIndexMayComeAndGo() throws {
    let sample = try ServedSample(isFilled: false)
    let before = try sample.answer("/api/list")
    #expect(before.status == .unavailable)
    #expect(try before.error["what"] as? String == "there is no index here")
    #expect(before.field("Retry-After") != nil)
    try sample.fill()
    #expect(try sample.answer("/api/count").text == "{\"count\":8}\n")
    try FileManager.default.removeItem(at: sample.layout.index)
    #expect(try sample.answer("/api/list").status == .unavailable)
  }

  @Test func everyAnswerForbidsWhatItCan() throws {
    for target in ["/api/list", "/", "/nothing", "/api/list?x"] {
      let answer = try sample.answer(target)
      #expect(answer.field("X-Content-Type-Options") == "nosniff")
      #expect(answer.field("Referrer-Policy") == "no-referrer")
      #expect(answer.field("Content-Security-Policy")?.contains("default-src 'none'") == true)
      #expect(answer.field("Cache-Control") == "no-store")
      #expect(answer.headers.allSatisfy { !$0.name.hasPrefix("Access-Control") })
    }
  }

  @Test func fieldsAreListed() throws {
    let fields = try sample.answer("/api/list?fields=help").objects
    #expect(fields.contains { $0["field"] as? String == "emotion" })
  }

  @Test func theDocumentHasEveryAddress() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let document = try String(contentsOf: root.appendingPathComponent("docs/OUTPUT.md"), encoding: .utf8)
    for route in ResultService.interface { #expect(document.contains("`\(route.path)`"), "\(route.path)") }
  }
}
