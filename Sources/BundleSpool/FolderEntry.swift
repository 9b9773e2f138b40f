import Foundation

/// What a folder says of one of its names.
public struct FolderEntry: Sendable, Hashable {
  public enum Kind: Sendable {
    case file
    case folder
    case link
    /// A socket, a pipe, a device.
    case other
  }

  /// What changes when a file's content does, as far as can be told without reading it.
  public struct Signature: Sendable, Hashable {
    public var size: Int64
    public var modified: Date
    public var inode: UInt64

    public init(size: Int64, modified: Date, inode: UInt64) {
      self.size = size
      self.modified = modified
      self.inode = inode
    }
  }

  public var name: FileName
  public var kind: Kind
  public var signature: Signature
  /// When the file's content, name or owner last changed: for a renamed file, its arrival.
  public var changed: Date

  public init(name: FileName, kind: Kind = .file, signature: Signature, changed: Date) {
    self.name = name
    self.kind = kind
    self.signature = signature
    self.changed = changed
  }

  /// Looks a name up, without following a symbolic link; nil where there is none.
  public init?(_ name: FileName, in folder: URL) {
    var status = stat()
    guard name.withPath(in: folder, { lstat($0, &status) }) == 0 else { return nil }
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

extension Date {
  fileprivate init(_ time: timespec) {
    self.init(timeIntervalSince1970: Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9)
  }
}
