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

  /// Opens the index, making it or bringing it up to date where need be.
  ///
  /// - Throws: `IndexError` for a place that `checkPlace` refuses, another program's file, a file of a newer version, and
  ///   where SQLite would not wait for the disk at each commit.
  public init(_ url: URL) throws {
    self.url = url
    try Self.checkPlace(of: url)
    queue = try IndexError.explained(url) {
      var configuration = GRDB.Configuration()
      configuration.label = "index"
      configuration.busyMode = .timeout(10)
      try Self.checkIsOurs(url, configuration)
      configuration.journalMode = .wal
      configuration.prepareDatabase { try $0.execute(sql: "PRAGMA cache_size = -8000") }
      let queue = try DatabaseQueue(path: url.path, configuration: configuration)
      // A bundle leaves incoming/ once its rows are recorded: they must be on the disk by then. Said here and not while
      // the connection is prepared: GRDB makes it NORMAL when it turns the write-ahead log on, which comes later.
      try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
      // Before any table: killed in the midst of the first migration, the next start still knows the file as ours.
      try queue.write { try $0.execute(sql: "PRAGMA application_id = \(IndexSchema.applicationID)") }
      try IndexSchema.migrator.migrate(queue)
      try queue.read { try Self.checkDurability($0, url) }
      return queue
    }
  }

  /// Closes the file; the write-ahead log is folded into it where nobody reads.
  ///
  /// Later calls throw.
  public func close() throws {
    try IndexError.explained(url) { try queue.close() }
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
    guard identity(url.deletingLastPathComponent()) != nil else { throw IndexError.missingFolder(url) }
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
    let own = Self.identity(spool)
    guard let last, let other = Self.identity(URL(fileURLWithPath: last)), other != own,
      Self.identity(url.deletingLastPathComponent()) != own
    else { return }
    throw IndexError.anotherSpool(url, found: last, expected: spool.path)
  }

  /// Device and inode of a folder; nil where there is none.
  private static func identity(_ folder: URL) -> [UInt64]? {
    var status = stat()
    guard stat(folder.path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { return nil }
    return [UInt64(status.st_dev), UInt64(status.st_ino)]
  }
}
