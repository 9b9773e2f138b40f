import GRDB

/// What people have corrected, every word of it, and what of it counts.
///
/// `utterance.truth` is the true emotion by the one rule that `Correction` states; `correction` then says whose it is, and
/// `given` what the bundle itself had said.
enum CorrectionTables {
  static func create(_ database: Database) throws {
    try database.execute(
      sql: """
        CREATE TABLE correction (
          id INTEGER PRIMARY KEY,
          digest TEXT NOT NULL,               -- of the bundle, which need not be there
          dialogue TEXT NOT NULL,
          utterance TEXT NOT NULL,
          emotion INTEGER REFERENCES emotion, -- empty: earlier ones are withdrawn
          person TEXT NOT NULL,
          time INTEGER NOT NULL,              -- when the person said so
          account TEXT NOT NULL,
          taken INTEGER NOT NULL,             -- when the daemon took it
          file TEXT NOT NULL,                 -- its record in the spool's corrections
          line INTEGER NOT NULL,
          UNIQUE (file, line)
        );
        CREATE INDEX correction_target ON correction (digest, dialogue, utterance);
        CREATE INDEX correction_taken ON correction (taken);
        ALTER TABLE utterance ADD COLUMN correction INTEGER REFERENCES correction;
        ALTER TABLE utterance ADD COLUMN given INTEGER REFERENCES emotion; -- means something beside a correction only
        """)
  }
}
