import BundleSpool
import DialogueDomain
import Dispatch
import Foundation
import OperatingSystem
import Shards
import Synchronization

/// The results of all shards of one list, checked: all are there and finished, on the same terms, and as they were written.
struct ShardCollection {
  /// By number.
  let records: [ShardRecord]
  /// Where the rows of each lie.
  let rows: [URL]

  /// - Parameter places: folders of outputs, or single records.
  /// - Throws: `ShardError` that names the shards that are not as they must be; `StorageError`.
  init(_ places: [URL]) throws {
    var found: [Int: (record: ShardRecord, folder: URL)] = [:]
    var counts: Set<Int> = []
    for url in try places.flatMap(Self.files) {
      guard let json = try? Data(contentsOf: url) else { throw StorageError("reading", url, code: EIO) }
      let record = try ShardRecord(json: json, from: url)
      counts.insert(record.shards)
      if let other = found[record.shard], other.record.shards == record.shards, other.record != record {
        throw ShardError(
          .data, "shard \(record.shard) is there twice, with other results", at: url.path,
          remedy: "Name the outputs of one run.")
      }
      found[record.shard] = (record, url.deletingLastPathComponent())
    }
    guard let count = counts.first else {
      throw ShardError(
        .missingInput, "there are no outputs of shards here", at: places.map(\.path).joined(separator: ", "),
        remedy: "Name the folder of 'ambd score --out'.")
    }
    guard counts.count == 1 else {
      throw ShardError(
        .data, "the outputs are of lists cut into different numbers of shards",
        found: counts.sorted().map(String.init).joined(separator: " and "), expected: "one number",
        remedy: "Use a folder for each run, and name one.")
    }
    try Self.checkAllAreDone(found.mapValues(\.record), of: count)
    let ordered = found.sorted { $0.key < $1.key }.map(\.value)
    records = ordered.map(\.record)
    rows = ordered.map { $0.folder.appendingPathComponent($0.record.results.file, isDirectory: false) }
    try Self.checkTerms(records)
    try checkRows()
  }

  private static func files(of place: URL) throws -> [URL] {
    var status = stat()
    guard stat(place.path, &status) == 0 else { throw StorageError("looking at", place) }
    guard status.st_mode & S_IFMT == S_IFDIR else { return [place] }
    var names: [String] = []
    try FolderListing.forEach(in: place) { name in
      if let text = name.text, text.hasPrefix("shard-"), text.hasSuffix(".json") { names.append(text) }
    }
    return names.sorted().map { place.appendingPathComponent($0, isDirectory: false) }
  }

  private static func checkAllAreDone(_ found: [Int: ShardRecord], of count: Int) throws {
    let missing = (0..<count).filter { found[$0] == nil }
    let unfinished = found.filter { !$0.value.isComplete }.keys.sorted()
    guard !(missing.isEmpty && unfinished.isEmpty) else { return }
    var parts: [String] = []
    if !missing.isEmpty { parts.append("missing: \(numbers(missing))") }
    if !unfinished.isEmpty { parts.append("unfinished: \(numbers(unfinished))") }
    let again = numbers((missing + unfinished).sorted())
    throw ShardError(
      .data, "not all shards are done", found: parts.joined(separator: "; "), expected: "0-\(count - 1)",
      remedy: "Run 'ambd score' again for these: \(again). What is done is not done again.")
  }

  /// Numbers as a Slurm array takes them: `3,7-9`.
  static func numbers(_ numbers: [Int]) -> String {
    var spans: [ClosedRange<Int>] = []
    for number in numbers {
      if let last = spans.last, last.upperBound + 1 == number {
        spans[spans.count - 1] = last.lowerBound...number
      } else {
        spans.append(number...number)
      }
    }
    return spans.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }
      .joined(separator: ",")
  }

  private static func checkTerms(_ records: [ShardRecord]) throws {
    guard let first = records.first else { return }
    func check(_ what: String, _ value: (ShardRecord) -> String) throws {
      let others = records.filter { value($0) != value(first) }
      guard let other = others.first else { return }
      throw ShardError(
        .data, "not all shards have the same \(what)",
        found: "\(value(other)) in \(numbers(others.map(\.shard)))", expected: "\(value(first)) as in \(first.shard)",
        remedy: "Run 'ambd score' again for those that differ.")
    }
    try check("list of inputs") { $0.list }
    try check("version of ambd") { $0.terms.program }
    try check("models") { $0.terms.models.map { "\($0.name) (\($0.digest.prefix(8)))" }.joined(separator: ", ") }
    try check("time (--at)") { $0.terms.time ?? "none" }
    let keys = Set(records.flatMap { $0.terms.configuration.keys }).sorted()
    for key in keys { try check("configuration: \(key)") { $0.terms.configuration[key] ?? "none" } }
  }

  /// Whether the rows are those that were written: nothing cut short, nothing mixed up on the way.
  private func checkRows() throws {
    let wrong = Mutex<[Int]>([])
    let trouble = Mutex<(any Error)?>(nil)
    DispatchQueue.concurrentPerform(iterations: rows.count) { number in
      do {
        let digest = try FileDigest.sha256(contentsOf: rows[number])
        if digest != records[number].results.sha256 { wrong.withLock { $0.append(number) } }
      } catch {
        trouble.withLock { $0 = $0 ?? error }
      }
    }
    if let error = trouble.withLock({ $0 }) { throw error }
    let numbers = wrong.withLock { $0.sorted() }
    guard let first = numbers.first else { return }
    throw ShardError(
      .data, "the results are not those that were written, in shards \(Self.numbers(numbers))", at: rows[first].path,
      expected: "SHA-256 \(records[first].results.sha256)", remedy: "Copy them again, or score them again.")
  }
}
