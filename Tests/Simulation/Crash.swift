/// The disk at one moment of a recording: what was synced, and what a power cut may or may not leave of the rest.
struct Crash {
  /// Something that was done and not synced.
  struct Pending {
    /// Its place in the recording.
    var event: Int
    /// The file, where it is a write or a truncation; nil for names.
    var inode: Int?
    var action: Recording.Action
  }

  /// What is left of one pending action.
  enum Rest: Hashable {
    case whole
    /// The first bytes of a write.
    case first(Int)
    /// The sectors of 512 bytes of a write whose bits are set.
    case sectors(UInt64)
  }

  private struct Slot: Hashable {
    var folder: Int
    var name: String
  }

  /// How a file came to its content.
  private struct History {
    var base: [UInt8] = []
    var steps: [(event: Int, action: Recording.Action, isDurable: Bool, isDropped: Bool)] = []
  }

  private let recording: Recording
  private var slots: [Slot: (inode: Int?, event: Int)] = [:]
  private var pendingNames: [(event: Int, assignments: [Recording.Assignment])] = []
  private var histories: [Int: History] = [:]
  private var isFolder: Set<Int>
  /// The number of events that have happened.
  private(set) var position = 0

  init(_ recording: Recording, after count: Int) {
    self.recording = recording
    isFolder = Set(recording.start.entries.keys).union(recording.newFolders)
    for (folder, names) in recording.start.entries {
      for (name, inode) in names { slots[Slot(folder: folder, name: name)] = (inode, -1) }
    }
    histories = recording.start.bytes.mapValues { History(base: $0) }
    advance(to: count)
  }

  mutating func advance(to count: Int) {
    while position < count {
      take(recording.events[position].action, position)
      position += 1
    }
  }

  private mutating func take(_ action: Recording.Action, _ event: Int) {
    switch action {
    case .names(let assignments): pendingNames.append((event, assignments))
    case .write(let inode, _, _), .truncate(let inode, _):
      histories[inode, default: History()].steps.append((event, action, false, false))
    case .nothing: break
    case .sync(let inode, let succeeds):
      if isFolder.contains(inode) {
        if succeeds { syncFolder(inode) }
      } else {
        syncFile(inode, succeeds)
      }
    }
  }

  private mutating func syncFolder(_ folder: Int) {
    for (event, assignments) in pendingNames where assignments.contains(where: { $0.folder == folder }) {
      for assignment in assignments { Self.assign(assignment, event, &slots) }
    }
    pendingNames.removeAll { $0.assignments.contains { $0.folder == folder } }
  }

  /// A later change of the same name stands, whichever of the two is made durable first.
  private static func assign(
    _ assignment: Recording.Assignment, _ event: Int, _ slots: inout [Slot: (inode: Int?, event: Int)]
  ) {
    let slot = Slot(folder: assignment.folder, name: assignment.name)
    if (slots[slot]?.event ?? -2) < event { slots[slot] = (assignment.inode, event) }
  }

  /// A sync that fails drops what it should have written: the next one does not find it again.
  private mutating func syncFile(_ inode: Int, _ succeeds: Bool) {
    guard var history = histories[inode] else { return }
    for index in history.steps.indices where !history.steps[index].isDropped {
      if succeeds { history.steps[index].isDurable = true } else { history.steps[index].isDropped = true }
    }
    while let step = history.steps.first, step.isDurable {
      Self.apply(step.action, .whole, to: &history.base)
      history.steps.removeFirst()
    }
    histories[inode] = history
  }

  /// What may or may not be there, in order.
  var pending: [Pending] {
    var pending = pendingNames.map { Pending(event: $0.event, inode: nil, action: .names($0.assignments)) }
    for (inode, history) in histories {
      for step in history.steps where !step.isDurable {
        pending.append(Pending(event: step.event, inode: inode, action: step.action))
      }
    }
    return pending.sorted { $0.event < $1.event }
  }

  /// The disk after the crash, if of what is pending these are left.
  func disk(keeping rests: [Int: Rest]) -> Disk {
    var slots = slots
    let kept = inOrder(rests)
    for (event, assignments) in pendingNames where kept.contains(event) {
      for assignment in assignments { Self.assign(assignment, event, &slots) }
    }
    var names: [Int: [String: Int]] = [:]
    for (slot, value) in slots { if let inode = value.inode { names[slot.folder, default: [:]][slot.name] = inode } }
    var disk = Disk()
    // Only what a name leads to.
    var open = [Disk.root]
    while let folder = open.popLast() {
      disk.entries[folder] = names[folder] ?? [:]
      for inode in (names[folder] ?? [:]).values where disk.entries[inode] == nil && disk.bytes[inode] == nil {
        if isFolder.contains(inode) { open.append(inode) } else { disk.bytes[inode] = content(inode, rests) }
      }
    }
    return disk
  }

  /// The names' changes that are kept, and those that something put into `incoming` has come after.
  ///
  /// A producer uses a name there again as soon as it sees that it is free. Were that kept and the claim before it not, no
  /// daemon could do anything about it.
  private func inOrder(_ rests: [Int: Rest]) -> Set<Int> {
    let incoming = recording.start.entries[Disk.root]?["incoming"]
    var kept: Set<Int> = []
    var used: Set<String> = []
    for (event, assignments) in pendingNames.reversed() {
      let there = assignments.filter { $0.folder == incoming }
      guard rests[event] != nil || there.contains(where: { used.contains($0.name) }) else { continue }
      kept.insert(event)
      for assignment in there where assignment.inode != nil { used.insert(assignment.name) }
    }
    return kept
  }

  private func content(_ inode: Int, _ rests: [Int: Rest]) -> [UInt8] {
    guard let history = histories[inode] else { return [] }
    var bytes = history.base
    for step in history.steps {
      guard let rest = step.isDurable ? .whole : rests[step.event] else { continue }
      Self.apply(step.action, rest, to: &bytes)
    }
    return bytes
  }

  private static func apply(_ action: Recording.Action, _ rest: Rest, to content: inout [UInt8]) {
    switch action {
    case .write(_, let offset, let bytes):
      for range in ranges(of: bytes.count, rest) {
        let end = offset + range.upperBound
        if content.count < end { content += [UInt8](repeating: 0, count: end - content.count) }
        content.replaceSubrange(offset + range.lowerBound..<end, with: bytes[range])
      }
    case .truncate(_, let size):
      if content.count > size {
        content.removeLast(content.count - size)
      } else {
        content += [UInt8](repeating: 0, count: size - content.count)
      }
    case .names, .sync, .nothing: break
    }
  }

  private static func ranges(of count: Int, _ rest: Rest) -> [Range<Int>] {
    switch rest {
    case .whole: [0..<count]
    case .first(let length): length > 0 ? [0..<min(length, count)] : []
    case .sectors(let bits):
      stride(from: 0, to: count, by: 512).filter { bits >> UInt64($0 / 512 % 64) & 1 == 1 }
        .map { $0..<min($0 + 512, count) }
    }
  }
}
