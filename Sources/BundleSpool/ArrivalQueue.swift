import CSystemCalls
import Foundation

/// Which files of `incoming` may be claimed, oldest first: a plain value that is told what happens and when.
///
/// A file that was renamed into the folder is complete. Any other must have stayed unchanged for the settling time. A
/// file that some process still writes to is never given out.
public struct ArrivalQueue: Sendable {
  private struct Settling: Sendable {
    var signature: FolderEntry.Signature
    var due: Date
    var hasWriter = false
  }

  /// How long a file that was not renamed in must stay unchanged.
  public var settleSeconds: Double
  /// More names than this are left in the folder until some are done: a flood costs no memory.
  public let capacity: Int
  private var settling: [FileName: Settling] = [:]
  private var ready: [FileName] = []
  private var head = 0
  private var queued: Set<FileName> = []
  private var earliestDue: Date?
  /// Whether the folder holds more than fitted here.
  public private(set) var leftSomeBehind = false

  /// An empty queue.
  public init(settleSeconds: Double, capacity: Int = 20_000) {
    self.settleSeconds = settleSeconds
    self.capacity = capacity
  }

  /// Bundles that wait here, whether settled or not.
  public var count: Int { settling.count + queued.count }

  /// Those of them that wait for a process to close the file.
  public var openCount: Int { settling.values.count { $0.hasWriter } }

  /// The file that came first of those that wait here; nil where none does.
  public var oldest: FileName? {
    head < ready.count ? ready[head] : settling.min { ($0.value.due, $0.key) < ($1.value.due, $1.key) }?.key
  }

  /// When the next unsettled file may be claimed; nil where none waits.
  public var nextDeadline: Date? { earliestDue }

  /// Whether something can be taken now.
  public func hasReady(at now: Date) -> Bool {
    !queued.isEmpty || earliestDue.map { $0 <= now } ?? false
  }

  /// A file was renamed into the folder: whole by the producer's word.
  public mutating func renamedIn(_ name: FileName) {
    settling[name] = nil
    enqueue(name)
  }

  /// A writer closed a file in the folder.
  public mutating func closed(_ entry: FolderEntry, at now: Date) {
    guard !queued.contains(entry.name) else { return }
    settle(entry, from: now)
  }

  /// The folder was listed.
  ///
  /// - Parameter trustTimes: whether the folder's clock is this machine's: a file that says it has not changed for the
  ///   settling time is then believed.
  public mutating func scanned(_ entries: [FolderEntry], at now: Date, trustTimes: Bool) {
    leftSomeBehind = false
    for entry in entries.sorted(by: { ($0.changed, $0.name) < ($1.changed, $1.name) }) {
      if queued.contains(entry.name) { continue }
      if let known = settling[entry.name], known.signature == entry.signature { continue }
      let last = max(entry.changed, entry.signature.modified)
      settle(entry, from: trustTimes && last <= now ? last : now)
      if let due = settling[entry.name]?.due, due <= now {
        settling[entry.name] = nil
        enqueue(entry.name)
      }
    }
  }

  /// The oldest file that may be claimed; it is no longer in the queue then.
  ///
  /// - Parameter look: what can be seen of a name now; nil where it is gone.
  public mutating func next(at now: Date, look: (FileName) -> Sighting?) -> FolderEntry? {
    promote(at: now, look: look)
    while head < ready.count {
      let name = ready[head]
      head += 1
      queued.remove(name)
      if head == ready.count || head > 4096 && head * 2 > ready.count {
        ready.removeFirst(head)
        head = 0
      }
      guard let sighting = look(name), IntakeRule(sighting.entry) == .bundle else { continue }
      if sighting.hasWriter {
        settle(sighting.entry, from: now.addingTimeInterval(max(1 - settleSeconds, 0)))
        settling[name]?.hasWriter = true
        continue
      }
      return sighting.entry
    }
    return nil
  }

  /// The clock was set back: what settles now does so from this time on.
  public mutating func clockWasSetBack(to now: Date) {
    let latest = now.addingTimeInterval(max(settleSeconds, 1))
    for (name, state) in settling { settling[name]?.due = min(state.due, latest) }
    earliestDue = settling.values.map(\.due).min()
  }

  private mutating func enqueue(_ name: FileName) {
    guard !queued.contains(name) else { return }
    guard count < capacity else {
      leftSomeBehind = true
      return
    }
    queued.insert(name)
    ready.append(name)
  }

  private mutating func settle(_ entry: FolderEntry, from start: Date) {
    guard settling[entry.name] != nil || count < capacity else {
      leftSomeBehind = true
      return
    }
    let due = start.addingTimeInterval(settleSeconds)
    settling[entry.name] = Settling(signature: entry.signature, due: due)
    earliestDue = min(earliestDue ?? due, due)
  }

  /// Moves settled files to the ready ones; a file that has changed settles anew.
  private mutating func promote(at now: Date, look: (FileName) -> Sighting?) {
    guard let earliestDue, earliestDue <= now else { return }
    let due = settling.filter { $0.value.due <= now }.sorted { ($0.value.due, $0.key) < ($1.value.due, $1.key) }
    self.earliestDue = nil
    for (name, state) in due {
      settling[name] = nil
      guard let sighting = look(name) else { continue }
      if state.hasWriter && sighting.hasWriter {
        settle(sighting.entry, from: now.addingTimeInterval(max(1 - settleSeconds, 0)))
        settling[name]?.hasWriter = true
      } else if sighting.entry.signature == state.signature {
        enqueue(name)
      } else {
        settle(sighting.entry, from: now)
      }
    }
    // Looking through everything for each single file would be slow in a flood: files fall due in batches.
    let later = settling.values.map(\.due).min().map { max($0, now.addingTimeInterval(0.05)) }
    self.earliestDue = later
  }
}

/// What can be seen of a file before it is claimed.
public struct Sighting {
  /// The file's name, kind and signature.
  public let entry: FolderEntry
  private let askForWriter: () -> Bool

  /// - Parameter hasWriter: asked only when it matters, since it opens the file.
  public init(entry: FolderEntry, hasWriter: @escaping () -> Bool) {
    self.entry = entry
    askForWriter = hasWriter
  }

  /// Whether some process holds the file open for writing.
  public var hasWriter: Bool { askForWriter() }
}

/// True where a process on this machine holds the file open for writing; false where none does or none can be told.
func hasWriter(_ path: UnsafePointer<CChar>) -> Bool {
  cs_has_writer(path) == 1
}
