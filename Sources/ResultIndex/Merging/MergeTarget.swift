import DialogueDomain
import Foundation
import GRDB

/// The index that others are merged into: takes over one bundle with all its rows, and gives them their numbers.
struct MergeTarget {
  private let database: Database
  private let tables: [TableCopy]
  private let bundleCopy: TableCopy
  private let failureCopy: TableCopy
  private let modelCopy: TableCopy
  private let labelOwner: RawStatement
  private var models: [String: Int64] = [:]
  private var nextBundle: Int64 = 1
  /// The next number in each table that others refer to.
  private var next = [Int64](repeating: 1, count: MergedTable.Numbered.allCases.count)

  /// - Throws: `DatabaseError`.
  init(_ database: Database, _ connection: OpaquePointer) throws {
    self.database = database
    tables = try MergedTable.ofBundles.map { try TableCopy($0, database, connection) }
    bundleCopy = try TableCopy(.bundle, database, connection)
    failureCopy = try TableCopy(.failure, database, connection)
    modelCopy = try TableCopy(.model, database, connection)
    labelOwner = try RawStatement(connection, "SELECT 1 FROM bundle WHERE label_file = ?1 AND digest <> ?2")
  }

  /// Takes over a bundle.
  mutating func carryOver(
    _ head: MergeSource.Head, from source: MergeSource,
    place: (IndexMerge.MergedBundle) throws -> IndexMerge.BundlePlace
  ) throws {
    let bundle = nextBundle
    nextBundle += 1
    let model = try number(ofModel: head.model, from: source)
    let title = try BundleInsertion.uniqueTitle(head.name, head.digest, database)
    let place = try place(
      IndexMerge.MergedBundle(name: head.name, digest: head.digest, labelFile: head.labelFile) { [labelOwner] file in
        labelOwner.bind(file, at: 1)
        labelOwner.bind(head.digest, at: 2)
        defer { labelOwner.reset() }
        return try !labelOwner.step()
      })
    try bundleCopy.run(from: source, arguments: [head.id]) { copy, _ in
      copy.set("id", bundle)
      copy.set("model", model)
      copy.set("title", title)
      copy.set("label_file", place.labelFile)
    }
    // How much greater this bundle's numbers are here than there.
    var shifts = [Int64?](repeating: nil, count: next.count)
    var utterances: (first: Int64, last: Int64) = (0, -1)
    for copy in tables {
      try copy.run(from: source, arguments: [head.id, utterances.first, utterances.last], digest: head.digest) {
        copy, row in
        for (column, link) in copy.links {
          switch link {
          case .bundle: copy.set(column, bundle)
          case .bundleFile: copy.set(column, place.file)
          case .number(let table):
            let (found, isOwn) = (row.integer(column), copy.owns(table))
            let due = next[table.place]
            let shift = shifts[table.place] ?? due - found
            if isOwn {
              // Others refer to them by one shift: they must follow one another.
              guard found + shift == due else { throw Self.torn(source, head, table.rawValue) }
              shifts[table.place] = shift
              next[table.place] = due + 1
              if table == .utterance { utterances = (utterances.last < 0 ? found : utterances.first, found) }
            }
            copy.set(column, found + shift)
          case .name(let table):
            guard !row.isNull(column) else {
              copy.setNull(column)
              continue
            }
            copy.set(
              column, try source.number(row.integer(column), in: table) { try number(ofName: $0, table, from: source) })
          case .none: copy.setNull(column)
          case .set: continue
          }
        }
      }
    }
  }

  /// Takes over what failed, in the order of names and digests; nothing has resolved it.
  func carryOverFailures(from sources: [MergeSource]) throws {
    var failures: [(name: String, digest: String, id: Int64, source: MergeSource)] = []
    for source in sources {
      let statement = try source.selection("SELECT name, digest, id FROM failure")
      while try statement.step() {
        failures.append((statement.text(0), statement.text(1), statement.integer(2), source))
      }
    }
    failures.sort { left, right in
      if left.name != right.name { return left.name.utf8.lexicographicallyPrecedes(right.name.utf8) }
      return (left.digest, left.id) < (right.digest, right.id)
    }
    for (number, failure) in failures.enumerated() {
      try failureCopy.run(from: failure.source, arguments: [failure.id]) { copy, _ in
        copy.set("id", Int64(number + 1))
        copy.set("resolved", 0)
      }
    }
  }

  private func number(ofName own: Int64, _ table: MergedTable.Named, from source: MergeSource) throws -> Int64 {
    let statement = try source.selection("SELECT name FROM \(table.rawValue) WHERE id = ?1")
    statement.bind(own, at: 1)
    defer { statement.reset() }
    guard try statement.step() else { throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "a name is missing") }
    return try number(of: statement.text(0), in: table)
  }

  private func number(of name: String, in table: MergedTable.Named) throws -> Int64 {
    // Nothing is kept from bundle to bundle: there may be as many speakers as dialogues.
    var names = NameTable(table.rawValue)
    return try names.id(of: name, database)
  }

  private mutating func number(ofModel own: Int64, from source: MergeSource) throws -> Int64 {
    let statement = try source.selection("SELECT digest, emotions FROM model WHERE id = ?1")
    statement.bind(own, at: 1)
    defer { statement.reset() }
    guard try statement.step() else { throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "a model is missing") }
    let digest = statement.text(0)
    if let known = models[digest] { return known }
    for name in try JSONDecoder().decode(EmotionSet.self, from: Data(statement.text(1).utf8)).names {
      _ = try number(of: name, in: .emotion)
    }
    let number = Int64(models.count + 1)
    try modelCopy.run(from: source, arguments: [own]) { copy, _ in copy.set("id", number) }
    models[digest] = number
    return number
  }

  private static func torn(_ source: MergeSource, _ head: MergeSource.Head, _ table: String) -> IndexError {
    IndexError(
      Explanation(
        .data, "the rows of a bundle do not follow one another", at: "\(source.url.path): \(table) of \(head.name)",
        remedy: "Score the shard again."))
  }
}
