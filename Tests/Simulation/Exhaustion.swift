import Foundation

/// Every crash of two bundles: every moment, and at each every subset of what is pending, as far as can be.
///
/// Of the names all subsets are tried; of a file with up to `most` pending writes all subsets, beyond that every beginning
/// and every end, all but one or two, one or two alone. Each write is torn at every sector, too. Names and files are crossed:
/// all subsets of names with each file whole or as it was, all contents of a file with none and with all of the names.
///
/// A state without the latest action was there before it; so only those with it are new. States that are equal are tried once.
struct Exhaustion {
  /// Pending writes of one file of which all subsets are tried.
  static let most = 10

  let simulation: Simulation
  private var seen: Set<Int> = []
  private var moments = 0
  private var states = 0
  private var findings = 0
  private var largest = 0

  init(_ simulation: Simulation) { self.simulation = simulation }

  /// - Returns: whether nothing was found.
  mutating func run() throws -> Bool {
    for (name, scenario) in [("two healthy bundles", Scenario.two), ("one healthy, one not", Scenario.oneBad)] {
      seen = []
      (moments, states, largest) = (0, 0, 0)
      try run(name, scenario)
    }
    return findings == 0
  }

  private mutating func run(_ name: String, _ scenario: Scenario) throws {
    let began = ContinuousClock.now
    let story = try simulation.record(scenario)
    let events = story.recording.events
    for count in 0...events.count {
      moments += 1
      let crash = Crash(story.recording, after: count)
      guard count > 0 else {
        try attempt(crash, [], story, count)
        continue
      }
      // A sync makes no new state: it takes some away.
      if case .sync = events[count - 1].action { continue }
      try runMoment(crash, latest: count - 1, story, count)
    }
    print(
      "\(name): \(moments) moments, \(states) different states, up to \(largest) pending writes of one file, "
        + "\(findings) findings, \((ContinuousClock.now - began).components.seconds) s")
    fflush(nil)
  }

  private mutating func runMoment(_ crash: Crash, latest: Int, _ story: Simulation.Story, _ count: Int) throws {
    let pending = crash.pending
    let names = pending.filter { $0.inode == nil }
    let files = Dictionary(grouping: pending.filter { $0.inode != nil }) { $0.inode ?? 0 }
    largest = max(largest, files.values.map(\.count).max() ?? 0)
    // Each file whole or as it was.
    var coarse: [[Int: Crash.Rest]] = [[:]]
    for (_, items) in files.sorted(by: { $0.key < $1.key }) {
      let whole = Dictionary(uniqueKeysWithValues: items.map { ($0.event, Crash.Rest.whole) })
      let hasLatest = items.contains { $0.event == latest }
      coarse = coarse.flatMap { kept in
        (hasLatest ? [] : [kept]) + [kept.merging(whole) { first, _ in first }]
      }
    }
    for subset in Self.subsets(of: names) {
      if names.contains(where: { $0.event == latest }) && !subset.contains(latest) { continue }
      let kept = Dictionary(uniqueKeysWithValues: subset.map { ($0, Crash.Rest.whole) })
      for files in coarse { try attempt(crash, kept.merging(files) { first, _ in first }, story, count) }
    }
    guard let inode = pending.first(where: { $0.event == latest })?.inode, let items = files[inode] else { return }
    let others = pending.filter { $0.inode != nil && $0.inode != inode }
    let rests = Dictionary(uniqueKeysWithValues: others.map { ($0.event, Crash.Rest.whole) })
    for content in Self.contents(of: items, latest: latest) {
      for length in Set([0, names.count]) {
        let kept = Dictionary(uniqueKeysWithValues: names.prefix(length).map { ($0.event, Crash.Rest.whole) })
        try attempt(crash, content.merging(kept) { first, _ in first }, story, count)
        if !rests.isEmpty {
          try attempt(
            crash, content.merging(kept) { first, _ in first }.merging(rests) { first, _ in first }, story, count)
        }
      }
    }
  }

  private mutating func attempt(
    _ crash: Crash, _ rests: [Int: Crash.Rest], _ story: Simulation.Story, _ count: Int
  ) throws {
    let disk = crash.disk(keeping: rests)
    guard seen.insert(disk.fingerprint).inserted else { return }
    states += 1
    if states % 10_000 == 0 {
      print("\(states) states, \(moments) moments")
      fflush(nil)
    }
    let finding = try simulation.recover(disk, story.scenario, story.inventory(after: count, on: disk), hours: 1)
    guard let finding else { return }
    findings += 1
    guard findings <= 20 else { return }
    let kept = rests.sorted { $0.key < $1.key }.map { "\(story.recording.events[$0.key].text) (\($0.value))" }
    print("after \(count) events: \(finding.problems.joined(separator: "; "))\n  kept: \(kept.joined(separator: ", "))")
  }

  private mutating func attempt(_ crash: Crash, _ kept: [Int], _ story: Simulation.Story, _ count: Int) throws {
    try attempt(crash, Dictionary(uniqueKeysWithValues: kept.map { ($0, Crash.Rest.whole) }), story, count)
  }

  /// Subsets of pending names, one for each outcome that all of them can have.
  static func subsets(of names: [Crash.Pending]) -> [[Int]] {
    var outcomes: [[String: Int]: [Int]] = [[:]: []]
    for item in names {
      guard case .names(let assignments) = item.action else { continue }
      for (outcome, kept) in outcomes {
        var changed = outcome
        for assignment in assignments { changed["\(assignment.folder)/\(assignment.name)"] = assignment.inode ?? -1 }
        // The longest subset with an outcome is as good as any: later changes do not look at earlier ones.
        if outcomes[changed] == nil || (outcomes[changed] ?? []).count < kept.count + 1 {
          outcomes[changed] = kept + [item.event]
        }
      }
    }
    return outcomes.values.sorted { $0.lexicographicallyPrecedes($1) }
  }

  /// What may be left of a file's pending writes, the latest with them.
  static func contents(of items: [Crash.Pending], latest: Int) -> [[Int: Crash.Rest]] {
    let earlier = items.map(\.event).filter { $0 != latest }
    var subsets: Set<[Int]> = []
    if items.count <= most {
      for bits in 0..<1 << earlier.count {
        subsets.insert(earlier.indices.filter { bits >> $0 & 1 == 1 }.map { earlier[$0] })
      }
    } else {
      for length in 0...earlier.count {
        subsets.insert(Array(earlier.prefix(length)))
        subsets.insert(Array(earlier.suffix(length)))
      }
      for first in earlier {
        for second in earlier {
          subsets.insert(earlier.filter { $0 != first && $0 != second })
          subsets.insert(earlier.filter { $0 == first || $0 == second })
        }
      }
    }
    var contents = subsets.map { kept in
      Dictionary(uniqueKeysWithValues: (kept + [latest]).map { ($0, Crash.Rest.whole) })
    }
    guard let last = items.first(where: { $0.event == latest }), case .write(_, _, let bytes) = last.action else {
      return contents
    }
    let whole = Dictionary(uniqueKeysWithValues: earlier.map { ($0, Crash.Rest.whole) })
    for length in Set(Array(stride(from: 512, to: bytes.count, by: 512)) + [1, bytes.count - 1])
    where length > 0 && length < bytes.count {
      contents.append(whole.merging([latest: .first(length)]) { first, _ in first })
    }
    return contents
  }
}
