import GRDB

/// The tables of the index and how older files become current ones.
///
/// Names that repeat (emotions, speakers, models) are stored once and referred to by number: ten million utterances
/// then take about 250 bytes each. Times are whole milliseconds since 1970, UTC. Vectors are BLOBs of little-endian
/// Float32 in the model's class order.
enum IndexSchema {
  /// "ambq" in ASCII: marks the file as ours in SQLite's header.
  static let applicationID = 0x616D_6271
  /// What `PRAGMA user_version` says of a current file: the number of migrations.
  static let version = 9

  static var migrator: DatabaseMigrator { migrator { _, _ in } }

  /// - Parameter progress: told of how many scorings the sums have been made, and of how many there are.
  static func migrator(progress: @escaping @Sendable (Int, Int) -> Void) -> DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1: models, bundles, utterances, failures, daemon") { database in
      try createNames(database)
      try createBundles(database)
      try createUtterances(database)
      try createOperations(database)
      try database.execute(sql: "PRAGMA user_version = 1")
    }
    migrator.registerMigration("2: probes, the daemon's activity") { database in
      try createProbes(database)
      try extendOperations(database)
      try database.execute(sql: "PRAGMA user_version = 2")
    }
    migrator.registerMigration("3: training labels of models") { database in
      // JSON array of counts in class order; empty where the model does not say.
      try database.execute(sql: "ALTER TABLE model ADD COLUMN training_labels TEXT")
      try database.execute(sql: "PRAGMA user_version = 3")
    }
    migrator.registerMigration("4: words") { database in
      try createWords(database)
      try database.execute(sql: "PRAGMA user_version = 4")
    }
    migrator.registerMigration("5: doubt") { database in
      try addDoubt(database)
      try database.execute(sql: "PRAGMA user_version = 5")
    }
    migrator.registerMigration("6: unknown words, bundles by label file") { database in
      try database.execute(
        sql: """
          ALTER TABLE bundle ADD COLUMN unknown_words REAL;   -- share of word pieces; empty where no encoder read words
          CREATE INDEX bundle_label_file ON bundle (label_file);
          PRAGMA user_version = 6;
          """)
    }
    migrator.registerMigration("7: corrections", foreignKeyChecks: .immediate) { database in
      try CorrectionTables.create(database)
      try database.execute(sql: "PRAGMA user_version = 7")
    }
    // No row refers to anything new: a look at every reference of ten million rows would take longer than the sums.
    migrator.registerMigration("8: sums", foreignKeyChecks: .immediate) { database in
      try SumTables.create(database)
      try SumTables.fillCounts(database, progress: progress)
      try SumTables.createTriggers(database)
      try database.execute(sql: "PRAGMA user_version = 8")
    }
    migrator.registerMigration("9: lengths, ranges of confidence", foreignKeyChecks: .immediate) { database in
      try addLengths(database)
      try ConfidenceRanges.create(database)
      try ConfidenceRanges.fill(database)
      try database.execute(sql: "PRAGMA user_version = 9")
    }
    return migrator
  }

  /// The longest dialogues stand first in an index of their own, those of one length in the order of their numbers.
  private static func addLengths(_ database: Database) throws {
    try database.execute(
      sql: """
        ALTER TABLE dialogue ADD COLUMN utterances INTEGER NOT NULL DEFAULT 0;
        UPDATE dialogue SET utterances = (
          SELECT count(*) FROM utterance u INDEXED BY utterance_turn WHERE u.dialogue = dialogue.id);
        CREATE INDEX dialogue_longest ON dialogue (utterances DESC);
        """)
  }

  /// Of models that promise nothing, and of scorings from before there was doubt, these are empty.
  private static func addDoubt(_ database: Database) throws {
    try database.execute(
      sql: """
        ALTER TABLE model ADD COLUMN promise TEXT;          -- JSON: risk, coverage
        ALTER TABLE utterance ADD COLUMN uncertain INTEGER; -- 1 where the label is less sure than the model's limit
        ALTER TABLE utterance ADD COLUMN label_set INTEGER; -- bit k: class k of the model is in the label's set
        """)
  }

  /// The words of utterances, searchable, under the utterance's number; only of bundles that tell them and may be kept.
  private static func createWords(_ database: Database) throws {
    try database.execute(
      sql: """
        CREATE VIRTUAL TABLE words USING fts5 (text, tokenize = 'unicode61 remove_diacritics 2');
        ALTER TABLE bundle ADD COLUMN worded INTEGER NOT NULL DEFAULT 0;    -- 1 where the table above has rows of it
        """)
  }

  private static func createNames(_ database: Database) throws {
    try database.execute(
      sql: """
        CREATE TABLE model (
          id INTEGER PRIMARY KEY,
          digest TEXT NOT NULL UNIQUE,
          name TEXT NOT NULL,
          emotions TEXT NOT NULL              -- JSON array of class names, in class order
        );
        CREATE TABLE emotion (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
        CREATE TABLE speaker (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
        """)
  }

  /// One row per bundle and model; of the rows with one digest exactly one is current.
  private static func createBundles(_ database: Database) throws {
    try database.execute(
      sql: """
        CREATE TABLE bundle (
          id INTEGER PRIMARY KEY,
          digest TEXT NOT NULL,
          model INTEGER NOT NULL REFERENCES model,
          current INTEGER NOT NULL,           -- 0 once another model has scored the same bytes
          name TEXT NOT NULL,                 -- the file's name
          title TEXT NOT NULL,                -- the name, told apart from other bytes of the same name
          arrived INTEGER NOT NULL,
          scored INTEGER NOT NULL,
          seconds REAL NOT NULL,
          byte_count INTEGER NOT NULL,
          label_file TEXT NOT NULL,
          dialogues INTEGER NOT NULL,
          utterances INTEGER NOT NULL,
          labelled INTEGER NOT NULL,          -- utterances whose true emotion is known
          UNIQUE (digest, model)
        );
        CREATE UNIQUE INDEX bundle_current ON bundle (digest) WHERE current;
        CREATE INDEX bundle_scored ON bundle (scored);
        CREATE INDEX bundle_name ON bundle (name);
        CREATE INDEX bundle_title ON bundle (title);
        CREATE TABLE alias (                  -- further names under which the same bytes arrived
          digest TEXT NOT NULL,
          name TEXT NOT NULL,
          PRIMARY KEY (digest, name)
        ) WITHOUT ROWID;
        CREATE INDEX alias_name ON alias (name);
        """)
  }

  private static func createUtterances(_ database: Database) throws {
    try database.execute(
      sql: """
        CREATE TABLE dialogue (
          id INTEGER PRIMARY KEY,
          bundle INTEGER NOT NULL REFERENCES bundle,
          name TEXT NOT NULL,
          UNIQUE (bundle, name)
        );
        CREATE INDEX dialogue_name ON dialogue (name);
        CREATE TABLE utterance (
          id INTEGER PRIMARY KEY,             -- ascending in bundle order
          bundle INTEGER NOT NULL REFERENCES bundle,
          dialogue INTEGER NOT NULL REFERENCES dialogue,
          turn INTEGER NOT NULL,
          name TEXT NOT NULL,                 -- the utterance id
          speaker INTEGER NOT NULL REFERENCES speaker,
          emotion INTEGER NOT NULL REFERENCES emotion,
          truth INTEGER REFERENCES emotion,
          confidence REAL NOT NULL,
          starts REAL,                        -- seconds from the start of the recording
          ends REAL,
          text_share REAL,
          visual_share REAL,
          audio_share REAL,
          margin REAL,
          stability REAL,
          probabilities BLOB NOT NULL,
          text_logits BLOB,
          visual_logits BLOB,
          audio_logits BLOB
        );
        CREATE UNIQUE INDEX utterance_turn ON utterance (dialogue, turn);
        CREATE INDEX utterance_bundle ON utterance (bundle);
        -- In bundle order within a bundle, so that a listing needs no sorting; what counts ask for is in there, too.
        CREATE INDEX utterance_emotion ON utterance (emotion, bundle, id, confidence);
        CREATE INDEX utterance_speaker ON utterance (speaker, bundle, id, emotion);
        """)
  }

  private static func createOperations(_ database: Database) throws {
    try database.execute(
      sql: """
        CREATE TABLE failure (
          id INTEGER PRIMARY KEY,
          name TEXT NOT NULL,
          digest TEXT,
          state TEXT NOT NULL,                -- 'failed' or 'deferred'
          time INTEGER NOT NULL,
          explanation TEXT NOT NULL,          -- JSON: kind, what, location, found, expected, remedy
          resolved INTEGER NOT NULL DEFAULT 0
        );
        CREATE INDEX failure_name ON failure (name);
        CREATE TABLE daemon (
          id INTEGER PRIMARY KEY CHECK (id = 1),
          process INTEGER NOT NULL,
          host TEXT NOT NULL,
          started INTEGER NOT NULL,
          beat INTEGER NOT NULL,
          stopped INTEGER,
          model_name TEXT NOT NULL,
          model_digest TEXT NOT NULL,
          spool TEXT NOT NULL,
          version TEXT NOT NULL
        );
        """)
  }

  /// A bundle without a row was never to be probed: it was scored with probing switched off, or before there were any.
  ///
  /// What an earlier plan found stays until a new plan's probe is done: the statistics say themselves which plan made them.
  private static func createProbes(_ database: Database) throws {
    try database.execute(
      sql: """
        CREATE TABLE probe (
          bundle INTEGER PRIMARY KEY REFERENCES bundle,
          state TEXT NOT NULL,                -- 'pending', 'done' or 'skipped'
          plan TEXT NOT NULL,                 -- the plan asked for, as JSON
          file TEXT NOT NULL,                 -- where the bundle's bytes lie, relative to the spool
          reason TEXT,                        -- why it was skipped
          time INTEGER NOT NULL,              -- when it got into its state
          seconds REAL,                       -- what the probe took
          statistics BLOB                     -- ProbeStatistics in its stored form
        );
        CREATE INDEX probe_pending ON probe (bundle) WHERE state = 'pending';
        -- Kept per dialogue, so that means over whole bundles need not read every utterance.
        ALTER TABLE dialogue ADD COLUMN stability REAL;   -- mean over the utterances that have one
        ALTER TABLE dialogue ADD COLUMN probed INTEGER;   -- how many those are
        """)
  }

  private static func extendOperations(_ database: Database) throws {
    try database.execute(
      sql: """
        ALTER TABLE daemon ADD COLUMN activity TEXT NOT NULL DEFAULT '';
        ALTER TABLE daemon ADD COLUMN waiting INTEGER NOT NULL DEFAULT 0;
        """)
  }
}

/// What SQLite's file header says of a file's origin.
enum IndexHeader {
  /// No tables yet, or not all of them: ambd was ended while it made the file.
  case empty
  case ours(version: Int)
  case newer(version: Int)
  case foreign(found: String)

  static func read(_ database: Database) throws -> IndexHeader {
    let application = try Int.fetchOne(database, sql: "PRAGMA application_id") ?? 0
    let version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
    if application == IndexSchema.applicationID {
      if version == 0 { return .empty }
      return version > IndexSchema.version ? .newer(version: version) : .ours(version: version)
    }
    let tables = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_master") ?? 0
    if application == 0 && tables == 0 { return .empty }
    return .foreign(found: application == 0 ? "an SQLite file without ambq's mark" : "another program's SQLite file")
  }
}
