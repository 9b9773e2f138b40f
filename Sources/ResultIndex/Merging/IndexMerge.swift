import DialogueDomain
import Foundation
import GRDB
import GRDBSQLite
import OperatingSystem

/// Makes one index of many that hold different bundles: the index that one machine makes which takes the bundles in the order
/// of their names, row by row and number by number.
///
/// The result depends on what the indexes hold alone, not on how the bundles are spread over them. Bundles are taken from all
/// indexes at once in the order of names and digests, so that every table grows at its end; the indexes of large tables are
/// made when all rows are there. Memory grows with the number of files, not with that of rows.
public struct IndexMerge {
  private let sources: [URL]
  /// Where a bundle's labels and bytes would lie.
  private let place: (MergedBundle) throws -> BundlePlace
  /// KiB of pages and of what is sorted.
  private static let cache = 262_144

  /// A bundle that is to get its place.
  public struct MergedBundle {
    /// Its file name.
    public let name: String
    /// SHA-256 of its bytes.
    public let digest: String
    /// Where its labels lay.
    public let labelFile: String
    /// Whether no other bundle has these labels.
    public let isFree: (_ labelFile: String) throws -> Bool
  }

  /// Where labels and bytes of a bundle lie, relative to a spool.
  public struct BundlePlace {
    /// The labels.
    public var labelFile: String
    /// The bytes.
    public var file: String

    /// A place of both.
    public init(labelFile: String, file: String) {
      self.labelFile = labelFile
      self.file = file
    }
  }

  /// - Parameters:
  ///   - sources: indexes that nobody writes to.
  ///   - place: says where a bundle's labels and bytes would lie.
  public init(_ sources: [URL], place: @escaping (MergedBundle) throws -> BundlePlace) {
    self.sources = sources
    self.place = place
  }

  /// Writes the merged index into a file that must not be there yet, and waits for the disk.
  ///
  /// - Parameter progress: told how many bundles are done, now and then.
  /// - Throws: `IndexError`; the file is then worth nothing.
  public func write(to url: URL, progress: (Int) -> Void = { _ in }) throws {
    try IndexError.explained(url) {
      var configuration = GRDB.Configuration()
      configuration.label = "merge"
      // What rows refer to was carried over before them.
      configuration.foreignKeysEnabled = false
      let queue = try DatabaseQueue(path: url.path, configuration: configuration)
      try queue.writeWithoutTransaction { database in
        // Nobody sees the file before it is whole: there is no waiting, and what a journal would hold is little.
        try database.execute(
          sql: """
            PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; PRAGMA cache_size = -\(Self.cache);
            PRAGMA threads = 1; PRAGMA application_id = \(IndexSchema.applicationID);
            """)
      }
      try IndexSchema.migrator.migrate(queue)
      try queue.writeWithoutTransaction { database in
        let indexes = try Row.fetchAll(
          database,
          sql: """
            SELECT name, sql FROM sqlite_master
            WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN (\(Self.quoted(MergedTable.large))) ORDER BY rowid
            """)
        for index in indexes { try database.execute(sql: "DROP INDEX \(index["name"] as String)") }
        try database.inTransaction {
          try carryOver(database, progress)
          return .commit
        }
        for index in indexes { try database.execute(sql: index["sql"]) }
        try database.inTransaction {
          // What triggers have counted meanwhile is of no worth.
          for table in SumTables.names { try database.execute(sql: "DELETE FROM \(table)") }
          try SumTables.fill(database)
          return .commit
        }
      }
      try queue.close()
    }
    try DurableFile.sync([url])
  }

  private func carryOver(_ database: Database, _ progress: (Int) -> Void) throws {
    guard let connection = database.sqliteConnection else { return }
    var target = try MergeTarget(database, connection)
    let opened = try sources.map { url in try IndexError.explained(url) { try MergeSource(url) } }
    var order = BundleOrder(opened)
    var count = 0
    while let source = order.next(), let head = source.bundle {
      try IndexError.explained(source.url) {
        try target.carryOver(head, from: source, place: place)
        try source.advance()
      }
      order.put(source)
      count += 1
      if count % 1000 == 0 { progress(count) }
    }
    try target.carryOverFailures(from: opened)
  }

  private static func quoted(_ names: [String]) -> String {
    names.map { "'\($0)'" }.joined(separator: ", ")
  }
}

/// Whose bundle comes next.
private struct BundleOrder {
  /// The last one's is the next.
  private var waiting: [MergeSource]

  init(_ sources: [MergeSource]) {
    waiting = sources.filter { $0.bundle != nil }.sorted { Self.precedes($1, $0) }
  }

  mutating func next() -> MergeSource? { waiting.popLast() }

  mutating func put(_ source: MergeSource) {
    guard source.bundle != nil else { return }
    var (low, high) = (0, waiting.count)
    while low < high {
      let middle = (low + high) / 2
      if Self.precedes(source, waiting[middle]) { low = middle + 1 } else { high = middle }
    }
    waiting.insert(source, at: low)
  }

  private static func precedes(_ left: MergeSource, _ right: MergeSource) -> Bool {
    guard let left = left.bundle, let right = right.bundle else { return false }
    if left.name != right.name { return left.name.utf8.lexicographicallyPrecedes(right.name.utf8) }
    return left.digest.utf8.lexicographicallyPrecedes(right.digest.utf8)
  }
}
