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
  private static let cache = 229_376
  /// KiB of pages of one index that is merged, and of all: rows are read once, in order, but there may be thousands of files.
  private static let (leastPages, mostPages, allPages) = (64, 1024, 131_072)

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
            WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN (\(Self.quoted(MergedTable.large)))
              AND name NOT IN (\(Self.quoted(MergedTable.askedMeanwhile)))
            ORDER BY rowid
            """)
        for index in indexes { try database.execute(sql: "DROP INDEX \(index["name"] as String)") }
        try database.inTransaction {
          try carryOver(database, progress)
          return .commit
        }
        for index in indexes { try database.execute(sql: index["sql"]) }
        try database.inTransaction {
          // Triggers have counted probes meanwhile: that is made anew with the rest.
          try database.execute(sql: "DELETE FROM probe_sum")
          try SumTables.fillTotals(database)
          try ConfidenceRanges.fill(database)
          return .commit
        }
      }
      try queue.close()
    }
    try DurableFile.sync([url])
  }

  private func carryOver(_ database: Database, _ progress: (Int) -> Void) throws {
    var target = try MergeTarget(database)
    let cache = min(Self.mostPages, max(Self.leastPages, Self.allPages / max(1, sources.count)))
    let opened = try sources.map { url in try IndexError.explained(url) { try MergeSource(url, cache: cache) } }
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
    try target.finishSums()
    try target.carryOverFailures(from: opened)
  }

  private static func quoted(_ names: [String]) -> String {
    names.map { "'\($0)'" }.joined(separator: ", ")
  }
}

/// Whose bundle comes next.
private struct BundleOrder {
  /// The last one's is the next.
  private var waiting: [Entry]

  /// An index, by its next bundle.
  private struct Entry {
    let source: MergeSource
    private let head: MergeSource.Head
    /// The first bytes of the name as numbers, which are in the same order; nearly always they decide.
    private let beginning: (UInt64, UInt64)

    init?(_ source: MergeSource) {
      guard let head = source.bundle else { return nil }
      self.source = source
      self.head = head
      var name = head.name.utf8.makeIterator()
      func number() -> UInt64 { (0..<8).reduce(0) { number, _ in number << 8 | UInt64(name.next() ?? 0) } }
      beginning = (number(), number())
    }

    func precedes(_ other: Entry) -> Bool {
      if beginning != other.beginning { return beginning < other.beginning }
      if head.name != other.head.name { return head.name.utf8.lexicographicallyPrecedes(other.head.name.utf8) }
      return head.digest.utf8.lexicographicallyPrecedes(other.head.digest.utf8)
    }
  }

  init(_ sources: [MergeSource]) {
    waiting = sources.compactMap(Entry.init).sorted { $1.precedes($0) }
  }

  mutating func next() -> MergeSource? { waiting.popLast()?.source }

  mutating func put(_ source: MergeSource) {
    guard let entry = Entry(source) else { return }
    var (low, high) = (0, waiting.count)
    while low < high {
      let middle = (low + high) / 2
      if entry.precedes(waiting[middle]) { low = middle + 1 } else { high = middle }
    }
    waiting.insert(entry, at: low)
  }
}
