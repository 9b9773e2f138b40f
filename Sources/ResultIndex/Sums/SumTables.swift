import GRDB

/// The tables of sums: how they are made, and how the writer keeps them right.
enum SumTables {
  /// Scorings whose sums are gathered before they are written: what a migration holds in memory.
  static let chunk: Int64 = 1000
  /// Sums that are gathered at most before they are written; names of speakers may all be different ones.
  static let mostRows = 100_000

  /// The names of the tables, `chronology` left aside.
  static let names = ["bundle_sum", "group_sum", "label_sum", "scoring_sum", "probe_sum", "confidence_range"]

  /// The tables, empty, and indexes that answer from themselves what was looked up in every row of a bundle.
  static func create(_ database: Database) throws {
    try createTables(database)
    try database.execute(
      sql: """
        DROP INDEX bundle_scored;
        CREATE INDEX bundle_scored ON bundle (scored, id, current, model, utterances, dialogues);
        CREATE INDEX bundle_largest ON bundle (utterances DESC, title) WHERE current;
        CREATE INDEX bundle_model ON bundle (model, current, scored);
        CREATE INDEX failure_time ON failure (time);
        CREATE INDEX failure_open ON failure (time) WHERE resolved = 0;
        """)
  }

  /// - Parameter isTemporary: whether they are of this connection alone, which finds them before the index's own.
  static func createTables(_ database: Database, isTemporary: Bool = false) throws {
    let table = isTemporary ? "CREATE TEMP TABLE" : "CREATE TABLE"
    try database.execute(
      sql: """
        \(table) bundle_sum (
          bundle INTEGER NOT NULL,
          emotion INTEGER NOT NULL,
          utterances INTEGER NOT NULL,
          confidence REAL NOT NULL,
          PRIMARY KEY (bundle, emotion)
        ) WITHOUT ROWID;
        \(table) group_sum (
          current INTEGER NOT NULL,
          model INTEGER NOT NULL,
          speaker INTEGER NOT NULL,           -- 0: all
          emotion INTEGER NOT NULL,           -- 0: all
          utterances INTEGER NOT NULL,
          dialogues INTEGER NOT NULL,         -- those that hold any
          bundles INTEGER NOT NULL,           -- likewise
          labelled INTEGER NOT NULL,          -- utterances of which something can be said
          confidence REAL NOT NULL,           -- of those
          judged INTEGER NOT NULL,            -- utterances whose model has a limit of certainty
          uncertain INTEGER NOT NULL,
          PRIMARY KEY (current, model, speaker, emotion)
        ) WITHOUT ROWID;
        \(table) label_sum (
          current INTEGER NOT NULL,
          model INTEGER NOT NULL,
          emotion INTEGER NOT NULL,
          truth INTEGER NOT NULL,             -- 0: not known
          uncertain INTEGER NOT NULL,         -- 2: the model has no limit
          label_set INTEGER NOT NULL,         -- -1: none
          utterances INTEGER NOT NULL,
          PRIMARY KEY (current, model, emotion, truth, uncertain, label_set)
        ) WITHOUT ROWID;
        \(table) scoring_sum (
          current INTEGER NOT NULL,
          model INTEGER NOT NULL,
          bundles INTEGER NOT NULL,
          dialogues INTEGER NOT NULL,
          utterances INTEGER NOT NULL,
          stability REAL NOT NULL,            -- of all utterances that have one
          probed INTEGER NOT NULL,
          PRIMARY KEY (current, model)
        ) WITHOUT ROWID;
        \(table) probe_sum (
          current INTEGER NOT NULL,
          state TEXT NOT NULL,
          bundles INTEGER NOT NULL,
          PRIMARY KEY (current, state)
        ) WITHOUT ROWID;
        -- Whether numbers follow time, so that the order of the one is the order of the other.
        \(table) chronology (
          id INTEGER PRIMARY KEY CHECK (id = 1),
          late INTEGER NOT NULL               -- scorings that are of an earlier time than one recorded before them
        );
        INSERT INTO chronology VALUES (1, 0);
        """)
  }

  /// Sums anew of everything that the index holds.
  ///
  /// Memory stays the same however much that is.
  ///
  /// - Parameter progress: told how many scorings are done, and of how many.
  static func fill(_ database: Database, progress: (Int, Int) -> Void = { _, _ in }) throws {
    try fillCounts(database, progress: progress)
    try ConfidenceRanges.fill(database)
  }

  /// The same without `ConfidenceRanges`, of which the schema of these tables knew nothing yet.
  static func fillCounts(_ database: Database, progress: (Int, Int) -> Void) throws {
    let last = try Int64.fetchOne(database, sql: "SELECT max(id) FROM bundle") ?? 0
    var sums = try IndexSums(database)
    var first: Int64 = 1
    if last > 0 { progress(0, Int(last)) }
    while first <= last {
      try sums.gather(first...min(last, first + chunk - 1), database)
      try sums.writeBundles(database)
      if sums.count > mostRows { try sums.write(1, database) }
      first += chunk
      progress(Int(min(last, first - 1)), Int(last))
    }
    try sums.write(1, database)
    try fillTotals(database)
  }

  /// Sums anew in place of those that there are.
  static func remake(_ database: Database) throws {
    for table in names { try database.execute(sql: "DELETE FROM \(table)") }
    try fill(database)
  }

  /// What is counted by scorings and probes, without their utterances.
  static func fillTotals(_ database: Database) throws {
    try database.execute(
      sql: """
        INSERT INTO scoring_sum
          SELECT current, model, count(*), sum(dialogues), sum(utterances), 0, 0 FROM bundle GROUP BY current, model;
        UPDATE scoring_sum SET stability = d.stability, probed = d.probed FROM (
          SELECT b.current, b.model, sum(d.stability * d.probed) AS stability, sum(d.probed) AS probed
          FROM bundle b CROSS JOIN dialogue d ON d.bundle = b.id WHERE d.probed > 0 GROUP BY b.current, b.model) d
        WHERE d.current = scoring_sum.current AND d.model = scoring_sum.model;
        INSERT INTO probe_sum
          SELECT b.current, p.state, count(*) FROM probe p CROSS JOIN bundle b ON b.id = p.bundle
          GROUP BY b.current, p.state;
        UPDATE chronology SET late = (
          SELECT count(*) FROM (SELECT scored, max(scored) OVER (ORDER BY id) AS latest FROM bundle)
          WHERE scored < latest);
        """)
  }

  /// Probes change their state in many ways, and a superseded scoring takes its own along: the database itself counts them.
  static func createTriggers(_ database: Database) throws {
    func count(_ current: String, _ state: String, _ sign: Int) -> String {
      """
      INSERT INTO probe_sum (current, state, bundles) SELECT \(current), \(state), \(sign) WHERE \(state) IS NOT NULL
        ON CONFLICT (current, state) DO UPDATE SET bundles = bundles + excluded.bundles;
      """
    }
    let owner = "(SELECT current FROM bundle WHERE id = new.bundle)"
    let state = "(SELECT state FROM probe WHERE bundle = new.id)"
    try database.execute(
      sql: """
        CREATE TRIGGER probe_asked AFTER INSERT ON probe BEGIN
          \(count(owner, "new.state", 1))
        END;
        CREATE TRIGGER probe_changed AFTER UPDATE OF state ON probe WHEN old.state <> new.state BEGIN
          \(count(owner, "old.state", -1))
          \(count(owner, "new.state", 1))
        END;
        CREATE TRIGGER probe_superseded AFTER UPDATE OF current ON bundle WHEN old.current <> new.current BEGIN
          \(count("old.current", state, -1))
          \(count("new.current", state, 1))
        END;
        """)
  }
}

/// What the writer does to the sums, inside its own transaction.
extension SumTables {
  /// Adds a scoring whose rows have just been written.
  static func add(_ scoring: Int64, _ database: Database) throws {
    var sums = try IndexSums(database)
    try sums.gather(scoring...scoring, database)
    try sums.write(1, database)
    try sums.writeBundles(database)
    try ConfidenceRanges.add(scoring, database)
    try addScoring(scoring, 1, database)
    try database.run(
      sql: """
        UPDATE chronology SET late = late + 1
        WHERE (SELECT scored FROM bundle WHERE id = ?) < (SELECT max(scored) FROM bundle)
        """, arguments: [scoring])
  }

  /// Changes what scorings say: whether they are current, what is true of their utterances.
  ///
  /// - Parameter change: does it, and nothing to other scorings.
  static func update(_ scorings: [Int64], _ database: Database, _ change: () throws -> Void) throws {
    try add(scorings, -1, database)
    try change()
    try add(scorings, 1, database)
  }

  private static func add(_ scorings: [Int64], _ sign: Int, _ database: Database) throws {
    for scoring in scorings {
      var sums = try IndexSums(database)
      try sums.gather(scoring...scoring, database)
      try sums.write(sign, database)
      try addScoring(scoring, sign, database)
    }
  }

  /// Changes the stability of a scoring's labels.
  static func updateStability(_ scoring: Int64, _ database: Database, _ change: () throws -> Void) throws {
    try addScoring(scoring, -1, database)
    try change()
    try addScoring(scoring, 1, database)
  }

  private static func addScoring(_ scoring: Int64, _ sign: Int, _ database: Database) throws {
    try database.run(
      sql: """
        INSERT INTO scoring_sum (current, model, bundles, dialogues, utterances, stability, probed)
        SELECT b.current, b.model, :sign, :sign * b.dialogues, :sign * b.utterances,
          :sign * coalesce((SELECT sum(d.stability * d.probed) FROM dialogue d WHERE d.bundle = b.id), 0.0),
          :sign * coalesce((SELECT sum(d.probed) FROM dialogue d WHERE d.bundle = b.id), 0)
        FROM bundle b WHERE b.id = :scoring
        ON CONFLICT (current, model) DO UPDATE SET bundles = bundles + excluded.bundles,
          dialogues = dialogues + excluded.dialogues, utterances = utterances + excluded.utterances,
          stability = stability + excluded.stability, probed = probed + excluded.probed
        """, arguments: ["sign": sign, "scoring": scoring])
  }
}
