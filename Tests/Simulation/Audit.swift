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
    _ expected: Inventory, in spool: URL, mayHaveSkippedProbes: Bool, isStrict: Bool
  ) throws {
    checkFolder("done", expected, isHealthy: true)
    checkFolder("failed", expected, isHealthy: false)
    for folder in ["incoming", "active", "deferred", "hold"] {
      for name in disk.files(in: folder).keys.sorted() where !name.hasPrefix(".") {
        // A note outlives its bundle until the folder is listed the next time; digests in incoming are their producers'.
        if folder == "incoming" && name.hasSuffix(".sha256") { continue }
        // The power took or cut one of the two, the bundle or its digest.
        if name.hasSuffix(".stale") && expected.isAtRisk { continue }
        if isStrict || !name.hasSuffix(".deferral.json") { check(false, "left in \(folder): \(name)") }
      }
    }
    for path in files.keys.sorted() {
      let isOurs = path.split(separator: "/").contains { $0.hasPrefix(".") }
      // Of a producer that the crash interrupted.
      check(!isOurs || path == "incoming/" + Producer.temporaryName, "left over: \(path)")
      let isKnown = path.contains("/") || [scenario.indexPath, scenario.indexPath + "-wal", "lock"].contains(path)
      check(isKnown, "not expected: \(path)")
    }
    try checkIndex(expected, in: spool, mayHaveSkippedProbes)
  }

  /// Each file once under each of its names, and nothing else.
  private mutating func checkFolder(_ folder: String, _ expected: Inventory, isHealthy: Bool) {
    let inner = disk.files(in: folder)
    let bundles = inner.filter { $0.key.hasSuffix(".h5") }
    let certain = expected.certain.filter { $0.isHealthy == isHealthy }
    let all = certain + expected.perhaps.filter { $0.isHealthy == isHealthy }
    for text in Set(all.map(\.text)).sorted() {
      let names = Set(certain.filter { $0.text == text }.map(\.name)).sorted()
      let most = Set(all.filter { $0.text == text }.map(\.name)).count
      let places = bundles.filter { $0.value == Array(text.utf8) }.keys.sorted()
      check(
        names.count <= places.count && places.count <= most,
        "“\(text)”, handed in as \(names), lies in \(folder) \(places.isEmpty ? "not at all" : "as \(places)")")
    }
    for (name, content) in bundles.sorted(by: { $0.key < $1.key }) {
      let text = String(decoding: content, as: UTF8.self)
      check(all.contains { $0.text == text }, "\(folder)/\(name) should not be there: “\(text)”")
      check(isHealthy || inner[name + ".error.json"] != nil, "no report beside \(folder)/\(name)")
    }
    for name in inner.keys.sorted() where !name.hasSuffix(".h5") {
      let ending = name.hasSuffix(".sha256") ? ".sha256" : ".error.json"
      let isBeside = name.hasSuffix(ending) && bundles[String(name.dropLast(ending.count))] != nil
      // Reports are synced; a bundle whose producer did not sync may be taken from under one.
      let isOfLost = ending == ".error.json" && expected.perhaps.contains { name.hasPrefix($0.name.dropLast(3)) }
      check(isBeside || isOfLost, "no bundle beside \(folder)/\(name)")
    }
  }

  private mutating func checkIndex(_ expected: Inventory, in spool: URL, _ mayHaveSkippedProbes: Bool) throws {
    let certain = expected.certain.filter(\.isHealthy)
    let lost = expected.perhaps.filter(\.isHealthy)
    let healthy = certain + lost
    let url = spool.appendingPathComponent(scenario.indexPath)
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
    let known = Set(rows.map(\.digest))
    let digests = Set(certain.map { Expectation.digest($0.text) })
    check(
      digests.isSubset(of: known) && known.isSubset(of: healthy.map { Expectation.digest($0.text) })
        && rows.count == known.count,
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
      try check(areUnrecorded(label, lost), "the index does not name \(label)")
    }
    for row in rows {
      guard let text = healthy.first(where: { Expectation.digest($0.text) == row.digest })?.text else { continue }
      check(
        healthy.contains { $0.text == text && $0.name == row.name }, "the index calls “\(text)” \(row.name)")
      let maySkip = mayHaveSkippedProbes || !certain.contains { $0.text == text }
      if scenario.probes && !(maySkip && row.probe == "skipped") {
        check(row.probe == "done", "the probe of \(row.name) is \(row.probe ?? "not asked for")")
      }
      // The power may take a bundle between the two steps of its probe: labels have their stability, and nobody probes again.
      let hasStability = row.probe == "skipped" && !certain.contains { $0.text == text }
      if try !hasStability || !holds(row.labelFile, text, probed: true) {
        try checkLabels(text, row.labelFile, probed: row.probe == "done")
      }
    }
    let bad = expected.certain.filter { !$0.isHealthy }
    let allBad = Set(bad + expected.perhaps.filter { !$0.isHealthy })
    for arrival in Set(bad) where !healthy.contains(where: { $0.name == arrival.name }) {
      guard allBad.count(where: { $0.name == arrival.name }) == 1 else { continue }
      let key = "\(arrival.name) \(Expectation.digest(arrival.text).prefix(8))"
      let count = failures.count { $0 == key || $0 == "\(arrival.name) -" }
      check(count == 1, "the index tells \(count) times of the failure of \(arrival.name)")
    }
  }

  /// Whether labels are those of a bundle that the power took, with its producer's word only: a try before that may have left
  /// them, and nobody comes to record them.
  private func areUnrecorded(_ label: String, _ lost: [Scenario.Arrival]) throws -> Bool {
    try lost.contains { try holds(label, $0.text, probed: false) }
  }

  private func holds(_ label: String, _ text: String, probed: Bool) throws -> Bool {
    try Expectation.labels(text, asFolder: scenario.hasLabelFolders, probed: probed).allSatisfy { path, content in
      files[path.isEmpty ? label : label + "/" + path] == content
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
    for (number, ending) in ["", "-wal"].enumerated() {
      guard let bytes = files[scenario.indexPath + ending] else { continue }
      copy.entries[Disk.root]?["index.sqlite" + ending] = number + 1
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
        let isThere = try [true, false].contains { try holds(row.labelFile, text, probed: $0) }
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
