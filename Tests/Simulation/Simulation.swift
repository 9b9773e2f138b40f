import AmbqConfiguration
import BundleSpool
import Foundation
import GRDB
import InterposedCalls
import TestFolders

/// Runs daemons in a folder in memory, has them crash, and looks at what others make of the rest.
final class Simulation {
  /// A daemon's way through a scenario, all of it written down.
  struct Story {
    let scenario: Scenario
    let recording: Recording
    /// Each arrival with the number of events after which its producer may rely on it.
    let arrivals: [(arrival: Scenario.Arrival, event: Int)]
    /// What came before the recording.
    let earlier: Inventory
    /// What was to be handed in, in order.
    let planned: [Scenario.Arrival]
  }

  /// What was found wrong.
  struct Finding {
    var problems: [String]
    var log: [String]
  }

  private let place: URL
  var root: URL { place.appendingPathComponent("spool", isDirectory: true) }
  private var preparedDisks: [Bool: Disk] = [:]
  /// Daemons that were run.
  private(set) var runs = 0

  /// - Parameter place: a folder for this process alone, best in memory.
  init(in place: URL) throws {
    self.place = place
    try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: place) }

  // MARK: Recording

  /// Runs the daemon over a scenario without any trouble.
  func record(_ scenario: Scenario) throws -> Story {
    try record(scenario, from: try start(of: scenario), scenario.inventory, hours: 0)
  }

  /// Runs the daemon once from a disk on which everything is durable, and hands in the rest of the inventory.
  func record(
    _ scenario: Scenario, from disk: Disk, _ inventory: Inventory, hours: Int, faults: ic_faults? = nil,
    log: ((SimulatedDaemon.Ending, [String]) -> Void)? = nil
  ) throws -> Story {
    try disk.put(into: root)
    let producer = Producer(inventory.rest, in: root)
    let daemon = SimulatedDaemon(root, scenario)
    if var faults { ic_begin(root.path, &faults) } else { ic_begin(root.path, nil) }
    let ending: SimulatedDaemon.Ending
    do {
      defer { ic_end() }
      try producer.handInIfIdle()
      runs += 1
      ending = try daemon.run(producer, after: hours)
    }
    log?(ending, daemon.log.lines)
    let recording = try Recording(from: disk, in: root)
    try checkModel(recording)
    return Story(
      scenario: scenario, recording: recording,
      arrivals: producer.handedIn.map { ($0.arrival, recording.events(afterRecords: $0.records)) },
      earlier: inventory, planned: inventory.rest)
  }

  /// What the model says and what lies in the folder must be one: else some call went by unseen.
  private func checkModel(_ recording: Recording) throws {
    let crash = Crash(recording, after: recording.events.count)
    let all = crash.pending.map { ($0.event, Crash.Rest.whole) }
    let (model, real) = (crash.disk(keeping: Dictionary(uniqueKeysWithValues: all)).files, try Disk(root).files)
    guard model != real else { return }
    let paths = Set(model.keys).union(real.keys).filter { model[$0] != real[$0] }.sorted()
    throw SimulationError(
      "the model of the file system differs from the folder in \(paths)\n"
        + recording.events.map(\.text).joined(separator: "\n"))
  }

  private func start(of scenario: Scenario) throws -> Disk {
    let disk = scenario.isPrepared ? try prepared(like: scenario) : scenario.empty
    try disk.put(into: root)
    let producer = Producer(Array(scenario.arrivals.prefix(scenario.waiting)), in: root)
    while !producer.isDone {
      guard try producer.handIn() != nil else { throw SimulationError("two that wait have one name") }
    }
    return try Disk(root)
  }

  /// A spool on which the daemon has run once, with nothing in it.
  private func prepared(like scenario: Scenario) throws -> Disk {
    if let disk = preparedDisks[scenario.hasIndexElsewhere] { return disk }
    var idle = Scenario(arrivals: [], waiting: 0)
    idle.hasIndexElsewhere = scenario.hasIndexElsewhere
    try idle.empty.put(into: root)
    let ending = try SimulatedDaemon(root, idle).run(Producer([], in: root), after: -1)
    guard ending == .code(0) else { throw SimulationError("the daemon does not run on an empty spool: \(ending)") }
    let disk = try Disk(root)
    preparedDisks[scenario.hasIndexElsewhere] = disk
    return disk
  }

  // MARK: Recovering

  /// Has daemons work on what a crash has left until nothing is left to do, and looks at it before and after.
  ///
  /// - Parameters:
  ///   - inventory: what must not be lost, and what is handed in now.
  ///   - mayBeTroubled: whether the daemon may have met trouble that leaves a mark: a probe that was skipped.
  ///   - again: whether one more daemon is run, which must change nothing.
  func recover(
    _ disk: Disk, _ scenario: Scenario, _ inventory: Inventory, hours: Int, mayBeTroubled: Bool = false,
    again: Bool = false
  ) throws -> Finding? {
    var crash = Audit(scenario, disk)
    try crash.checkCrash(in: place.appendingPathComponent("index", isDirectory: true))
    try disk.put(into: root)
    var finding = Finding(problems: crash.problems, log: [])
    let producer = Producer(inventory.rest, in: root)
    let expected = inventory.whole
    var state = try finish(scenario, producer, from: hours, &finding)
    try audit(scenario, state, expected, mayBeTroubled, isStrict: false, &finding)
    if again && finding.problems.isEmpty {
      let daemon = SimulatedDaemon(root, scenario)
      runs += 1
      let ending = try daemon.run(producer, after: hours + 100)
      let before = state.files
      state = try Disk(root)
      finding.log += daemon.log.lines
      if ending != .code(0) { finding.problems.append("run again, it ends with \(ending)") }
      let changed = Set(before.keys).union(state.files.keys)
        .filter {
          !$0.hasPrefix(scenario.indexPath) && !$0.hasSuffix(".deferral.json") && before[$0] != state.files[$0]
        }
      if !changed.isEmpty { finding.problems.append("run again, it changes \(changed.sorted())") }
      try audit(scenario, state, expected, mayBeTroubled, isStrict: true, &finding)
    }
    return finding.problems.isEmpty ? nil : finding
  }

  private func audit(
    _ scenario: Scenario, _ disk: Disk, _ expected: Inventory, _ mayBeTroubled: Bool,
    isStrict: Bool, _ finding: inout Finding
  ) throws {
    var audit = Audit(scenario, disk)
    try audit.checkEnd(expected, in: root, mayHaveSkippedProbes: mayBeTroubled, isStrict: isStrict)
    finding.problems += audit.problems
  }

  /// True also of an index that a fault has left damaged: the next daemon has to make it again.
  private func hasPendingProbe(_ scenario: Scenario) -> Bool {
    guard let queue = try? DatabaseQueue(path: root.appendingPathComponent(scenario.indexPath).path) else {
      return true
    }
    defer { try? queue.close() }
    let state = try? queue.read {
      try Bool.fetchOne($0, sql: "SELECT EXISTS (SELECT 1 FROM probe WHERE state = 'pending')")
    }
    return state ?? true
  }

  /// Runs the daemon, an hour later each time, until nothing waits: what is deferred has to be tried again.
  private func finish(
    _ scenario: Scenario, _ producer: Producer, from hours: Int, _ finding: inout Finding
  ) throws -> Disk {
    let intake = Intake()
    for hour in hours..<hours + 6 + scenario.arrivals.count {
      let daemon = SimulatedDaemon(root, scenario, intake)
      if access(root.path + "/incoming", F_OK) == 0 { try producer.handInIfIdle() }
      runs += 1
      let ending = try daemon.run(producer, after: hour)
      finding.log += daemon.log.lines
      if case .refused(let why) = ending { finding.problems.append("the daemon does not start or go on: \(why)") }
      let disk = try Disk(root)
      let isWaiting = ["incoming", "active", "deferred"].contains { folder in
        disk.files(in: folder).keys.contains { $0.hasSuffix(".h5") }
      }
      // A probe that met a busy file is the next daemon's.
      let isProbed = !scenario.probes || !hasPendingProbe(scenario)
      if producer.isDone && !isWaiting && isProbed { return disk }
    }
    return try Disk(root)
  }
}
