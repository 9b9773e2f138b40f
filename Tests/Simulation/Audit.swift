import Foundation
import GRDB

/// Looks for what must not be, in the folders and in the index.
struct Audit {
  private struct Row {
    var digest: String
    var name: String
    var labelFile: String
    var probe: String?
  }

  private let scenario: Scenario
  private let disk: Disk
  private let files: [String: [UInt8]]
  private(set) var problems: [String] = []

  init(_ scenario: Scenario, _ disk: Disk) {
    self.scenario = scenario
    self.disk = disk
    files = disk.files
  }

  private mutating func check(_ holds: Bool, _ problem: @autoclosure () -> String) {
    if !holds { problems.append(problem()) }
  }

  /// When all is done: nothing lost, nothing double, nothing in two places, labels = index = done, nothing left over.
  ///
  /// - Parameters:
  ///   - spool: where the disk's content lies, for SQLite to read.
  ///   - isStrict: whether the daemon has been started once more since everything was done.
  ///   - mayHaveSkippedProbes: whether trouble can have kept a bundle from being probed.
  mutating func checkEnd(
    _ handedIn: [Scenario.Arrival], in spool: URL, mayHaveSkippedProbes: Bool, isStrict: Bool
  ) throws {
    let healthy = handedIn.filter(\.isHealthy)
    let bad = handedIn.filter { !$0.isHealthy }
    // Where the twin in done cannot be read at the moment, a copy lies beside it under a marked name.
    checkFolder("done", holds: healthy, report: false, mayRepeat: mayHaveSkippedProbes)
    checkFolder("failed", holds: bad, report: true)
    for folder in ["incoming", "active", "deferred", "hold"] {
      for name in disk.files(in: folder).keys.sorted() where !name.hasPrefix(".") {
        // A note outlives its bundle until the folder is listed the next time; digests in incoming are their producers'.
        if folder == "incoming" && name.hasSuffix(".sha256") { continue }
        if isStrict || !name.hasSuffix(".deferral.json") { check(false, "left in \(folder): \(name)") }
      }
    }
    for path in files.keys.sorted() {
      let isOurs = path.split(separator: "/").contains { $0.hasPrefix(".") }
      // Of a producer that the crash interrupted.
      check(!isOurs || path == "incoming/.producer.part", "left over: \(path)")
      let isKnown = path.contains("/") || ["index.sqlite", "index.sqlite-wal", "lock"].contains(path)
      check(isKnown, "not expected: \(path)")
    }
    try checkIndex(healthy, bad, in: spool, mayHaveSkippedProbes)
  }

  /// Each file once under each of its names, and nothing else.
  private mutating func checkFolder(
    _ folder: String, holds arrivals: [Scenario.Arrival], report: Bool, mayRepeat: Bool = false
  ) {
    let inner = disk.files(in: folder)
    let bundles = inner.filter { $0.key.hasSuffix(".h5") }
    for text in Set(arrivals.map(\.text)).sorted() {
      let names = Set(arrivals.filter { $0.text == text }.map(\.name)).sorted()
      let places = bundles.filter { $0.value == Array(text.utf8) }.keys.sorted()
      check(
        places.count == names.count || mayRepeat && places.count > names.count,
        "“\(text)”, handed in as \(names), lies in \(folder) \(places.isEmpty ? "not at all" : "as \(places)")")
    }
    for (name, content) in bundles.sorted(by: { $0.key < $1.key }) {
      let text = String(decoding: content, as: UTF8.self)
      check(arrivals.contains { $0.text == text }, "\(folder)/\(name) should not be there: “\(text)”")
      check(!report || inner[name + ".error.json"] != nil, "no report beside \(folder)/\(name)")
    }
    for name in inner.keys.sorted() where !name.hasSuffix(".h5") {
      let ending = name.hasSuffix(".sha256") ? ".sha256" : ".error.json"
      let isBeside = name.hasSuffix(ending) && bundles[String(name.dropLast(ending.count))] != nil
      check(isBeside, "no bundle beside \(folder)/\(name)")
    }
  }

  private mutating func checkIndex(
    _ healthy: [Scenario.Arrival], _ bad: [Scenario.Arrival], in spool: URL, _ mayHaveSkippedProbes: Bool
  ) throws {
    let url = spool.appendingPathComponent("index.sqlite")
    let queue = try DatabaseQueue(path: url.path)
    defer { try? queue.close() }
    let (rows, failures, integrity) = try queue.read { database in
      (
        try Self.rows(database),
        try GRDB.Row.fetchAll(database, sql: "SELECT name, digest FROM failure WHERE state = 'failed' AND NOT resolved")
          .map { row -> String in "\(row[0] as String) \((row[1] as String? ?? "-").prefix(8))" },
        try String.fetchAll(database, sql: "PRAGMA integrity_check")
          + (try GRDB.Row.fetchAll(database, sql: "PRAGMA foreign_key_check").map(\.description))
      )
    }
    check(integrity == ["ok"], "the index is damaged: \(integrity.joined(separator: "; "))")
    let digests = Set(healthy.map { Expectation.digest($0.text) })
    check(
      Set(rows.map(\.digest)) == digests && rows.count == digests.count,
      "the index has \(rows.count) bundles, \(digests.count) are healthy")
    var labels = disk.files(in: "labels").keys.map { "labels/" + $0 }.sorted()
    if scenario.hasLabelFolders {
      labels = Set(
        files.keys.filter { $0.hasPrefix("labels/") }.map { $0.split(separator: "/").prefix(2).joined(separator: "/") }
      )
      .sorted()
    }
    let named = rows.map(\.labelFile).sorted()
    check(
      Set(named).isSubset(of: labels) && named.count == Set(named).count,
      "the index names \(named), there are \(labels)")
    for label in labels where !named.contains(label) {
      try check(isOfTwin(label, healthy), "the index does not name \(label)")
    }
    for row in rows {
      guard let text = healthy.first(where: { Expectation.digest($0.text) == row.digest })?.text else { continue }
      check(
        healthy.contains { $0.text == text && isNamed(row.name, $0.name, mayHaveSkippedProbes) },
        "the index calls “\(text)” \(row.name)")
      if scenario.probes && !(mayHaveSkippedProbes && row.probe == "skipped") {
        check(row.probe == "done", "the probe of \(row.name) is \(row.probe ?? "not asked for")")
      }
      try checkLabels(text, row.labelFile, probed: row.probe == "done")
    }
    for arrival in Set(bad) where !healthy.contains(where: { $0.name == arrival.name }) {
      let namesakes = Set(bad.filter { $0.name == arrival.name })
      guard namesakes.count == 1 else { continue }
      let key = "\(arrival.name) \(Expectation.digest(arrival.text).prefix(8))"
      let count = failures.count { $0 == key || $0 == "\(arrival.name) -" }
      check(count == 1, "the index tells \(count) times of the failure of \(arrival.name)")
    }
  }

  /// Whether a bundle that came as `name` may be called so.
  ///
  /// One that had to be put aside beside a namesake while not even a note could be written keeps the mark that it got there.
  private func isNamed(_ known: String, _ name: String, _ wasTroubled: Bool) -> Bool {
    known == name || wasTroubled && known == name.replacing(".h5", with: "~2.h5")
  }

  /// Whether labels are those of bytes that came under several names: an attempt before a crash may have left them under one
  /// name, and the next one has found the bytes scored under another.
  private func isOfTwin(_ label: String, _ healthy: [Scenario.Arrival]) throws -> Bool {
    let twins = Dictionary(grouping: Set(healthy), by: \.text).filter { Set($0.value.map(\.name)).count > 1 }.keys
    return try twins.contains { text in
      let labels = try Expectation.labels(text, asFolder: scenario.hasLabelFolders, probed: false)
      return labels.allSatisfy { files[$0.key.isEmpty ? label : label + "/" + $0.key] == $0.value }
    }
  }

  private mutating func checkLabels(_ text: String, _ file: String, probed: Bool) throws {
    for (path, content) in try Expectation.labels(text, asFolder: scenario.hasLabelFolders, probed: probed) {
      let whole = path.isEmpty ? file : file + "/" + path
      check(files[whole] == content, "\(whole) does not hold the labels of “\(text)”")
    }
  }

  private static func rows(_ database: Database) throws -> [Row] {
    try GRDB.Row.fetchAll(
      database,
      sql:
        "SELECT b.digest, b.name, b.label_file, p.state FROM bundle b LEFT JOIN probe p ON p.bundle = b.id ORDER BY b.id"
    ).map { Row(digest: $0[0], name: $0[1], labelFile: $0[2], probe: $0[3]) }
  }

  /// Right after a crash, before anybody mends anything: what lies in `done` has its rows and labels, what lies in `failed`
  /// its report and its record.
  ///
  /// - Parameter folder: where the index may be put, for SQLite to read.
  mutating func checkCrash(in folder: URL) throws {
    let done = disk.files(in: "done").filter { $0.key.hasSuffix(".h5") }
    let failed = disk.files(in: "failed").filter { $0.key.hasSuffix(".h5") }
    for name in failed.keys.sorted() {
      check(files["failed/\(name).error.json"] != nil, "no report beside failed/\(name)")
    }
    guard !done.isEmpty || !failed.isEmpty else { return }
    var copy = Disk()
    for (number, name) in ["index.sqlite", "index.sqlite-wal"].enumerated() {
      guard let bytes = files[name] else { continue }
      copy.entries[Disk.root]?[name] = number + 1
      copy.bytes[number + 1] = bytes
    }
    try copy.put(into: folder)
    let url = folder.appendingPathComponent("index.sqlite")
    do {
      let queue = try DatabaseQueue(path: url.path)
      defer { try? queue.close() }
      let (rows, failures) = try queue.read { database in
        (
          try Self.rows(database),
          Set(try String.fetchAll(database, sql: "SELECT coalesce(digest, name) FROM failure"))
        )
      }
      for (name, content) in done.sorted(by: { $0.key < $1.key }) {
        let text = String(decoding: content, as: UTF8.self)
        let digest = Expectation.digest(text)
        guard let row = rows.first(where: { $0.digest == digest }) else {
          check(false, "after the crash done/\(name) has no rows")
          continue
        }
        let isThere = [true, false].contains { probed in
          let labels = try? Expectation.labels(text, asFolder: scenario.hasLabelFolders, probed: probed)
          return labels?.allSatisfy { path, content in
            files[path.isEmpty ? row.labelFile : row.labelFile + "/" + path] == content
          } ?? false
        }
        check(isThere, "after the crash done/\(name) does not have its labels")
      }
      for (name, content) in failed.sorted(by: { $0.key < $1.key }) {
        // Of a bundle that could not be read again there is no digest; the report tells the name that it came under.
        let digest = Expectation.digest(String(decoding: content, as: UTF8.self))
        let report = files["failed/\(name).error.json"].flatMap {
          try? JSONDecoder().decode(Report.self, from: Data($0))
        }
        check(
          !failures.isDisjoint(with: [digest, name, report?.bundle ?? name]),
          "after the crash the index does not tell of failed/\(name), but of \(failures.sorted())")
      }
    } catch let error as DatabaseError {
      check(false, "after the crash the index cannot be read: \(error)")
    }
  }
}

/// What a failure's report tells that the audit needs.
private struct Report: Decodable {
  let bundle: String
}
