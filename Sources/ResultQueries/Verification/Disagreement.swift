import DialogueDomain
import Presentation
import ResultIndex

/// Something in a spool that does not agree with its index.
struct Disagreement: Error {
  /// What is the matter with a file.
  enum Problem: String {
    /// It is not where the index says.
    case missing
    /// It is there and holds something else.
    case changed
    /// The index knows nothing of it.
    case unknown
    /// It cannot be read.
    case unreadable
  }

  /// What the file is.
  enum Artefact: String {
    case bundle
    case labels
    case corrections
    /// The index itself: its sums against its rows.
    case index
  }

  let problem: Problem
  let artefact: Artefact
  /// Relative to the spool.
  let file: String
  /// The bundle that the index has there; nil where it has none.
  var bundle: String?
  var digest: String?
  let what: String
  var found: String?
  var expected: String?

  init(
    _ problem: Problem, _ artefact: Artefact, _ file: String, of bundle: IndexedBundle? = nil, _ what: String,
    found: String? = nil, expected: String? = nil
  ) {
    self.problem = problem
    self.artefact = artefact
    self.file = file
    self.bundle = bundle?.name
    digest = bundle?.digest
    self.what = what
    self.found = found
    self.expected = expected
  }

  /// What cannot be read, by the error that says why.
  init(_ artefact: Artefact, _ file: String, of bundle: IndexedBundle? = nil, unreadable error: any ExplainedError) {
    self.init(.unreadable, artefact, file, of: bundle, error.explanation.what)
  }

  /// The keys that ambq(1) lists.
  static var columns: RecordColumns<Disagreement> {
    RecordColumns([
      .text("problem") { $0.problem.rawValue }, .text("artefact") { $0.artefact.rawValue }, .text("file") { $0.file },
      .text("bundle") { $0.bundle }, .text("bundle_digest") { $0.digest }, .text("what") { $0.what },
      .text("found") { $0.found }, .text("expected") { $0.expected },
    ])
  }
}

/// Writes what does not agree, one after the other, in the console's format.
struct DisagreementWriter {
  private enum Form {
    case table(SampledTable)
    case records(RecordWriter<Disagreement>)
  }

  private var form: Form

  /// - Throws: `QueryError` for fields that there are none of.
  init(_ console: ResultConsole) throws {
    form =
      console.drawsTable
      ? .table(
        SampledTable(
          console,
          [
            Table.Column("PROBLEM"), Table.Column("FILE", shrinksTo: 16), Table.Column("WHAT", shrinksTo: 20),
            Table.Column("FOUND", shrinksTo: 8, droppable: 2), Table.Column("EXPECTED", shrinksTo: 8, droppable: 1),
          ])) : .records(try RecordWriter(Disagreement.columns, console))
  }

  mutating func append(_ disagreement: Disagreement) throws {
    switch form {
    case .table(var table):
      let style = Style(disagreement.problem == .unknown ? .yellow : .red)
      try table.append([
        Table.Cell(disagreement.problem.rawValue, style), Table.Cell(disagreement.file), Table.Cell(disagreement.what),
        Table.Cell(disagreement.found ?? ""), Table.Cell(disagreement.expected ?? ""),
      ])
      form = .table(table)
    case .records(var records):
      try records.append(disagreement)
      form = .records(records)
    }
  }

  /// Must be called after the last one, also where there was none.
  mutating func finish() throws {
    switch form {
    case .table(var table): try table.finish()
    case .records(var records): try records.finish()
    }
  }
}
