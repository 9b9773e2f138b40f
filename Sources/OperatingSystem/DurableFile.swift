import CSystemCalls
import DialogueDomain
import Foundation

/// Writes files that are either wholly there after a crash or not there at all.
public enum DurableFile {
  /// Writes `content` under a temporary name in the same folder, syncs it, renames it to `url` and syncs the folder.
  ///
  /// - Throws: `StorageError` naming the path and the system's reason, whenever a step fails; `url` is then untouched.
  public static func write(_ content: Data, to url: URL) throws {
    let temporary = TemporaryName.beside(url)
    do {
      try write([content], to: temporary, synced: true)
      try rename(temporary, to: url)
    } catch let error as StorageError {
      unlink(temporary.path)
      // Nobody asked for the temporary name.
      throw StorageError("writing", url, code: error.code)
    }
  }

  /// Moves a file within one filesystem, atomically, replacing `target`, and syncs the folders of both names.
  ///
  /// - Throws: `StorageError` when the file cannot be moved or a folder cannot be synced.
  public static func rename(_ source: URL, to target: URL) throws {
    guard Glibc.rename(source.path, target.path) == 0 else { throw StorageError("renaming to \(target.path)", source) }
    try syncFolder(target.deletingLastPathComponent())
    if source.deletingLastPathComponent() != target.deletingLastPathComponent() {
      try syncFolder(source.deletingLastPathComponent())
    }
  }

  /// Makes a folder and those above it that are missing; one that is there already is fine.
  ///
  /// - Throws: `StorageError` naming the folder that cannot be made.
  public static func makeFolder(_ folder: URL) throws {
    var status = stat()
    if stat(folder.path, &status) == 0 {
      guard status.st_mode & S_IFMT == S_IFDIR else {
        throw StorageError("creating the folder", folder, code: ENOTDIR)
      }
      return
    }
    let parent = folder.deletingLastPathComponent()
    if errno == ENOENT, parent.path != folder.path { try makeFolder(parent) }
    guard mkdir(folder.path, 0o777) == 0 || errno == EEXIST else { throw StorageError("creating the folder", folder) }
  }

  /// Makes the names in a folder durable.
  ///
  /// - Throws: `StorageError` when the folder cannot be opened or synced.
  public static func syncFolder(_ folder: URL) throws {
    let descriptor = open(folder.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw StorageError("opening the folder", folder) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw StorageError("syncing the folder", folder) }
  }

  /// Writes a file that is not yet safe from a crash: call `sync` before relying on it.
  ///
  /// For many files of one folder that takes its place as a whole.
  ///
  /// - Throws: `StorageError` when the file cannot be created or written.
  public static func writeUnsynced(_ content: Data, to url: URL) throws {
    try write([content], to: url, synced: false)
  }

  /// The same with content that comes in pieces, each made when the one before is written.
  ///
  /// - Throws: as above.
  public static func writeUnsynced(_ pieces: some Sequence<Data>, to url: URL) throws {
    try write(pieces, to: url, synced: false)
  }

  /// Makes the content of files durable, of many at little more than the price of one.
  ///
  /// - Throws: `StorageError` when a file cannot be opened or synced.
  public static func sync(_ urls: [URL]) throws {
    if urls.count > 1 {
      // All on their way to the disk first: then the first sync carries most of the others.
      for url in urls {
        try withDescriptor(url) { cs_begin_writing_out($0) }
      }
    }
    for url in urls {
      try withDescriptor(url) { descriptor in
        // The content and its size; when a file was last touched may be lost.
        guard fdatasync(descriptor) == 0 else { throw StorageError("syncing", url) }
      }
    }
  }

  private static func withDescriptor(_ url: URL, _ body: (Int32) throws -> Void) throws {
    let descriptor = open(url.path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw StorageError("opening", url) }
    defer { close(descriptor) }
    try body(descriptor)
  }

  private static func write(_ pieces: some Sequence<Data>, to url: URL, synced: Bool) throws {
    let descriptor = open(url.path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw StorageError("creating", url) }
    defer { close(descriptor) }
    for content in pieces {
      try content.withUnsafeBytes { bytes in
        var written = 0
        while written < bytes.count {
          let count = Glibc.write(descriptor, bytes.baseAddress?.advanced(by: written), bytes.count - written)
          if count < 0 && errno == EINTR { continue }
          guard count > 0 else { throw StorageError("writing", url) }
          written += count
        }
      }
    }
    guard !synced || fsync(descriptor) == 0 else { throw StorageError("syncing", url) }
  }
}

/// Moves a file to a name that nothing has yet, atomically where the filesystem can.
public enum ExclusiveRename {
  /// Moves `source` to `target`, which must not exist, on the same filesystem.
  ///
  /// - Throws: `StorageError`, with the code `EEXIST` where `target` exists.
  public static func move(_ source: URL, to target: URL) throws {
    let code = source.path.withCString { from in target.path.withCString { attempt(from, $0) } }
    guard code == 0 else { throw StorageError("renaming to \(target.path)", source, code: code) }
  }

  /// The same for paths that need not be UTF-8: 0, or the system's error number.
  public static func attempt(_ source: UnsafePointer<CChar>, _ target: UnsafePointer<CChar>) -> Int32 {
    if cs_rename_no_replace(source, target) == 0 { return 0 }
    // Network and FUSE filesystems that cannot say "without replacing" answer EINVAL.
    guard errno == EINVAL || errno == ENOSYS else { return errno }
    if link(source, target) == 0 { return unlink(source) == 0 ? 0 : errno }
    guard errno == EPERM || errno == EOPNOTSUPP || errno == ENOSYS else { return errno }
    // No hard links either: look first. Only a hand at work in the same instant could still be overwritten.
    var status = stat()
    if lstat(target, &status) == 0 { return EEXIST }
    return rename(source, target) == 0 ? 0 : errno
  }

  /// Swaps two existing names of one filesystem.
  ///
  /// - Throws: `StorageError`; its code is `EINVAL` where the filesystem cannot swap.
  public static func exchange(_ first: URL, with second: URL) throws {
    guard cs_rename_exchange(first.path, second.path) == 0 else {
      throw StorageError("exchanging with \(second.path)", first)
    }
  }
}

/// A system call on a file failed.
public struct StorageError: ExplainedError {
  /// The action, the file, the system's reason, and where known a remedy.
  public let explanation: Explanation
  /// The system's error number, such as `ENOSPC`.
  public let code: Int32

  /// - Parameter action: what was being done, as in `writing`.
  public init(_ action: String, _ url: URL, code: Int32 = errno) {
    self.code = code
    let reason = String(cString: strerror(code))
    explanation = Explanation(
      code == ENOENT ? .missingInput : .io, "\(action) failed: \(reason)", at: url.path, remedy: Self.remedy(code, url))
  }

  /// True for trouble that passes: a full disk, a busy or briefly unreadable file, too many open files.
  public var isTransient: Bool {
    [EAGAIN, EBUSY, EFBIG, EINTR, EIO, ENOSPC, EDQUOT, ENFILE, EMFILE, ENOMEM, ESTALE, ETIMEDOUT, ETXTBSY].contains(
      code)
  }

  private static func remedy(_ code: Int32, _ url: URL) -> String? {
    switch code {
    case ENOSPC, EDQUOT: "Free some space on that filesystem and try again."
    case EACCES, EPERM, EROFS:
      AccessRefusal(reading: url)?.explanation.remedy ?? "Check that the user running this may read and write there."
    case EFBIG: "Raise the limit on the size of files (ulimit -f, LimitFSIZE= of the service)."
    case ENOENT: "Check the path."
    case EEXIST: "Name another file, or replace it with --force."
    case ENOTDIR: "A file lies where a folder is needed; name another path."
    case EXDEV: "Both folders must lie on one filesystem."
    default: nil
    }
  }
}
