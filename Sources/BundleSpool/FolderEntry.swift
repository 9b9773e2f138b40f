import Foundation
import OperatingSystem

/// A name in a folder as the kernel has it: bytes, which need not be UTF-8.
public struct FileName: Hashable, Sendable, Comparable {
  /// What the kernel has, without the zero at its end.
  public let bytes: [UInt8]

  /// A name of these bytes.
  public init(bytes: some Sequence<UInt8>) {
    self.bytes = Array(bytes)
  }

  /// A name of the text's UTF-8 bytes.
  public init(_ text: String) {
    bytes = Array(text.utf8)
  }

  /// The name as text, where it is UTF-8.
  public var text: String? {
    String(validating: bytes, as: UTF8.self)
  }

  /// The name for messages: bytes that are not UTF-8 show as replacement characters.
  public var shown: String {
    String(decoding: bytes, as: UTF8.self)
  }

  /// By bytes, whatever the language.
  public static func < (left: FileName, right: FileName) -> Bool {
    left.bytes.lexicographicallyPrecedes(right.bytes)
  }

  /// Calls `body` with the path of this name in a folder, for system calls.
  func withPath<Result>(in folder: URL, _ body: (UnsafePointer<CChar>) throws -> Result) rethrows -> Result {
    var path = folder.path.utf8.map(CChar.init(bitPattern:))
    path.append(CChar(bitPattern: UInt8(ascii: "/")))
    path += bytes.map(CChar.init(bitPattern:))
    path.append(0)
    return try path.withUnsafeBufferPointer { buffer in
      guard let start = buffer.baseAddress else { preconditionFailure("a path holds at least its end") }
      return try body(start)
    }
  }
}

/// What a folder says of one of its names.
public struct FolderEntry: Sendable, Hashable {
  /// What lies behind a name.
  public enum Kind: Sendable {
    /// A regular file.
    case file
    /// A folder.
    case folder
    /// A symbolic link, whatever it leads to.
    case link
    /// A socket, a pipe, a device.
    case other
  }

  /// What changes when a file's content does, as far as can be told without reading it.
  public struct Signature: Sendable, Hashable {
    /// Bytes.
    public var size: Int64
    /// When the content last changed.
    public var modified: Date
    /// The file's number on its filesystem.
    public var inode: UInt64

    /// A signature of these parts.
    public init(size: Int64, modified: Date, inode: UInt64) {
      self.size = size
      self.modified = modified
      self.inode = inode
    }
  }

  /// The name in the folder.
  public var name: FileName
  /// What lies behind it; a link is not followed.
  public var kind: Kind
  /// What tells this content from a later one.
  public var signature: Signature
  /// When the file's content, name or owner last changed: for a renamed file, its arrival.
  public var changed: Date

  /// An entry as it would be found.
  public init(name: FileName, kind: Kind = .file, signature: Signature, changed: Date) {
    self.name = name
    self.kind = kind
    self.signature = signature
    self.changed = changed
  }

  /// Looks a name up, without following a symbolic link; nil where there is none.
  public init?(_ name: FileName, in folder: URL) {
    guard let found = try? Self.find(name, in: folder) else { return nil }
    self = found
  }

  private init(_ name: FileName, _ status: stat) {
    let kind: Kind =
      switch status.st_mode & S_IFMT {
      case S_IFREG: .file
      case S_IFDIR: .folder
      case S_IFLNK: .link
      default: .other
      }
    self.init(
      name: name, kind: kind,
      signature: Signature(
        size: Int64(status.st_size), modified: Date(status.st_mtim), inode: UInt64(status.st_ino)),
      changed: Date(status.st_ctim))
  }
}

extension FolderEntry {
  /// Looks a name up, without following a symbolic link; nil where there is surely none.
  ///
  /// - Throws: `StorageError` where the filesystem has trouble in telling.
  static func find(_ name: FileName, in folder: URL) throws -> FolderEntry? {
    var status = stat()
    guard name.withPath(in: folder, { lstat($0, &status) }) == 0 else {
      let code = errno
      if code == ENOENT || code == ENOTDIR { return nil }
      throw StorageError("looking at the file", folder.appendingPathComponent(name.shown), code: code)
    }
    return FolderEntry(name, status)
  }

  /// Whether a name is surely not there: not where the filesystem has trouble in telling.
  static func isGone(_ name: FileName, in folder: URL) -> Bool {
    var status = stat()
    return name.withPath(in: folder, { lstat($0, &status) }) != 0 && (errno == ENOENT || errno == ENOTDIR)
  }

  /// Whether two names are links to one file.
  static func areOneFile(_ left: URL, _ right: URL) -> Bool {
    var (first, second) = (stat(), stat())
    return lstat(left.path, &first) == 0 && lstat(right.path, &second) == 0 && first.st_dev == second.st_dev
      && first.st_ino == second.st_ino
  }
}

extension Date {
  fileprivate init(_ time: timespec) {
    self.init(timeIntervalSince1970: Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9)
  }
}

/// The names in a folder, as bytes: Foundation's listing loses names that are not UTF-8.
public enum FolderListing {
  /// Calls `body` with each name but `.` and `..`, in the folder's own order.
  ///
  /// - Throws: `StorageError` when the folder cannot be read.
  public static func forEach(in folder: URL, _ body: (FileName) throws -> Void) throws {
    guard let stream = opendir(folder.path) else { throw StorageError("listing the folder", folder) }
    defer { closedir(stream) }
    guard let offset = MemoryLayout<dirent>.offset(of: \.d_name) else { return }
    while true {
      errno = 0
      guard let entry = readdir(stream) else {
        guard errno == 0 else { throw StorageError("listing the folder", folder) }
        return
      }
      let start = UnsafeRawPointer(entry).advanced(by: offset).assumingMemoryBound(to: CChar.self)
      let bytes = UnsafeRawBufferPointer(start: start, count: strlen(start))
      let name = FileName(bytes: bytes)
      if name.bytes != [0x2E] && name.bytes != [0x2E, 0x2E] { try body(name) }
    }
  }

  static func names(in folder: URL) throws -> [FileName] {
    var names: [FileName] = []
    try forEach(in: folder) { names.append($0) }
    return names
  }
}

/// Which folder a path leads to: changes when the folder is replaced or a filesystem is mounted over it.
public struct FolderIdentity: Sendable, Hashable {
  private let device: UInt64
  private let inode: UInt64

  /// Nil where there is no such folder.
  public init?(_ folder: URL) {
    var status = stat()
    guard stat(folder.path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { return nil }
    device = UInt64(status.st_dev)
    inode = UInt64(status.st_ino)
  }
}
