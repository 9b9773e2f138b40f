import AmbqConfiguration
import BundleSpool
import DialogueDomain
import Foundation
import Logging
import OperatingSystem
import ScoringDaemon
import Synchronization
import TestSpools

/// A clock that only waiting moves, and a script of what happens when.
final class VirtualWorld: ArrivalWatch {
  private(set) var now: Date
  var tellsOfArrivals: Bool
  /// How often the daemon waited: a busy loop would wait very often.
  private(set) var waits = 0
  private var script: [(time: Date, action: () throws -> [WatchNotice])] = []
  private let start: Date

  init(tellsOfArrivals: Bool = true) {
    // After the files' own times, which are real.
    start = Date().addingTimeInterval(1)
    now = start
    self.tellsOfArrivals = tellsOfArrivals
  }

  var elapsed: Double { now.timeIntervalSince(start) }

  /// Has something happen at a time, in seconds from the start; the notices are what the kernel would tell.
  func at(_ seconds: Double, _ action: @escaping () throws -> [WatchNotice]) {
    script.append((start.addingTimeInterval(seconds), action))
    script.sort { $0.time < $1.time }
  }

  /// Has somebody set the clock, and the times of the story with it.
  func setClock(by seconds: Double) {
    now += seconds
    script = script.map { ($0.time.addingTimeInterval(seconds), $0.action) }
  }

  /// The end of the story: SIGTERM.
  func stop(at seconds: Double) {
    at(seconds) { [.signal(SIGTERM)] }
  }

  func wait(_ seconds: Double?) throws -> [WatchNotice] {
    waits += 1
    // A story without an end would wait for ever.
    guard waits < 100_000 else { return [.signal(SIGTERM)] }
    let end = seconds.map { now.addingTimeInterval($0) } ?? .distantFuture
    guard let next = script.first, next.time <= end else {
      now = end
      return []
    }
    script.removeFirst()
    now = max(now, next.time)
    return try next.action()
  }
}

/// Everything a daemon needs, in a temporary spool.
final class DaemonStage {
  let place: TemporarySpool
  let ledger = FakeLedger()
  let world: VirtualWorld
  let log = Transcript()
  var intake = FakeIntake()
  let source = Source()
  var surroundings: DaemonSurroundings
  var reports: (any ReportWriter)?

  init(tellsOfArrivals: Bool = true) throws {
    place = try TemporarySpool()
    world = VirtualWorld(tellsOfArrivals: tellsOfArrivals)
    surroundings = DaemonSurroundings(environment: [:])
    surroundings.now = { [world] in world.now }
    // Real threads know nothing of the virtual clock: a probe takes no time and is done at once.
    surroundings.background = { $0() }
    surroundings.watch = { [world] _, _, _, _ in WatchChoice(world, world.tellsOfArrivals ? nil : "the test says so") }
  }

  func daemon() throws -> SpoolDaemon {
    let root = place.layout.root
    let (ledger, log, intake, source, reports) = (ledger, log, intake, source, reports)
    let assembly = DaemonAssembly(
      configuration: {
        var overrides = source.configuration.withLock { $0 }
        overrides["spool"] = overrides["spool"] ?? root.path
        return try LoadedConfiguration(environment: ["AMBD_CONFIG": ""], overrides: overrides)
      },
      intake: { _ in intake },
      model: { _ in try source.model.withLock { $0 }.get() },
      ledger: { _ in ledger },
      reports: { _ in reports },
      logger: { _ in log.logger },
      version: "test")
    return try SpoolDaemon(assembly, signals: try SignalPipe(), surroundings: surroundings)
  }

  /// Puts a bundle under a temporary name and renames it into `incoming`, as producers should.
  func rename(_ text: String, _ name: String) throws -> [WatchNotice] {
    try place.put(text, ".\(name).tmp")
    let folder = place.layout.incoming
    try FileManager.default.moveItem(
      at: folder.appendingPathComponent(".\(name).tmp"), to: folder.appendingPathComponent(name))
    return [.renamedIn(FileName(name))]
  }
}

/// What the configuration file and the model directory hold now.
final class Source: Sendable {
  let configuration = Mutex<[String: String]>([:])
  let model = Mutex<Result<FakeModel, FakeError>>(.success(FakeModel()))
}

/// Keeps log lines.
final class Transcript: Sendable {
  private let kept = Mutex<[String]>([])

  var lines: [String] { kept.withLock { $0 } }

  func count(of part: String) -> Int { lines.count { $0.contains(part) } }

  var logger: Logger {
    let line = LogLine(.logfmt, isTerminal: false, environment: [:])
    return Logger(label: "test") { _ in
      LineLogHandler(.debug, line: line) { [self] text in kept.withLock { $0.append(text) } }
    }
  }
}
