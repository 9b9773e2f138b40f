import Foundation

/// A tree of folders and files: what a disk holds, or would hold after a crash.
///
/// A file may have several names.
struct Disk: Equatable {
  /// The number of the uppermost folder.
  static let root = 0

  /// The names in each folder, with the numbers of what they lead to.
  var entries: [Int: [String: Int]] = [root: [:]]
  /// The bytes of each file.
  var bytes: [Int: [UInt8]] = [:]

  /// The numbers that are free for new files and folders begin here.
  var firstFree: Int { (Array(entries.keys) + Array(bytes.keys)).reduce(0, max) + 1 }

  /// Every file by its path.
  var files: [String: [UInt8]] {
    var files: [String: [UInt8]] = [:]
    forEach { path, inode in if let content = bytes[inode] { files[path] = content } }
    return files
  }

  /// The names of the files in a folder, and what they hold.
  func files(in folder: String) -> [String: [UInt8]] {
    guard let inner = entries[Disk.root]?[folder].flatMap({ entries[$0] }) else { return [:] }
    return inner.compactMapValues { bytes[$0] }
  }

  /// What a file holds that has a bundle's name somewhere; nil where it has none.
  func bundle(_ inode: Int) -> [UInt8]? {
    let isNamed = entries.values.contains { names in
      names.contains { $0.value == inode && $0.key.hasSuffix(".h5") }
    }
    return isNamed ? bytes[inode] : nil
  }

  /// Calls `body` with the path of everything but the root, folders before what they hold.
  private func forEach(_ body: (String, Int) -> Void) {
    func walk(_ folder: Int, _ path: String) {
      for (name, inode) in (entries[folder] ?? [:]).sorted(by: { $0.key < $1.key }) {
        body(path + name, inode)
        if entries[inode] != nil { walk(inode, path + name + "/") }
      }
    }
    walk(Disk.root, "")
  }

  /// What tells this disk from others, but for what nobody reads: the process number in the lock file.
  var fingerprint: Int {
    var hasher = Hasher()
    var seen: [Int: Int] = [:]
    forEach { path, inode in
      hasher.combine(path)
      // Two names of one file are not two files.
      let number = seen[inode, default: seen.count]
      seen[inode] = number
      hasher.combine(number)
      if path != "lock", let content = bytes[inode] { hasher.combine(content) }
    }
    return hasher.finalize()
  }
}

extension Disk {
  /// Puts the tree in place of whatever lies in a folder.
  ///
  /// - Throws: `SimulationError` where that cannot be done.
  func put(into folder: URL) throws {
    try? FileManager.default.removeItem(at: folder)
    guard mkdir(folder.path, 0o755) == 0 else { throw SimulationError("cannot make \(folder.path): \(errno)") }
    var paths: [Int: String] = [:]
    var failed: String?
    forEach { path, inode in
      let place = folder.path + "/" + path
      if entries[inode] != nil {
        if mkdir(place, 0o755) != 0 { failed = failed ?? path }
      } else if let first = paths[inode] {
        if link(first, place) != 0 { failed = failed ?? path }
      } else {
        paths[inode] = place
        if !Self.write(bytes[inode] ?? [], place) { failed = failed ?? path }
      }
    }
    if let failed { throw SimulationError("cannot put \(failed) into \(folder.path)") }
  }

  private static func write(_ content: [UInt8], _ path: String) -> Bool {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    return content.isEmpty || Glibc.write(descriptor, content, content.count) == content.count
  }

  /// What lies in a folder now, without the memory that SQLite shares through a file.
  init(_ folder: URL) throws {
    var inodes: [UInt64: Int] = [:]
    var next = 1
    func walk(_ url: String, _ number: Int) throws {
      guard let stream = opendir(url) else { throw SimulationError("cannot list \(url)") }
      defer { closedir(stream) }
      while let entry = readdir(stream) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) {
          $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        if name == "." || name == ".." || name.hasSuffix("-shm") { continue }
        let path = url + "/" + name
        var status = stat()
        guard lstat(path, &status) == 0 else { continue }
        if let known = inodes[UInt64(status.st_ino)] {
          entries[number, default: [:]][name] = known
          continue
        }
        let own = next
        next += 1
        inodes[UInt64(status.st_ino)] = own
        entries[number, default: [:]][name] = own
        if status.st_mode & S_IFMT == S_IFDIR {
          entries[own] = [:]
          try walk(path, own)
        } else {
          bytes[own] = try Self.read(path, Int(status.st_size))
        }
      }
    }
    try walk(folder.path, Disk.root)
  }

  private static func read(_ path: String, _ size: Int) throws -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw SimulationError("cannot open \(path)") }
    defer { close(descriptor) }
    let content = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      count = max(Glibc.read(descriptor, buffer.baseAddress, size), 0)
    }
    guard content.count == size else { throw SimulationError("cannot read \(path)") }
    return content
  }
}

/// The simulation itself cannot go on: nothing is said about the daemon.
struct SimulationError: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}
