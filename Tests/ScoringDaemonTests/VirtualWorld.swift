import AMBDSGDN
import AmbqConfiguration
import BundleSpool
import DialogueDomain
import EvaluationStatistics
import Foundation
import Logging
import OperatingSystem
import ResultIndex
import Synchronization
import TestSpools

@testable import ScoringDaemon

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

/// Everything a daemon needs, in a temporary spool: the index is the real one, the model a tiny one.
final class DaemonStage {
  let place: TemporarySpool
  let index: IndexProbe
  let world: VirtualWorld
  let log = Transcript()
  var intake = FakeIntake()
  let source = Source()
  var surroundings: DaemonSurroundings

  init(tellsOfArrivals: Bool = true) throws {
    place = try TemporarySpool()
    index = IndexProbe(url: place.layout.index)
    try IndexWriter(place.layout.index).close()
    world = VirtualWorld(tellsOfArrivals: tellsOfArrivals)
    surroundings = DaemonSurroundings(environment: [:])
    surroundings.now = { [world] in world.now }
    // Real threads know nothing of the virtual clock: a probe takes no time and is done at once.
    surroundings.background = { $0() }
    surroundings.readers = 0
    surroundings.watch = { [world] _, _, _, _ in WatchChoice(world, world.tellsOfArrivals ? nil : "the test says so") }
  }

  var assembly: DaemonAssembly {
    let root = place.layout.root
    let (log, intake, source) = (log, intake, source)
    return DaemonAssembly(
      configuration: {
        var overrides = source.configuration.withLock { $0 }
        overrides["spool"] = overrides["spool"] ?? root.path
        return try LoadedConfiguration(environment: ["AMBD_CONFIG": ""], overrides: overrides)
      },
      intake: { _ in intake },
      models: { _ in ModelFolder(try source.model.withLock { $0 }.get()) },
      logger: { _ in log.logger },
      version: "test")
  }

  func daemon() throws -> SpoolDaemon {
    try SpoolDaemon(assembly, signals: try SignalPipe(), surroundings: surroundings)
  }

  /// The plan of probes that the configuration names.
  func plan() throws -> ProbePlan { try DaemonParts(assembly).settings.probes.plan() }

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
  /// A small plan of probes, and no reports, unless a test is about them.
  let configuration = Mutex<[String: String]>([
    "probes.levels": "0,0.5,2", "probes.seeds": "1,2", "report.enabled": "false", "scoring.threads": "1",
  ])
  let model = Mutex<Result<Model, FakeError>>(.success(TinyModel.model()))
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
