import AMBDSGDN
import AmbqConfiguration
import BundleScoring
import BundleSpool
import DialogueBundles
import DialogueDomain
import Foundation
import Logging
import OperatingSystem
import SampleModels
import ScoringDaemon
import Synchronization
import Tensors

/// The daemon as it is, with a small model, a reader of small texts, and a clock that only waiting moves.
struct SimulatedDaemon {
  /// How a run came to its end.
  enum Ending: Equatable {
    case code(Int32)
    case refused(String)
  }

  static let beginning = Date(timeIntervalSince1970: 4_000_000_000)
  static let model = TinyModel.model([.text], classes: 3)

  let root: URL
  let scenario: Scenario
  let log = Transcript()
  private let intake: Intake

  /// - Parameter intake: what was busy once and is not any more, where daemons follow each other.
  init(_ root: URL, _ scenario: Scenario, _ intake: Intake = Intake()) {
    self.root = root
    self.intake = intake
    self.scenario = scenario
  }

  /// Runs until nothing is left to do.
  ///
  /// - Parameter hours: on the clock, from the beginning of the simulation.
  func run(_ producer: Producer, after hours: Int) throws -> Ending {
    let clock = Clock(Self.beginning.addingTimeInterval(Double(hours) * 3600), producer)
    var surroundings = DaemonSurroundings(environment: [:])
    surroundings.now = { clock.now }
    surroundings.background = { $0() }
    surroundings.aside = { $0() }
    // Each in its turn, so that what goes together follows from the seed.
    surroundings.readers = 0
    surroundings.freeBytes = { _ in 1 << 40 }
    surroundings.watch = { _, _, _, _ in WatchChoice(clock, nil) }
    let signals = try SignalPipe()
    do {
      let daemon = try SpoolDaemon(assembly, signals: signals, surroundings: surroundings)
      return .code(try daemon.run(once: true))
    } catch let error as SimulationError {
      throw error
    } catch {
      return .refused((error as? any ExplainedError)?.explanation.message ?? "\(error)")
    }
  }

  private var assembly: DaemonAssembly {
    let settings = [
      "spool": root.path, "index": root.appendingPathComponent(scenario.indexPath).path,
      "labels.layout": scenario.hasLabelFolders ? "utterance" : "tsv",
      "probes.enabled": scenario.probes ? "true" : "false", "probes.levels": "0,1", "probes.seeds": "1",
      "probes.kinds": "noise", "probes.threads": "1", "report.enabled": "false", "scoring.threads": "1",
      "deferral.start_seconds": "1", "deferral.limit_seconds": "60", "reader.isolated": "false",
    ]
    return DaemonAssembly(
      configuration: { try LoadedConfiguration(environment: ["AMBD_CONFIG": ""], overrides: settings) },
      intake: { [intake] _ in intake }, models: { _ in ModelFolder(Self.model) },
      logger: { [log] _ in log.logger }, version: "simulation")
  }
}

/// Time, and arrivals: each wait of the daemon brings the next.
private final class Clock: ArrivalWatch {
  private(set) var now: Date
  let tellsOfArrivals = true
  private let producer: Producer
  private var waits = 0

  init(_ now: Date, _ producer: Producer) {
    self.now = now
    self.producer = producer
  }

  func wait(_ seconds: Double?) throws -> [WatchNotice] {
    waits += 1
    guard waits < 2000 else { throw SimulationError("the daemon waits again and again and comes to no end") }
    if let notice = try producer.handIn() { return [notice] }
    now += max(seconds ?? 0, 0.001)
    return []
  }
}

/// Reads texts: `bad` ones and half ones are no bundles, `busy` ones cannot be read the first time.
final class Intake: BundleSource {
  private let seen = Mutex<Set<String>>([])

  func read(_ url: URL) throws -> BundleReading {
    let descriptor = Glibc.open(url.path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
    guard descriptor >= 0 else { throw StorageError("opening", url) }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = Glibc.read(descriptor, &bytes, bytes.count)
    guard count >= 0 else { throw StorageError("reading", url) }
    let text = String(decoding: bytes.prefix(count), as: UTF8.self)
    if text.hasPrefix("bad") || !text.hasSuffix(".") {
      throw ReadingError(kind: .data, "not a bundle", isTransient: false)
    }
    if text == "busy.", seen.withLock({ $0.insert(text).inserted }) {
      throw ReadingError(kind: .io, "the file is busy", isTransient: true)
    }
    return Expectation.reading(text)
  }
}

struct ReadingError: ExplainedError {
  let explanation: Explanation
  let isTransient: Bool

  init(kind: Explanation.Kind, _ what: String, isTransient: Bool) {
    explanation = Explanation(kind, what)
    self.isTransient = isTransient
  }
}

/// Keeps log lines.
final class Transcript: Sendable {
  private let kept = Mutex<[String]>([])

  var lines: [String] { kept.withLock { $0 } }

  var logger: Logger {
    let line = LogLine(.logfmt, isTerminal: false, environment: [:])
    return Logger(label: "simulation") { _ in
      LineLogHandler(.info, line: line) { [self] text in kept.withLock { $0.append(text) } }
    }
  }
}
