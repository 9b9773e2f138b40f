import Foundation
import InterposedCalls
import TestFolders

/// What one seed does: a scenario, which it shares with its neighbours, and a crash or faults of its own.
struct Seed {
  /// So many seeds in a row share a scenario, and its recording.
  static let perScenario: UInt64 = 64

  let number: UInt64
  /// Told what happens, where somebody wants to know.
  var tell: (String) -> Void = { _ in }

  var scenario: UInt64 { number / Self.perScenario }

  /// - Parameter story: what the scenario's recording is.
  func run(_ story: Simulation.Story, _ simulation: Simulation) throws -> Simulation.Finding? {
    var random = RepeatableRandom(number &* 2 &+ 1)
    tell(Self.text(of: story.scenario))
    let again = random.isOneIn(4)
    switch random.below(8) {
    case 0, 1: return try fail(story, simulation, &random, again: again)
    case 2:
      let (first, count) = crash(story, &random)
      var refusal: [String] = []
      let second = try simulation.record(
        story.scenario, from: first, story.inventory(after: count, on: first), hours: 1
      ) { ending, _ in if case .refused(let why) = ending { refusal = ["the daemon does not start or go on: \(why)"] } }
      if !refusal.isEmpty { return Simulation.Finding(problems: refusal, log: []) }
      return try recover(second, simulation, &random, hours: 2, again: again)
    default: return try recover(story, simulation, &random, hours: 1, again: again)
    }
  }

  private func recover(
    _ story: Simulation.Story, _ simulation: Simulation, _ random: inout RepeatableRandom, hours: Int, again: Bool,
    mayBeTroubled: Bool = false
  ) throws -> Simulation.Finding? {
    let (disk, count) = crash(story, &random)
    return try simulation.recover(
      disk, story.scenario, story.inventory(after: count, on: disk), hours: hours, mayBeTroubled: mayBeTroubled,
      again: again)
  }

  // MARK: Crashes

  /// Cuts the power somewhere, and keeps what chance keeps.
  private func crash(_ story: Simulation.Story, _ random: inout RepeatableRandom) -> (disk: Disk, events: Int) {
    let count = random.below(story.recording.events.count + 1)
    let crash = Crash(story.recording, after: count)
    let rests = Self.rests(crash.pending, &random)
    for (number, event) in story.recording.events.prefix(count).enumerated() {
      let isPending = crash.pending.contains { $0.event == number }
      tell("\(isPending ? rests[number].map { "kept \($0)" } ?? "lost" : "")\t\(event.text)")
    }
    tell("\t--- the power goes, after \(count) of \(story.recording.events.count)")
    for event in story.recording.events.dropFirst(count) { tell("not yet\t\(event.text)") }
    return (crash.disk(keeping: rests), count)
  }

  /// All, nothing, a beginning, or any subset; of names and of each file for itself.
  static func rests(_ pending: [Crash.Pending], _ random: inout RepeatableRandom) -> [Int: Crash.Rest] {
    var rests: [Int: Crash.Rest] = [:]
    for group in Dictionary(grouping: pending, by: \.inode).sorted(by: { ($0.key ?? -1) < ($1.key ?? -1) }).map(\.value)
    {
      let manner = random.below(6)
      let length = random.below(group.count + 1)
      let odds = 1 + random.below(4)
      for (place, item) in group.enumerated() {
        let isKept =
          switch manner {
          case 0: true
          case 1: false
          case 2, 3: place < length
          default: !random.isOneIn(odds + 1)
          }
        let isTorn = manner < 4 ? place == length && manner > 1 : random.isOneIn(8)
        if isTorn, case .write(_, _, let bytes) = item.action {
          rests[item.event] = torn(bytes.count, &random)
        } else if isKept {
          rests[item.event] = .whole
        }
      }
    }
    return rests
  }

  private static func torn(_ count: Int, _ random: inout RepeatableRandom) -> Crash.Rest {
    switch random.below(3) {
    case 0: .first(random.below(count))
    case 1: .first(random.below(count) / 512 * 512)
    default: .sectors(random.next())
    }
  }

  // MARK: Faults

  /// Has calls fail for a while; when that is over everything must come right.
  private func fail(
    _ story: Simulation.Story, _ simulation: Simulation, _ random: inout RepeatableRandom, again: Bool
  ) throws -> Simulation.Finding? {
    let scenario = story.scenario
    var faults = ic_faults()
    faults.first = Int64(random.below(story.recording.calls))
    faults.end = faults.first + Int64([1, 1, 2, 5, 20, 100, 1000][random.below(7)])
    faults.every = Int64([1, 1, 2, 7][random.below(4)])
    faults.classes = [63, 63, 4, 8, 16, 12, 28, 3, 32][random.below(9)]
    faults.error = random.element([EIO, ENOSPC, ESTALE])
    faults.halves_writes = random.isOneIn(2) ? 1 : 0
    faults.loses_answers = random.isOneIn(4) ? 1 : 0
    tell(
      "calls \(faults.first)..<\(faults.end), one in \(faults.every), of the classes \(faults.classes) fail with \(faults.error)"
        + "\(faults.halves_writes != 0 ? ", writes after their first half" : "")"
        + "\(faults.loses_answers != 0 ? ", names change all the same" : "")")
    var log: [String] = []
    let troubled = try simulation.record(
      scenario, from: story.recording.start, scenario.inventory, hours: 0, faults: faults
    ) { ending, lines in log = lines + ["ends with \(ending)"] }
    for line in log { tell(line) }
    tell("\(troubled.recording.failures) calls failed")
    if random.isOneIn(3) {
      var finding = try recover(troubled, simulation, &random, hours: 1, again: again, mayBeTroubled: true)
      finding?.log.insert(contentsOf: log, at: 0)
      return finding
    }
    for event in troubled.recording.events { tell("\t\(event.text)") }
    let count = troubled.recording.events.count
    let crash = Crash(troubled.recording, after: count)
    let all = Dictionary(uniqueKeysWithValues: crash.pending.map { ($0.event, Crash.Rest.whole) })
    var finding = try simulation.recover(
      crash.disk(keeping: all), scenario, troubled.inventory(after: count, on: nil), hours: 1, mayBeTroubled: true,
      again: again)
    finding?.log.insert(contentsOf: log, at: 0)
    return finding
  }

  private static func text(of scenario: Scenario) -> String {
    let arrivals = scenario.arrivals.map {
      "\($0.name) “\($0.text)”\($0.hasDigest ? " with digest" : "")\($0.manner == .synced ? "" : " \($0.manner)")"
    }
    return "\(arrivals.joined(separator: ", ")); \(scenario.waiting) wait at the start"
      + "\(scenario.isPrepared ? "" : "; a new spool")\(scenario.probes ? "; probes" : "")"
      + "\(scenario.hasLabelFolders ? "; labels in folders" : "")"
      + "\(scenario.hasIndexElsewhere ? "; the index elsewhere" : "")"
  }
}
