import GRDB

/// The least and the greatest confidence of each label among the utterances of 256 scorings that follow one another.
///
/// Whoever looks for the surest labels need only look where sure ones are. The ranges hold superseded scorings too, and so
/// never shrink.
enum ConfidenceRanges {
  /// Scorings of one range, as a power of two.
  static let bits = 8

  /// - Parameter isTemporary: whether it is of this connection alone, which finds it before the index's own.
  static func create(_ database: Database, isTemporary: Bool = false) throws {
    try database.execute(
      sql: """
        CREATE \(isTemporary ? "TEMP " : "")TABLE confidence_range (
          block INTEGER NOT NULL,             -- the number of a scoring, divided by 256
          emotion INTEGER NOT NULL,
          lowest REAL NOT NULL,
          highest REAL NOT NULL,
          PRIMARY KEY (block, emotion)
        ) WITHOUT ROWID
        """)
  }

  /// Adds the labels of a scoring whose rows have just been written.
  static func add(_ scoring: Int64, _ database: Database) throws {
    try add(scoring...scoring, database)
  }

  /// Makes the ranges of everything that the index holds.
  static func fill(_ database: Database) throws {
    let last = try Int64.fetchOne(database, sql: "SELECT max(id) FROM bundle") ?? 0
    for block in 0...last >> bits {
      try add(block << bits...(block + 1) << bits - 1, database)
    }
  }

  /// - Parameter scorings: of one block.
  private static func add(_ scorings: ClosedRange<Int64>, _ database: Database) throws {
    let statement = try database.cachedStatement(
      sql: """
        INSERT INTO confidence_range (block, emotion, lowest, highest)
        SELECT ? >> \(bits), emotion, min(confidence), max(confidence) FROM utterance INDEXED BY utterance_bundle
        WHERE bundle BETWEEN ? AND ? GROUP BY emotion
        ON CONFLICT (block, emotion) DO UPDATE SET
          lowest = min(lowest, excluded.lowest), highest = max(highest, excluded.highest)
        """)
    try statement.execute(arguments: [scorings.lowerBound, scorings.lowerBound, scorings.upperBound])
  }
}
