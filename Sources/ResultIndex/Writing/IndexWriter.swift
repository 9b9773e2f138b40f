import DialogueDomain
import Foundation
import GRDB
import OperatingSystem

/// The daemon's access to the index: one connection, one transaction per call, durable when the call returns.
///
/// Every method throws `IndexError`; what it was about to write is then not there at all.
public final class IndexWriter: Sendable {
  let queue: DatabaseQueue
  let url: URL
  /// Whether nobody sees the file before it is closed.
  let isScratch: Bool
  /// Which file was opened.
  private let opened: [UInt64]?
  /// How long it took to bring an older index up to date; nil where it was so already, or new.
  public let upgradeTime: Duration?

  /// Opens the index, making it or bringing it up to date where need be.
  ///
  /// - Parameters:
  ///   - isScratch: whether it is this process's alone and thrown away where the process is killed: then nothing waits for the
  ///     disk, and there are no sums before it is closed.
  ///   - upgrading: told how many scorings of an older index are brought up to date, and of how many; first of none.
  /// - Throws: `IndexError` for a place that `checkPlace` refuses, another program's file, a file of a newer version, and
  ///   where SQLite would not wait for the disk at each commit; `StorageError` where the folder cannot be synced.
  public convenience init(
    _ url: URL, isScratch: Bool = false, upgrading: @escaping @Sendable (Int, Int) -> Void = { _, _ in }
  ) throws {
    try self.init(
      url, isScratch: isScratch, upgrading: upgrading, syncFolder: isScratch ? { _ in } : DurableFile.syncFolder)
  }

  /// - Parameter syncFolder: makes the names in a folder durable.
  init(
    _ url: URL, isScratch: Bool = false, upgrading: @escaping @Sendable (Int, Int) -> Void = { _, _ in },
    syncFolder: (URL) throws -> Void
  ) throws {
    self.url = url
    self.isScratch = isScratch
    try Self.checkPlace(of: url)
    let start = ContinuousClock.now
    var isOlder = false
    let folder = url.deletingLastPathComponent()
    // SQLite syncs the folder in which it has made its log, and takes no notice where that fails: a log whose name a power
    // cut takes away, or an old one that comes back, leaves a damaged index. So the daemon asks for itself, before anything
    // is written: here for the log that a killed run has left, below for the one that opening makes.
    try syncFolder(folder)
    queue = try IndexError.explained(url) {
      var configuration = GRDB.Configuration()
      configuration.label = "index"
      configuration.busyMode = .timeout(10)
      try Self.checkIsOurs(url, configuration)
      configuration.journalMode = isScratch ? .default : .wal
      configuration.prepareDatabase { try $0.execute(sql: "PRAGMA cache_size = -8000") }
      let queue = try DatabaseQueue(path: url.path, configuration: configuration)
      // A bundle leaves incoming/ once its rows are recorded: they must be on the disk by then. Said here and not while
      // the connection is prepared: GRDB makes it NORMAL when it turns the write-ahead log on, which comes later.
      try queue.writeWithoutTransaction {
        try $0.execute(
          sql: isScratch ? "PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF" : "PRAGMA synchronous = FULL")
      }
      // The first look makes the log.
      _ = try queue.read { try Int.fetchOne($0, sql: "PRAGMA schema_version") }
      try syncFolder(folder)
      // Before any table: killed in the midst of the first migration, the next start still knows the file as ours.
      try queue.write { try $0.execute(sql: "PRAGMA application_id = \(IndexSchema.applicationID)") }
      let version = try queue.read { try Int.fetchOne($0, sql: "PRAGMA user_version") ?? 0 }
      isOlder = version > 0 && version < IndexSchema.version
      try IndexSchema.migrator(progress: upgrading).migrate(queue)
      if !isScratch { try queue.read { try Self.checkDurability($0, url) } }
      return queue
    }
    upgradeTime = isOlder ? .now - start : nil
    opened = Self.identity(url, S_IFREG)
  }

  /// Closes the file; the write-ahead log is folded into it where nobody reads.
  ///
  /// The sums of one that was this process's alone are made first, all at once.
  ///
  /// Later calls throw.
  public func close() throws {
    try IndexError.explained(url) {
      if isScratch { try queue.write { try SumTables.remake($0) } }
      try queue.close()
    }
  }

  /// Checks that what is written still goes into the file of that name.
  ///
  /// - Throws: `IndexError` where somebody has deleted or replaced it.
  public func checkIsInPlace() throws {
    let now = Self.identity(url, S_IFREG)
    if now != opened { throw IndexError.replaced(url, isGone: now == nil) }
  }

  /// Moves an index and what SQLite keeps beside it out of the way, so that a new one can be made.
  ///
  /// - Returns: where the old one lies now; nil where there was none.
  /// - Throws: `StorageError` where it cannot be moved.
  public static func setAside(_ url: URL, at time: Date) throws -> URL? {
    let old = url.appendingPathExtension("old-\(Int(time.timeIntervalSince1970))")
    // The log first: killed in between, it is not taken for the new one's.
    for ending in ["-wal", "-shm", ""] where rename(url.path + ending, old.path + ending) != 0 {
      guard errno == ENOENT else { throw StorageError("moving the old index away", url) }
    }
    return FileManager.default.fileExists(atPath: old.path) ? old : nil
  }

  /// Checks that a commit waits until its rows are on the disk, so that a power cut loses none.
  ///
  /// - Throws: `IndexError` where it does not.
  static func checkDurability(_ database: Database, _ url: URL) throws {
    let level = try Int.fetchOne(database, sql: "PRAGMA synchronous") ?? 0
    // FULL is 2, EXTRA 3; with NORMAL, a write-ahead log reaches the disk some commits later.
    guard level >= 2 else { throw IndexError.notDurable(url, found: level) }
  }

  /// Looks at the file before anything is written into it.
  private static func checkIsOurs(_ url: URL, _ configuration: GRDB.Configuration) throws {
    guard FileManager.default.fileExists(atPath: url.path) else { return }
    var configuration = configuration
    configuration.journalMode = .default
    let queue = try DatabaseQueue(path: url.path, configuration: configuration)
    try queue.read { database in
      switch try IndexHeader.read(database) {
      case .empty, .ours: return
      case .newer(let version): throw IndexError.newer(url, version: version)
      case .foreign(let found): throw IndexError.foreign(url, found: found)
      }
    }
    try queue.close()
  }
}

/// Where an index may lie, and whose it is.
extension IndexWriter {
  /// Checks the place of an index that may not be there yet; nothing is made.
  ///
  /// The folder must exist: were it made, a disk that is not mounted would go unnoticed and an empty index take its place.
  ///
  /// - Throws: `IndexError` for a network filesystem and for a folder that does not exist.
  public static func checkPlace(of url: URL) throws {
    let filesystem = FilesystemKind(of: url.deletingLastPathComponent())
    if filesystem.isNetwork { throw IndexError.networkFilesystem(url, type: filesystem.name) }
    guard identity(url.deletingLastPathComponent(), S_IFDIR) != nil else { throw IndexError.missingFolder(url) }
  }

  /// Checks an index as opening it would, and whose it is, without changing anything.
  ///
  /// - Throws: `IndexError`, as `init` and `checkSpool`.
  public static func check(_ url: URL, of spool: URL) throws {
    try IndexError.explained(url) {
      var configuration = GRDB.Configuration()
      configuration.readonly = true
      configuration.busyMode = .timeout(10)
      try checkIsOurs(url, configuration)
      let queue = try DatabaseQueue(path: url.path, configuration: configuration)
      let last = try queue.read { database in
        guard case .ours = try IndexHeader.read(database) else { return String?.none }
        return try String.fetchOne(database, sql: "SELECT spool FROM daemon")
      }
      try checkSpool(spool, last: last, url)
    }
    guard access(url.path, W_OK) == 0 else { throw IndexError.notWritable(url) }
  }

  /// Checks that the index serves no other spool: paths in it are relative to one.
  ///
  /// A spool may have moved, so another that is gone does not count. An index in the spool itself belongs to it, even where
  /// it is a copy that names the original.
  ///
  /// - Throws: `IndexError` where the last daemon on this index worked on another spool that still exists.
  public func checkSpool(_ spool: URL) throws {
    let last = try IndexError.explained(url) {
      try queue.read { try String.fetchOne($0, sql: "SELECT spool FROM daemon") }
    }
    try Self.checkSpool(spool, last: last, url)
  }

  private static func checkSpool(_ spool: URL, last: String?, _ url: URL) throws {
    let own = identity(spool, S_IFDIR)
    guard let last, let other = identity(URL(fileURLWithPath: last), S_IFDIR), other != own,
      identity(url.deletingLastPathComponent(), S_IFDIR) != own
    else { return }
    throw IndexError.anotherSpool(url, found: last, expected: spool.path)
  }

  /// Device and inode of a folder or a file; nil where there is none of that kind.
  static func identity(_ url: URL, _ kind: mode_t) -> [UInt64]? {
    var status = stat()
    guard stat(url.path, &status) == 0, status.st_mode & S_IFMT == kind else { return nil }
    return [UInt64(status.st_dev), UInt64(status.st_ino)]
  }
}
