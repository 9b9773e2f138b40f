import DialogueDomain
import Foundation
import GRDB
import TestFolders
import Testing

@testable import ResultIndex

/// Indexes that hold different bundles, made one.
struct MergeTests {
  private let folder: TemporaryFolder
  private let bundles: [ScoredBundle]
  private let time = Date(timeIntervalSince1970: 1_795_376_400)

  init() throws {
    folder = try TemporaryFolder()
    var synthetic = SyntheticBundles(seed: 7)
    bundles = (0..<24).map { number in
      let name = "talk-\(number / 10)\(number % 10).h5"
      var bundle = synthetic.bundle(
        name, digest: SyntheticBundles.digest(name), dialogues: 1 + number % 3, turns: 2...9,
        labelled: number % 2 == 0)
      for row in bundle.utterances.indices where number % 4 == 1 {
        bundle.utterances[row].text = "word \(row) of \(name)"
      }
      // A speaker of this bundle alone, and an emotion that no class of the model is.
      bundle.utterances[0].speaker = "speaker \(number)"
      bundle.utterances[0].truth = number == 5 ? "bored" : bundle.utterances[0].truth
      return bundle
    }
  }

  private func write(_ numbers: some Sequence<Int>, to name: String) throws -> URL {
    let url = folder[name]
    let index = try IndexWriter(url, isScratch: true)
    for number in numbers {
      let bundle = bundles[number]
      let probe = ProbeRequest(plan: "{}", file: "done/\(bundle.name)", time: time)
      try index.record(
        bundle, SyntheticBundles.scoring(at: time, name: bundle.name), probe: number % 3 == 0 ? probe : nil)
      if let pending = try index.nextPendingProbe() {
        try index.recordProbe(
          pending, stability: bundle.utterances.map { _ in 0.5 }, statistics: Data([UInt8(number)]), seconds: 0,
          at: time)
      }
      if number == 2 {
        _ = try index.recordAgain(
          name: "again.h5", bundleDigest: bundle.digest, modelDigest: bundle.modelDigest)
      }
    }
    try index.replaceFailures(
      by: numbers.filter { $0 % 7 == 0 }.map {
        FailureRecord(name: "bad-\($0).h5", digest: nil, time: time, explanation: Explanation(.data, "it is bad"))
      })
    try index.close()
    return url
  }

  private func merge(_ sources: [URL], to name: String) throws -> URL {
    let url = folder[name]
    try IndexMerge(sources) { IndexMerge.BundlePlace(labelFile: $0.labelFile, file: "done/\($0.name)") }.write(to: url)
    return url
  }

  private func contents(_ url: URL) throws -> [String: [[String: String]]] {
    let queue = try DatabaseQueue(path: url.path)
    defer { try? queue.close() }
    return try queue.read { database in
      let tables = try String.fetchAll(
        database,
        sql: """
          SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'words_%'
          """)
      return try Dictionary(
        uniqueKeysWithValues: tables.map { table in
          let number = table == "words" ? "rowid AS number, " : ""
          let columns = try database.columns(in: table).count + (number.isEmpty ? 0 : 1)
          let order = (1...columns).map(String.init).joined(separator: ", ")
          return (
            table,
            try Row.fetchAll(database, sql: "SELECT \(number)* FROM \(table) ORDER BY \(order)").map { row in
              Dictionary(uniqueKeysWithValues: row.map { ($0, $1.description) })
              // A sum that has come down to nothing is as good as none.
            }.filter { !table.hasSuffix("_sum") || $0["bundles"] != "0" }
          )
        })
    }
  }

  @Test func itIsTheIndexThatOneWriterMakesOfThemInTheOrderOfNames() throws {
    let (evens, odds) = (
      try write(stride(from: 0, to: 24, by: 2), to: "evens"), try write(stride(from: 23, to: 0, by: -2), to: "odds")
    )
    let merged = try contents(try merge([odds, evens], to: "merged"))
    let whole = try contents(try write(0..<24, to: "whole"))
    #expect(Set(merged.keys) == Set(whole.keys) && merged["utterance"]?.isEmpty == false)
    for table in merged.keys.sorted() where table != "failure" {
      #expect(merged[table] == whole[table], "\(table)")
    }
    #expect(
      merged["failure"]?.compactMap { $0["name"] }
        == ["bad-0.h5", "bad-14.h5", "bad-21.h5", "bad-7.h5"].map { "\"\($0)\"" })
    #expect(merged["words"]?.isEmpty == false && merged["alias"]?.count == 1 && merged["probe"]?.count == 8)
  }

  @Test func theFileIsTheSameToTheByteHoweverTheBundlesAreSpread() throws {
    let parts = try (0..<5).map { part in try write((0..<24).filter { $0 * 7 % 5 == part }, to: "part-\(part)") }
    let first = try Data(contentsOf: try merge(parts, to: "first"))
    #expect(try Data(contentsOf: try merge(parts.reversed(), to: "second")) == first)
    #expect(try Data(contentsOf: try merge([try write(0..<24, to: "whole")], to: "third")) == first)
  }

  @Test func itsIndexesAreThoseOfTheSchemaAndItIsSound() throws {
    let merged = try merge([try write(0..<12, to: "some"), try write(12..<24, to: "others")], to: "merged")
    func indexes(_ url: URL) throws -> Set<String> {
      let queue = try DatabaseQueue(path: url.path)
      return try queue.read {
        try String.fetchSet($0, sql: "SELECT name || coalesce(sql, '') FROM sqlite_master WHERE type = 'index'")
      }
    }
    #expect(try indexes(merged) == indexes(folder["some"]))
    let queue = try DatabaseQueue(path: merged.path)
    #expect(try queue.read { try String.fetchAll($0, sql: "PRAGMA integrity_check") } == ["ok"])
    #expect(try queue.read { try Row.fetchAll($0, sql: "PRAGMA foreign_key_check") }.isEmpty)
    try queue.writeWithoutTransaction { try $0.execute(sql: "INSERT INTO words (words) VALUES ('integrity-check')") }
    var query = UtteranceQuery()
    query.words = WordPattern("word")
    #expect(try IndexReader(merged).utterances(query).count == bundles.flatMap(\.utterances).count { $0.text != nil })
  }

  /// A table that nobody has thought of here would be lost without a word.
  @Test func everyTableOfTheSchemaIsCarriedOverOrLeftOutOnPurpose() throws {
    let index = try write([], to: "empty")
    let queue = try DatabaseQueue(path: index.path)
    let tables = try queue.read {
      try String.fetchSet(
        $0,
        sql: """
          SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'words_%'
          """)
    }
    let known = MergedTable.ofBundles.map(\.name) + MergedTable.Named.allCases.map(\.rawValue)
    // What a daemon says of itself, what was made when the file was, corrections, which shards do not take, and the sums, which
    // are made anew.
    let leftOut = ["daemon", "grdb_migrations", "correction", "chronology"] + SumTables.names
    #expect(tables == Set(known + leftOut + ["bundle", "model", "failure"]))
  }

  /// A column that refers to rows of another table must be a link, or it would mean other rows after a merge.
  @Test func everyReferenceIsALink() throws {
    let index = try write([], to: "empty")
    let queue = try DatabaseQueue(path: index.path)
    for table in MergedTable.ofBundles + [MergedTable.bundle] where table.name != "words" {
      let references = try queue.read { try $0.foreignKeys(on: table.name).flatMap { $0.originColumns } }
      #expect(Set(references).isSubset(of: table.links.map(\.column)), "\(table.name)")
    }
  }

  @Test func whatIsNoIndexIsNamed() throws {
    let wrong = try folder.write("no index", to: "wrong")
    let error = try #require(throws: IndexError.self) { try merge([wrong], to: "merged") }
    #expect(error.explanation.location == wrong.path)
    #expect(throws: IndexError.self) { try merge([folder["nowhere"]], to: "again") }
  }
}
