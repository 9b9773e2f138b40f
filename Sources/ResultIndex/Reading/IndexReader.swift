import DialogueDomain
import Foundation
import GRDB
import OperatingSystem

/// Read-only access to an index, whether or not a daemon is writing to it.
///
/// Every method throws `IndexError`. Each call sees one state of the index, however long it takes.
public final class IndexReader: Sendable {
  let queue: DatabaseQueue
  let url: URL
  /// Which of a model's classes a true emotion's name means.
  public let matching: EmotionMatching
  /// Which file was opened.
  let opened: [UInt64]?

  /// Opens an index without changing it.
  ///
  /// A folder that is not writable and holds no write-ahead log (a disk image, another user's archive) is read as it is.
  ///
  /// - Throws: `IndexError`, of the kind `missingInput` where there is no index.
  public init(_ url: URL, matching: EmotionMatching = EmotionMatching()) throws {
    self.url = url
    self.matching = matching
    if let refusal = AccessRefusal(reading: url) { throw IndexError(refusal.explanation) }
    opened = IndexWriter.identity(url, S_IFREG)
    guard FileManager.default.fileExists(atPath: url.path) else { throw IndexError.missing(url) }
    queue = try IndexError.explained(url) {
      let queue: DatabaseQueue
      do {
        queue = try Self.open(url.path)
      } catch let error as DatabaseError where [.SQLITE_CANTOPEN, .SQLITE_READONLY].contains(error.resultCode) {
        guard !Self.hasLog(url) else { throw IndexError.unreadableLog(url) }
        queue = try Self.open(Self.immutableAddress(url))
      }
      try queue.read { database in
        switch try IndexHeader.read(database) {
        case .empty: throw IndexError.unfinished(url)
        case .ours(let version) where version < IndexSchema.version: throw IndexError.older(url, version: version)
        case .ours: return
        case .newer(let version): throw IndexError.newer(url, version: version)
        case .foreign(let found): throw IndexError.foreign(url, found: found)
        }
      }
      return queue
    }
  }

  func read<Value>(_ body: (Database) throws -> Value) throws -> Value {
    try IndexError.explained(url) { try queue.read(body) }
  }

  /// Whether every scoring is of the same time as those recorded before it, or later: then the order of numbers is the order
  /// of time.
  static func isChronological(_ database: Database) throws -> Bool {
    try Int.fetchOne(database, sql: "SELECT late FROM chronology") == 0
  }

  static func open(_ path: String) throws -> DatabaseQueue {
    var configuration = GRDB.Configuration()
    configuration.readonly = true
    configuration.label = "index"
    configuration.busyMode = .timeout(5)
    configuration.prepareDatabase { database in
      // A listing touches most pages once: mapping the first ones saves a system call each, and bounds memory.
      try database.execute(sql: "PRAGMA mmap_size = 67108864")
    }
    return try DatabaseQueue(path: path, configuration: configuration)
  }

  /// Whether changes wait in the write-ahead log.
  private static func hasLog(_ url: URL) -> Bool {
    let attributes = try? FileManager.default.attributesOfItem(atPath: url.path + "-wal")
    return (attributes?[.size] as? Int ?? 0) > 0
  }

  /// The file as an SQLite address that promises nobody writes to it, so that no shared memory is needed.
  static func immutableAddress(_ url: URL) -> String {
    let path = url.path.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed) ?? url.path
    return "file:\(path)?immutable=1"
  }
}
