import Foundation
import TestConnections
import Testing

/// `ambq serve`, started as a user would.
final class AmbqServeTests {
  private let spool: AmbqSpool
  private let folder: TestFolder
  private let ambq: AmbqProgram
  private let served: RunningProgram

  init() throws {
    spool = try AmbqSpool()
    try spool.fill()
    folder = try TestFolder()
    ambq = AmbqProgram(environment: ["AMBQ_SPOOL": spool.root.path])
    served = try Self.serve(spool, folder, ["--socket", folder["s"].path])
    try Self.wait { (try? RawConnection(socket: folder["s"].path)) != nil }
  }

  deinit {
    served.send(SIGKILL)
    _ = served.wait()
  }

  private static func serve(_ spool: AmbqSpool, _ folder: TestFolder, _ arguments: [String]) throws -> RunningProgram {
    try RunningProgram(
      AmbqProgram.path(), ["serve"] + arguments,
      environment: [
        "PATH": "/usr/bin:/bin", "TZ": "UTC", "AMBQ_SPOOL": spool.root.path, "AMBQ_TOKEN": "0123456789abcdef",
      ], output: folder["output"].path, errors: folder["errors"].path)
  }

  /// Until something holds that will hold soon.
  private static func wait(_ isThere: () throws -> Bool) throws {
    for _ in 0..<600 where try !isThere() { usleep(50_000) }
    #expect(try isThere())
  }

  private func body(_ target: String) throws -> String {
    try RawConnection(socket: folder["s"].path).ask(target, host: "localhost").body
  }

  @Test(arguments: [
    ("/api/list", ["list"]),
    ("/api/list?emotion=joy&limit=3&offset=1", ["list", "--emotion", "joy", "--limit", "3", "--offset", "1"]),
    (
      "/api/list?sort=-confidence&min-confidence=0.6&fields=utterance,shares",
      ["list", "--sort", "-confidence", "--min-confidence", "0.6", "--fields", "utterance,shares"]
    ),
    ("/api/show?dialogue=dev-1&bundle=friday.h5", ["show", "dev-1", "--bundle", "friday.h5"]),
    ("/api/dialogues", ["dialogues"]),
    ("/api/dialogues?emotion=anger&sort=-utterances", ["dialogues", "--emotion", "anger", "--sort", "-utterances"]),
    ("/api/speakers?not-emotion=neutral", ["speakers", "--not-emotion", "neutral"]), ("/api/emotions", ["emotions"]),
    ("/api/models?all-models", ["models", "--all-models"]), ("/api/count?emotion=joy", ["count", "--emotion", "joy"]),
    ("/api/count?by=day", ["count", "--by", "day"]), ("/api/stats?speaker=Ross", ["stats", "--speaker", "Ross"]),
    ("/api/bundles?sort=-utterances", ["bundles", "--sort", "-utterances"]),
    ("/api/bundles?emotion=disgust", ["bundles", "--emotion", "disgust"]),
    ("/api/errors", ["errors"]), ("/api/status", ["status"]),
    ("/api/report?date=2026-11-23", ["report", "--date", "2026-11-23"]),
  ])
  func anAddressTellsWhatItsCommandTells(_ target: String, _ command: [String]) throws {
    let told = try ambq.call(command + ["--format", "json"])
    #expect(!told.output.isEmpty)
    #expect(try body(target) == told.output)
  }

  @Test func rowsBehindACursorAreThoseThatFollowTells() throws {
    let told = try ambq("follow", "--since-cursor", "start", "--once", "--format", "jsonl")
    #expect(try body("/api/follow?since-cursor=start&format=jsonl") == told.output)
  }

  /// The filters of the help, which is compared with the program's elsewhere.
  @Test func everyFilterOfTheListIsAParameter() throws {
    let help = try ambq("list", "--help").output
    let options = Set(help.matches(of: /--([a-z][a-z0-9-]+)/).map { String($0.1) })
    let others: Set<String> = [
      "spool", "index", "config", "no-pager", "color", "colour", "quiet", "print0", "json", "count", "set", "version",
      "help",
    ]
    let error = try body("/api/list?nonsense")
    let object = try JSONSerialization.jsonObject(with: Data(error.utf8)) as? [String: [String: Any]]
    let known = Set((object?["error"]?["expected"] as? String ?? "").split(separator: ", ").map(String.init))
    #expect(known == options.subtracting(others))
  }

  @Test(arguments: [SIGTERM, SIGINT]) func aSignalEndsItInGoodOrder(_ signal: Int32) throws {
    let idle = try RawConnection(socket: folder["s"].path)
    served.send(signal)
    #expect(served.wait() == 0)
    #expect(!FileManager.default.fileExists(atPath: folder["s"].path))
    withExtendedLifetime(idle) {}
  }

  @Test func aPortNeedsTheTokenThatItPrints() throws {
    let other = try TestFolder()
    let program = try Self.serve(spool, other, ["--port", "0"])
    defer {
      program.send(SIGTERM)
      _ = program.wait()
    }
    func printed() -> String { (try? String(contentsOf: other["output"], encoding: .utf8)) ?? "" }
    try Self.wait { printed().contains("ends it") }
    let match = try #require(printed().firstMatch(of: /http:\/\/127\.0\.0\.1:([0-9]+)(\/\?token=0123456789abcdef)\n/))
    let port = try #require(Int(match.1))
    let host = "127.0.0.1:\(port)"
    #expect(try RawConnection(port: port).ask("/api/count", host: host).status == 401)
    #expect(try RawConnection(port: port).ask(String(match.2), host: host).status == 200)
  }

  @Test func whatCannotBeServedIsSaid() throws {
    let live = try ambq("serve", "--socket", folder["s"].path)
    #expect(live.status == 64)
    #expect(live.errors.contains("somebody listens at this socket already"))
    #expect(try ambq("serve", "--port", "1", "--socket", "x").status == 64)
    #expect(try ambq("serve", "--port", "70000").status == 64)
  }
}
