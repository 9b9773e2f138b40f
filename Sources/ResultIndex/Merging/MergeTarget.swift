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
  private var names = MergedTable.Named.allCases.map { NameTable($0.rawValue) }
  private var sums: SummingCopy
  /// The last bundle's name, and titles that are no names.
  private var lastName: String?
  private var longTitles: Set<String> = []
  private var nextBundle: Int64 = 1
  private static let rememberedNames = 100_000
  /// The next number in each table that others refer to.
  private var next = [Int64](repeating: 1, count: MergedTable.Numbered.allCases.count)

  /// - Throws: `DatabaseError`.
  init(_ database: Database) throws {
    self.database = database
    tables = try MergedTable.ofBundles.enumerated().map { try TableCopy($1, number: $0, database) }
    let count = tables.count
    bundleCopy = try TableCopy(.bundle, number: count, database)
    failureCopy = try TableCopy(.failure, number: count + 1, database)
    modelCopy = try TableCopy(.model, number: count + 2, database)
    guard let utterances = tables.first(where: { $0.owns(.utterance) }) else {
      throw DatabaseError(resultCode: .SQLITE_ERROR, message: "no such table: utterance")
    }
    sums = try SummingCopy(utterances, database)
    labelOwner = try RawStatement(database, "SELECT 1 FROM bundle WHERE label_file = ?1 AND digest <> ?2")
  }

  /// Takes over a bundle.
  mutating func carryOver(
    _ head: MergeSource.Head, from source: MergeSource,
    place: (IndexMerge.MergedBundle) throws -> IndexMerge.BundlePlace
  ) throws {
    let bundle = nextBundle
    nextBundle += 1
    let model = try number(ofModel: head.model, from: source)
    let title = try title(of: head)
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
    let firsts = next
    for copy in tables where head.isWorded || !copy.table.isOfWords {
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
            let own = row.integer(column)
            copy.set(
              column, try source.number(own, in: table) ?? number(ofName: own, table, from: source))
          case .none: copy.setNull(column)
          case .set: continue
          }
        }
        if copy.owns(.utterance) { sums.take(copy, row) }
      }
    }
    for (table, count) in [(MergedTable.Numbered.dialogue, head.dialogues), (.utterance, head.utterances)]
    where next[table.place] - firsts[table.place] != count {
      throw Self.torn(source, head, table.rawValue)
    }
    try sums.finish(bundle, model: model, database)
  }

  /// Ends the sums of all bundles.
  mutating func finishSums() throws { try sums.finish(database) }

  /// The title that tells a bundle from others of its name, which come one after the other.
  private mutating func title(of head: MergeSource.Head) throws -> String {
    defer { lastName = head.name }
    guard head.name == lastName || longTitles.contains(head.name) else { return head.name }
    let title = try BundleInsertion.uniqueTitle(head.name, head.digest, database)
    if title != head.name { longTitles.insert(title) }
    return title
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

  private mutating func number(
    ofName own: Int64, _ table: MergedTable.Named, from source: MergeSource
  ) throws -> Int64 {
    let statement = try source.selection("SELECT name FROM \(table.rawValue) WHERE id = ?1")
    statement.bind(own, at: 1)
    defer { statement.reset() }
    guard try statement.step() else { throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "a name is missing") }
    let number = try number(of: statement.text(0), in: table)
    source.remember(own, in: table, as: number)
    return number
  }

  private mutating func number(of name: String, in table: MergedTable.Named) throws -> Int64 {
    // There may be as many speakers as dialogues.
    names[table.place].forget(beyond: Self.rememberedNames)
    let number = try names[table.place].id(of: name, database)
    if table == .emotion && name == ScoredUtterance.unknownEmotion { sums.unknown = number }
    return number
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
