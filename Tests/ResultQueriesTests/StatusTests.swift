import DialogueDomain
import Foundation
import ResultIndex
import Testing

@testable import ResultQueries

struct DaemonStateTests {
  private let now = SampleIndex.evening

  private func state(
    heard seconds: Double = 10, every interval: Double = 60, host: String = "here", stopped: Date? = nil,
    isAlive: Bool = true
  ) -> DaemonState {
    let heartbeat = DaemonHeartbeat(
      processID: 7, host: host, started: now - 1e5, beat: now - seconds, stopped: stopped, modelName: "m",
      modelDigest: "d", spool: "/s", version: "1")
    return DaemonState(heartbeat, now: now, host: "here", heartbeatEvery: interval) { $0 == 7 && isAlive }
  }

  @Test func everyStateIsToldFromTheHeartbeat() {
    #expect(DaemonState(nil, now: now, host: "here", heartbeatEvery: 60) { _ in true } == .never)
    #expect(state() == .running)
    #expect(state(heard: 301) == .silent)
    #expect(state(stopped: now) == .stopped)
    #expect(state(isAlive: false) == .dead)
    #expect(state(host: "there", isAlive: false) == .elsewhere)
    #expect(state(host: "there", stopped: now) == .stopped)
  }

  @Test(arguments: [(10.0, 300.0), (60, 300), (120, 600), (3600, 18_000)])
  func aDaemonMayBeQuietForSeveralHeartbeatsAndFiveMinutesAtLeast(_ interval: Double, _ patience: Double) {
    #expect(state(heard: patience, every: interval) == .running)
    #expect(state(heard: patience + 1, every: interval) == .silent)
  }

  @Test func onlyAProcessNamedAmbdIsADaemon() {
    // This very process is none, and no process has this number.
    #expect(!DaemonState.isDaemon(getpid()) && !DaemonState.isDaemon(-1))
  }
}

struct QueueShapeTests {
  @Test func onlyWhatTheDaemonWouldTakeIsCounted() throws {
    let sample = try SampleIndex(isFilled: false)
    let incoming = sample.layout.incoming
    for name in ["friday.h5", "SATURDAY.H5"] { try sample.put(name, in: incoming) }
    for name in ["notes.odt", "x.partial", "x~", "x.h5.part", ".hidden.h5", "friday.h5.sha256", "x.crdownload"] {
      try sample.put(name, in: incoming)
    }
    try FileManager.default.createDirectory(
      at: incoming.appendingPathComponent("folder.h5"), withIntermediateDirectories: false)
    try FileManager.default.createSymbolicLink(
      at: incoming.appendingPathComponent("link.h5"), withDestinationURL: incoming.appendingPathComponent("friday.h5"))
    try sample.put("bad.h5", in: sample.layout.failed)
    try sample.put("bad.h5.error.json", in: sample.layout.failed)
    try FileManager.default.removeItem(at: sample.layout.hold)
    let folders = QueueShape(sample.layout).folders
    #expect(folders.map(\.name) == ["incoming", "active", "deferred", "failed", "done"])
    #expect(folders.map(\.count) == [2, 0, 0, 1, 0])
    #expect(folders[0].oldest != nil && folders[1].oldest == nil)
  }
}

struct SystemStatusTests {
  private func heartbeat(_ sample: SampleIndex, _ change: (inout DaemonHeartbeat) -> Void = { _ in }) throws {
    let now = SampleIndex.evening
    var heartbeat = DaemonHeartbeat(
      processID: 4711, host: DaemonHeartbeat.thisHost, started: now - 7200, beat: now - 400, modelName: "meld-minilm",
      modelDigest: "0123456789abcdef", spool: sample.layout.root.path, version: "0.1.0", activity: "scoring x.h5",
      waiting: 2)
    change(&heartbeat)
    let writer = try IndexWriter(sample.layout.index)
    try writer.recordHeartbeat(heartbeat)
    try writer.close()
  }

  private func status(_ sample: SampleIndex, _ environment: [String: String] = [:]) throws -> SystemStatus {
    try SystemStatus(sample.location(environment: environment), now: SampleIndex.evening) { $0 == 4711 }
  }

  @Test func aRareHeartbeatIsNoSilence() throws {
    let sample = try SampleIndex()
    try heartbeat(sample)
    #expect(try status(sample).state == .silent)
    #expect(try status(sample, ["AMBD_DAEMON_HEARTBEAT_SECONDS": "120"]).state == .running)
  }

  @Test func theTableTellsDaemonQueueAndIndex() throws {
    let sample = try SampleIndex()
    try heartbeat(sample) { $0.beat = SampleIndex.evening - 20 }
    let status = try status(sample)
    let text = lines(try printed(width: 200) { try StatusPrinter(status, $0).print() })
    #expect(text[0] == "Daemon  running, process 4711, up 2 h, last heard from 20 s ago")
    #expect(text[1] == "Doing   scoring x.h5, 2 bundles waiting" && text[2] == "Model   meld-minilm (01234567)")
    #expect(text[3] == "Spool   \(sample.layout.root.path)" && text[4] == "Queue   incoming        0")
    #expect(text[10].hasPrefix("Index   \(sample.layout.index.path), "))
    #expect(text[11] == "        2 bundles, 3 dialogues, 5 utterances")
    #expect(text[12].hasPrefix("Last    saturday.h5, 1 utterance, ") && text.count == 13)
  }

  @Test func everyStateHasItsWords() throws {
    let sample = try SampleIndex()
    func daemon(_ change: (inout DaemonHeartbeat) -> Void) throws -> String {
      try heartbeat(sample, change)
      let status = try status(sample)
      return lines(try printed { try StatusPrinter(status, $0).print() })[0]
    }
    let silent = try daemon { _ in }
    #expect(silent == "Daemon  silent, process 4711 is there, but last heard from 6 min ago")
    let dead = try daemon { $0.processID = 12 }
    #expect(dead == "Daemon  not running, process 12 ended without a word, last heard from 6 min ago")
    #expect(try daemon { $0.stopped = SampleIndex.evening - 90_000 } == "Daemon  stopped 25 h ago")
    let elsewhere = try daemon { $0.host = "server" }
    #expect(elsewhere == "Daemon  on server, process 4711, last heard from 6 min ago")
  }

  @Test func aSpoolNeedsNoIndex() throws {
    let sample = try SampleIndex(isFilled: false)
    let status = try status(sample)
    #expect(status.state == .never && status.index == nil && status.queue?.folders.count == 6)
    let text = try printed { try StatusPrinter(status, $0).print() }
    #expect(text.hasPrefix("Daemon  none has run on this index\n") && text.hasSuffix("Index   none yet\n"))
    let nowhere = try ResultLocation(spool: "/nowhere", environment: ["AMBD_CONFIG": ""])
    #expect(throws: IndexError.self) { try SystemStatus(nowhere) }
  }

  @Test func jsonAndTablesOfFactsSayTheSame() throws {
    let sample = try SampleIndex()
    try heartbeat(sample)
    let status = try status(sample)
    let json = try printed(.json) { try StatusPrinter(status, $0).print() }
    let object = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
    let daemon = try #require(object["daemon"] as? [String: Any])
    #expect(daemon["state"] as? String == "silent" && daemon["process"] as? Int == 4711)
    #expect(daemon["heard"] as? String == "2026-11-22T19:33:20.000Z" && daemon["stopped"] is NSNull)
    let index = try #require(object["index"] as? [String: Any])
    #expect(index["utterances"] as? Int == 5 && index["last_bundle"] as? String == "saturday.h5")
    let facts = lines(try printed(.tsv) { try StatusPrinter(status, $0).print() })
    #expect(facts[0] == "what\tvalue" && facts.contains("daemon\tsilent") && facts.contains("incoming\t0"))
    #expect(facts.contains("utterances\t5") && facts.contains("heard\t2026-11-22T19:33:20.000Z"))
  }
}
