import DialogueDomain
import Foundation
import GRDB

/// What `ambq verify` asks: of each file, whether and as what the index knows it.
extension IndexReader {
  /// Some of the current scorings in the order of their numbers, so that all can be visited without one long reading.
  ///
  /// - Parameters:
  ///   - number: those after this one.
  ///   - limit: at most so many.
  public func currentBundles(after number: Int64, limit: Int) throws -> [IndexedBundle] {
    let sql = """
      SELECT \(BundleDecoder.columns) FROM bundle b JOIN model m ON m.id = b.model
      WHERE b.id > ? AND b.current ORDER BY b.id LIMIT ?
      """
    return try read { database in
      var decoder = BundleDecoder()
      let rows = try Row.fetchCursor(try database.cachedStatement(sql: sql), arguments: [number, limit])
      var bundles: [IndexedBundle] = []
      while let row = try rows.next() { bundles.append(decoder.decode(row)) }
      return bundles
    }
  }

  /// Hands over the utterances of one scoring in the order of its bundle, with their probabilities.
  public func forEachUtterance(of bundle: IndexedBundle, _ body: (IndexedUtterance) throws -> Void) throws {
    let sql = """
      SELECT \(UtteranceDecoder.columns(.probabilities)) FROM bundle b
      CROSS JOIN utterance u ON u.bundle = b.id CROSS JOIN dialogue d ON d.id = u.dialogue WHERE b.id = ? ORDER BY u.id
      """
    try read { database in
      var decoder = try UtteranceDecoder(database, detail: .probabilities)
      let rows = try Row.fetchCursor(try database.cachedStatement(sql: sql), arguments: [bundle.id])
      while let row = try rows.next() { try body(try decoder.decode(row, database)) }
    }
  }

  /// Whether a scoring's probe has yet to be run: its labels' stability may be ahead of the index.
  public func isProbePending(_ bundle: IndexedBundle) throws -> Bool {
    try exists("SELECT 1 FROM probe WHERE bundle = ? AND state = 'pending'", [bundle.id])
  }

  /// Whether any scoring has its labels in a file, relative to the spool.
  public func knows(labelFile: String) throws -> Bool {
    try exists("SELECT 1 FROM bundle WHERE label_file = ?", [labelFile])
  }

  /// The file names under which the bytes of a digest have arrived; none where no scoring is of them.
  public func fileNames(ofDigest digest: String) throws -> [String] {
    try read { database in
      let sql = "SELECT name FROM bundle WHERE digest = ? UNION SELECT name FROM alias WHERE digest = ?"
      return try String.fetchAll(try database.cachedStatement(sql: sql), arguments: [digest, digest])
    }
  }

  /// The bundles that have arrived under a file name, each with its digest and size.
  public func bundles(named name: String) throws -> [(digest: String, byteCount: Int)] {
    try read { database in
      let sql = """
        SELECT digest, byte_count FROM bundle WHERE name = ?
        UNION SELECT b.digest, b.byte_count FROM alias a JOIN bundle b ON b.digest = a.digest WHERE a.name = ?
        """
      let rows = try Row.fetchAll(try database.cachedStatement(sql: sql), arguments: [name, name])
      return rows.map { ($0[0], $0[1]) }
    }
  }

  private func exists(_ sql: String, _ arguments: StatementArguments) throws -> Bool {
    try read { try Bool.fetchCached($0, sql: "SELECT EXISTS (\(sql))", arguments: arguments) ?? false }
  }
}
