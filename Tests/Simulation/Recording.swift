import Foundation
import InterposedCalls

/// What a run did to its folder, in order: from a disk on which everything was durable.
struct Recording {
  /// A name that leads somewhere else from here on, or nowhere.
  struct Assignment: Hashable {
    var folder: Int
    var name: String
    var inode: Int?
  }

  /// One thing that was done.
  enum Action {
    /// Names that change together or not at all.
    case names([Assignment])
    case write(inode: Int, offset: Int, bytes: [UInt8])
    case truncate(inode: Int, size: Int)
    case sync(inode: Int, succeeds: Bool)
    /// A call that failed.
    case nothing
  }

  struct Event {
    var action: Action
    /// For people.
    var text: String
  }

  /// The disk at the start.
  let start: Disk
  private(set) var events: [Event] = []
  /// How many events there were after each record of the interposer.
  private var eventCounts: [Int] = [0]
  /// The bundles that producers handed in: the event that gave each its name, and the file's number.
  private(set) var arrived: [(event: Int, inode: Int)] = []
  /// The folders made meanwhile.
  private(set) var newFolders: Set<Int> = []
  /// Calls that were counted, looking ones among them.
  let calls: Int
  /// How many of them were made to fail.
  let failures: Int

  private var names: [Int: [String: Int]]
  private var sizes: [Int: Int]
  private var next: Int
  /// Shared memory of SQLite: gone after a crash.
  private var passing: Set<Int> = []

  /// Takes over what the interposer has written down since its start on `folder`.
  init(from start: Disk, in folder: URL) throws {
    self.start = start
    calls = Int(ic_calls())
    failures = Int(ic_failures())
    names = start.entries
    sizes = start.bytes.mapValues(\.count)
    next = start.firstFree
    var open: [Int32: Int] = [:]
    var shown: [Int32: String] = [:]
    let root = folder.path
    for index in 0..<ic_count() {
      defer { eventCounts.append(events.count) }
      let record = ic_record_at(index)
      let path = record.path.map { Self.relative(String(cString: $0), root) } ?? ""
      let other = record.other.map { Self.relative(String(cString: $0), root) } ?? ""
      switch ic_kind(UInt32(record.kind)) {
      case IC_OPEN:
        open[record.descriptor] = try opened(path, record.flags)
        shown[record.descriptor] = path
      case IC_CLOSE:
        open[record.descriptor] = nil
      case IC_WRITE:
        guard let inode = open[record.descriptor] else { throw Self.lost("write", index) }
        guard !passing.contains(inode) else { continue }
        let bytes = Array(UnsafeBufferPointer(start: record.bytes, count: Int(record.length)))
        let offset = Int(record.offset)
        sizes[inode] = max(sizes[inode] ?? 0, offset + bytes.count)
        add(
          .write(inode: inode, offset: offset, bytes: bytes),
          "write \(shown[record.descriptor] ?? "") \(offset)..<\(offset + bytes.count)")
      case IC_TRUNCATE:
        guard let inode = open[record.descriptor] else { throw Self.lost("truncate", index) }
        truncate(inode, Int(record.offset), shown[record.descriptor] ?? "")
      case IC_SYNC:
        guard let inode = open[record.descriptor] else { throw Self.lost("sync", index) }
        guard !passing.contains(inode) else { continue }
        add(
          .sync(inode: inode, succeeds: record.flags == 0),
          "\(record.flags == 0 ? "sync" : "sync, which fails,") /\(shown[record.descriptor] ?? "")")
      case IC_FAILURE:
        add(.nothing, "a call of class \(record.flags) fails: \(path)")
      case IC_RENAME: try renamed(path, other, exchanged: record.flags & 2 != 0)
      case IC_LINK: try assign([(other, try inode(path))], "link \(path) \(other)")
      case IC_UNLINK: try assign([(path, nil)], "unlink \(path)")
      case IC_RMDIR: try assign([(path, nil)], "rmdir \(path)")
      case IC_MKDIR:
        names[next] = [:]
        newFolders.insert(next)
        try assign([(path, next)], "mkdir \(path)")
        next += 1
      default: throw Self.lost("kind \(record.kind)", index)
      }
    }
  }

  /// How many events there were after so many records of the interposer.
  func events(afterRecords count: Int) -> Int { eventCounts[min(count, eventCounts.count - 1)] }

  private static func lost(_ what: String, _ index: Int) -> SimulationError {
    SimulationError("record \(index) (\(what)) is of a file that was opened before the recording")
  }

  private static func relative(_ path: String, _ root: String) -> String {
    path.split(separator: "/").dropFirst(root.split(separator: "/").count).joined(separator: "/")
  }

  private mutating func add(_ action: Action, _ text: String) {
    events.append(Event(action: action, text: text))
  }

  /// The folder of a path and the name in it.
  private func place(_ path: String) throws -> (folder: Int, name: String) {
    var folder = Disk.root
    let parts = path.split(separator: "/").map(String.init)
    for part in parts.dropLast() {
      guard let inner = names[folder]?[part], names[inner] != nil else { throw SimulationError("no folder of \(path)") }
      folder = inner
    }
    return (folder, parts.last ?? "")
  }

  private func inode(_ path: String) throws -> Int? {
    if path.isEmpty { return Disk.root }
    let (folder, name) = try place(path)
    return names[folder]?[name]
  }

  private mutating func opened(_ path: String, _ flags: Int32) throws -> Int {
    if let inode = try inode(path) {
      if flags & O_TRUNC != 0, sizes[inode] ?? 0 > 0 { truncate(inode, 0, path) }
      return inode
    }
    guard flags & O_CREAT != 0 else { throw SimulationError("\(path) was opened, and the model knows no such file") }
    let inode = next
    next += 1
    sizes[inode] = 0
    if path.hasSuffix("-shm") { passing.insert(inode) }
    try assign([(path, inode)], "create \(path)")
    if path.hasPrefix("incoming/") && path.hasSuffix(".h5") { arrived.append((events.count - 1, inode)) }
    return inode
  }

  private mutating func truncate(_ inode: Int, _ size: Int, _ path: String) {
    guard !passing.contains(inode) else { return }
    sizes[inode] = size
    add(.truncate(inode: inode, size: size), "truncate \(path) to \(size)")
  }

  private mutating func renamed(_ path: String, _ other: String, exchanged: Bool) throws {
    let (from, to) = (try inode(path), try inode(other))
    // Two names of one file: rename(2) does nothing.
    if !exchanged && from == to { return }
    try assign([(path, exchanged ? to : nil), (other, from)], "\(exchanged ? "exchange" : "rename") \(path) \(other)")
    if let from, path == "incoming/" + Producer.temporaryName, other.hasSuffix(".h5") {
      arrived.append((events.count - 1, from))
    }
  }

  private mutating func assign(_ changes: [(path: String, inode: Int?)], _ text: String) throws {
    var assignments: [Assignment] = []
    for (path, inode) in changes {
      let (folder, name) = try place(path)
      names[folder, default: [:]][name] = inode
      if inode.map(passing.contains) == true || name.hasSuffix("-shm") { continue }
      assignments.append(Assignment(folder: folder, name: name, inode: inode))
    }
    if !assignments.isEmpty { add(.names(assignments), text) }
  }
}
