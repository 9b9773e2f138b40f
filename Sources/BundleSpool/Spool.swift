import AmbqConfiguration
import DialogueDomain
import Foundation
import OperatingSystem

/// The folders of a spool: made, checked, and put in order after whatever ended the last run.
public struct Spool: Sendable {
  /// Where everything lies.
  public let layout: SpoolLayout
  /// What must not be used again before it is durable.
  let freed = FreedNames()

  /// The spool at this place; nothing is made or looked at yet.
  public init(_ layout: SpoolLayout) {
    self.layout = layout
  }

  /// Makes the folders that are missing and checks that bundles can be moved between them.
  ///
  /// New folders are closed to others (0750; `incoming` 0770, for producers of the same group; less the umask): labels
  /// say what people felt. Existing folders keep their permissions.
  ///
  /// - Throws: `StorageError` or `SpoolError`, naming the folder.
  public func prepare() throws {
    try make(layout.root, 0o750)
    try make(layout.incoming, 0o770)
    for folder in ownFolders { try make(folder, 0o750) }
    try check()
  }

  /// Those that nobody but the daemon writes to.
  private var ownFolders: [URL] {
    [
      layout.active, layout.deferred, layout.hold, layout.done, layout.failed, layout.labels,
      layout.corrections, layout.reports, layout.nightReports,
    ]
  }

  /// Checks that the spool's folders are this daemon's to trust, and that those which are missing can be made, without making
  /// anything.
  ///
  /// Who may write into the spool itself can put a link in place of `labels`, and has the daemon write through it: so all
  /// but `incoming` belong to the daemon's user or to root, links on their place included, and others may not write there.
  ///
  /// - Throws: `SpoolError` or `StorageError`, naming the folder.
  public func check() throws {
    try checkParent()
    for folder in [layout.root, layout.incoming] + ownFolders {
      var status = stat()
      guard lstat(folder.path, &status) == 0 else { continue }
      guard status.st_uid == geteuid() || status.st_uid == 0 else { throw SpoolError.notOurs(folder, status.st_uid) }
      guard stat(folder.path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
        throw SpoolError.noFolder(folder)
      }
      if folder != layout.incoming {
        guard status.st_uid == geteuid() || status.st_uid == 0 else { throw SpoolError.notOurs(folder, status.st_uid) }
        guard status.st_mode & S_IWOTH == 0 else { throw SpoolError.openToAll(folder) }
      }
      guard access(folder.path, R_OK | W_OK | X_OK) == 0 else { throw StorageError("writing in the folder", folder) }
    }
  }

  /// Checks that the spool can be made where it is not there yet.
  private func checkParent() throws {
    var folder = layout.root
    var status = stat()
    while stat(folder.path, &status) != 0, folder.path != "/" {
      guard errno == ENOENT else { throw StorageError("looking at the folder", folder) }
      // A dangling link lies where the folder would be made.
      guard lstat(folder.path, &status) != 0 else { throw SpoolError.noFolder(folder) }
      folder.deleteLastPathComponent()
    }
    guard status.st_mode & S_IFMT == S_IFDIR else { throw SpoolError.noFolder(folder) }
    guard folder == layout.root || access(folder.path, W_OK | X_OK) == 0 else {
      throw StorageError("creating the folder", layout.root, code: EACCES)
    }
  }

  /// Moves a small file of its own through the folders, as every bundle will be.
  ///
  /// - Throws: `SpoolError` where two of the folders lie on different filesystems, `StorageError` where one cannot be
  ///   written.
  public func checkMoves() throws {
    var place = TemporaryName.beside(layout.active.appendingPathComponent("move", isDirectory: false))
    let name = place.lastPathComponent
    defer { unlink(place.path) }
    let descriptor = open(place.path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw StorageError("writing in the folder", layout.active) }
    close(descriptor)
    for folder in [layout.incoming, layout.active, layout.deferred, layout.failed, layout.done] {
      let next = folder.appendingPathComponent(name, isDirectory: false)
      guard rename(place.path, next.path) == 0 else {
        let code = errno
        guard code == EXDEV else { throw StorageError("moving a file into the folder", folder, code: code) }
        throw SpoolError(
          .usage, "the spool's folders do not lie on one filesystem", at: folder.path,
          found: "a filesystem or mount other than that of \(place.deletingLastPathComponent().path)",
          expected: "one filesystem, because bundles are moved from folder to folder by renaming",
          remedy: "Mount the whole spool rather than single folders of it, or choose another spool folder.")
      }
      place = next
    }
  }

  /// Removes what a killed daemon left half written, and returns the bundles it had claimed, oldest claim first.
  ///
  /// Only for the holder of the lock. Bundles stay in `active` until they are finished.
  ///
  /// - Throws: `StorageError` when one of the folders cannot be read.
  public func recover() throws -> [FolderEntry] {
    for folder in [
      layout.root, layout.incoming, layout.active, layout.deferred, layout.failed, layout.done, layout.labels,
      layout.corrections, layout.nightReports,
    ] {
      try FolderListing.forEach(in: folder) { name in
        guard TemporaryName.isOurs(name.bytes) else { return }
        let url = folder.appendingPathComponent(name.shown)
        try? FileManager.default.removeItem(at: url)
      }
    }
    try removeOrphanedNotes()
    try rejoinSidecars()
    return try FolderListing.names(in: layout.active)
      .compactMap { FolderEntry($0, in: layout.active) }
      .filter { IntakeRule($0) == .bundle }
      .sorted { ($0.changed, $0.name) < ($1.changed, $1.name) }
  }

  private func make(_ folder: URL, _ mode: mode_t) throws {
    if mkdir(folder.path, mode) == 0 {
      // A bundle that is moved into a folder is as durable as the folder's own name.
      if folder.path != "/" { try DurableFile.syncFolder(folder.deletingLastPathComponent()) }
      return
    }
    switch errno {
    case EEXIST:
      var status = stat()
      guard stat(folder.path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
        throw SpoolError.noFolder(folder)
      }
    case ENOENT where folder.path != "/":
      try make(folder.deletingLastPathComponent(), 0o755)
      try make(folder, mode)
    default:
      throw StorageError("creating the folder", folder)
    }
  }
}

/// Something about the spool itself is wrong.
public struct SpoolError: ExplainedError {
  /// What is wrong, where, and how to mend it.
  public let explanation: Explanation

  init(
    _ kind: Explanation.Kind, _ what: String, at location: String? = nil, found: String? = nil,
    expected: String? = nil, remedy: String? = nil
  ) {
    explanation = Explanation(kind, what, at: location, found: found, expected: expected, remedy: remedy)
  }
}

extension SpoolError {
  static func noFolder(_ folder: URL) -> SpoolError {
    SpoolError(
      .usage, "not a folder", at: folder.path, found: "a file or a dangling link",
      expected: "a folder of the spool", remedy: "Move it away, or choose another spool folder.")
  }

  static func notOurs(_ folder: URL, _ owner: uid_t) -> SpoolError {
    SpoolError(
      .usage, "the folder belongs to another user, who could have the daemon write elsewhere", at: folder.path,
      found: "user \(owner)", expected: "user \(geteuid()), as whom ambd runs, or root",
      remedy: "Look at what lies there, then give it to that user with chown.")
  }

  static func openToAll(_ folder: URL) -> SpoolError {
    SpoolError(
      .usage, "everybody may write into the folder", at: folder.path, found: "a folder that is open to others",
      expected: "one that only ambd writes to; producers write into incoming", remedy: "chmod o-w \(folder.path)")
  }
}

/// Held by the one daemon of a spool, for as long as this object lives; the kernel lets go of it however that ends.
public final class SpoolLock: Sendable {
  private let descriptor: Int32
  /// The spool's folder itself, locked as well: who deletes the lock file must not let a second daemon in.
  private let folder: Int32

  /// - Throws: `SpoolError` naming the process that holds the lock, or `StorageError`.
  public init(_ layout: SpoolLayout) throws {
    descriptor = open(layout.lock.path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw StorageError("opening the lock", layout.lock) }
    folder = open(layout.root.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    let code = Self.lock(descriptor)
    // Network filesystems have no locks on folders: the file's has to do there.
    let isFolderHeld = folder >= 0 && Self.lock(folder) == EWOULDBLOCK
    guard code == 0, !isFolderHeld else {
      let holder = Self.text(descriptor)
      close(descriptor)
      if folder >= 0 { close(folder) }
      guard isFolderHeld || code == EWOULDBLOCK else { throw StorageError("locking", layout.lock, code: code) }
      throw SpoolError(
        .io, "another ambd works on this spool", at: layout.root.path,
        found: holder.isEmpty ? nil : "process \(holder)",
        remedy: "Stop that one first, or give this one a spool of its own with --spool.")
    }
    let own = "\(getpid())\n"
    _ = ftruncate(descriptor, 0)
    _ = own.withCString { pwrite(descriptor, $0, strlen($0), 0) }
  }

  deinit {
    close(descriptor)
    if folder >= 0 { close(folder) }
  }

  /// 0, or the system's error number.
  private static func lock(_ descriptor: Int32) -> Int32 {
    flock(descriptor, LOCK_EX | LOCK_NB) == 0 ? 0 : errno
  }

  private static func text(_ descriptor: Int32) -> String {
    var bytes = [UInt8](repeating: 0, count: 32)
    let count = pread(descriptor, &bytes, bytes.count, 0)
    return String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
  }
}
