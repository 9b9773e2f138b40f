import DialogueDomain
import Foundation
import Presentation
import ResultIndex

/// A line of `ambq bundles`: a scoring or a failure.
struct BundleEntry {
  enum State: String, CaseIterable {
    case scored
    case superseded
    case deferred
    case failed
  }

  let state: State
  let name: String
  let title: String
  let digest: String?
  /// When it was scored, or failed.
  let time: Date
  /// Nil where it failed.
  let bundle: IndexedBundle?
  /// Nil where no probe was asked for.
  let probe: ProbeState?
  let probeReason: String?
  /// Nil where it was scored.
  let failure: Explanation?

  init(_ bundle: IndexedBundle, _ probe: (state: ProbeState, reason: String?)?) {
    state = bundle.isCurrent ? .scored : .superseded
    name = bundle.name
    title = bundle.title
    digest = bundle.digest
    time = bundle.scored
    self.bundle = bundle
    self.probe = probe?.state
    probeReason = probe?.reason
    failure = nil
  }

  init(_ failure: FailureRecord) {
    state = failure.state == .failed ? .failed : .deferred
    name = failure.name
    title = name
    digest = failure.digest
    time = failure.time
    bundle = nil
    probe = nil
    probeReason = nil
    self.failure = failure.explanation
  }

  /// Entries in order; the index has sorted the scorings alone.
  static func sorted(_ entries: [BundleEntry], by field: BundleQuery.Field, descending: Bool) -> [BundleEntry] {
    let numbered = entries.enumerated().sorted { left, right in
      let isBefore: Bool?
      switch field {
      case .time: isBefore = order(left.element.time, right.element.time)
      case .name: isBefore = order(left.element.title, right.element.title)
      case .utterances: isBefore = order(left.element.bundle?.utterances ?? 0, right.element.bundle?.utterances ?? 0)
      case .seconds: isBefore = order(left.element.bundle?.seconds ?? 0, right.element.bundle?.seconds ?? 0)
      }
      guard let isBefore else { return left.offset < right.offset }
      return isBefore != descending
    }
    return numbered.map(\.element)
  }

  /// Nil where the two are equal.
  private static func order<Value: Comparable>(_ left: Value, _ right: Value) -> Bool? {
    left == right ? nil : left < right
  }
}

/// The list of `ambq bundles`: what has been scored, and what could not be.
public struct BundleListing {
  /// File names or the beginnings of digests, as typed.
  public var bundles: [String] = []
  /// Names or the beginnings of digests, as typed.
  public var models: [String] = []
  /// `scored`, `superseded`, `deferred`, `failed`, as typed; empty for all.
  public var states: [String] = []
  /// With scorings that another model's scoring of the same bytes has superseded.
  public var allModels = false
  /// A field's name as typed, `-` before it for descending.
  public var sort = "time"
  /// At most so many; nil: all.
  public var limit: Int?
  /// Only bundles that hold an utterance which this finds; nil: all.
  public var utterances: UtteranceQuery?

  /// Every current bundle.
  public init() {}

  /// Writes the bundles in the console's format.
  ///
  /// - Returns: how many there were.
  /// - Throws: `QueryError` for a state or a field that is none, `IndexError`, `OutputError`.
  public func write(_ period: QueryPeriod, _ reader: IndexReader, on console: ResultConsole) throws -> Int {
    let entries = try entries(period, reader)
    if console.printsNames {
      for entry in entries { try console.name(entry.name) }
    } else if !console.drawsTable {
      try Self.columns.write(entries, on: console)
    } else if !entries.isEmpty {
      try draw(entries, on: console)
    }
    return entries.count
  }

  /// Writes which fields bundles have.
  ///
  /// - Throws: `OutputError`.
  public static func listFields(on console: ResultConsole) throws { try columns.list(on: console) }

  func entries(_ period: QueryPeriod, _ reader: IndexReader) throws -> [BundleEntry] {
    let states = try NameList.split(states).map(Self.state)
    let order = try SortTerm<BundleQuery.Field>(sort)
    var query = BundleQuery()
    query.bundles = NameList.split(bundles)
    query.models = NameList.split(models)
    (query.since, query.until) = (period.since, period.until)
    query.allModels = allModels || states.contains(.superseded)
    // A failure has neither a model nor utterances.
    let failures = query.models.isEmpty && utterances == nil ? try reader.failures(FailureQuery(query)) : []
    let probes = try reader.probeStates()
    var entries = try reader.bundles(query).map { BundleEntry($0, probes[$0.id]) } + failures.map(BundleEntry.init)
    if var utterances {
      utterances.allModels = query.allModels
      let holding = try reader.bundles(holding: utterances)
      entries.removeAll { $0.bundle.map { !holding.contains($0.id) } ?? true }
    }
    if !states.isEmpty { entries.removeAll { !states.contains($0.state) } }
    entries = BundleEntry.sorted(entries, by: order.field, descending: order.descending)
    return limit.map { Array(entries.prefix($0)) } ?? entries
  }

  private static func state(_ text: String) throws -> BundleEntry.State {
    guard let state = BundleEntry.State(rawValue: text.lowercased()) else {
      throw QueryError(
        usage: "--state knows no state '\(text)'",
        expected: BundleEntry.State.allCases.map(\.rawValue).joined(separator: ", "))
    }
    return state
  }

  /// The keys that ambq(1) lists.
  static var columns: RecordColumns<BundleEntry> {
    RecordColumns([
      .text("bundle") { $0.name }, .text("bundle_title", onlyJSON: true) { $0.title },
      .text("bundle_digest") { $0.digest }, .text("state") { $0.state.rawValue },
      .text("time") { TimeText.iso($0.time) }, .text("model") { $0.bundle?.modelName },
      .text("model_digest") { $0.bundle?.modelDigest }, .integer("utterances") { $0.bundle?.utterances },
      .integer("dialogues") { $0.bundle?.dialogues }, .integer("labelled") { $0.bundle?.labelled },
      .text("arrived") { $0.bundle.map { TimeText.iso($0.arrived) } }, .number("seconds") { $0.bundle?.seconds },
      .integer("bytes") { $0.bundle?.byteCount }, .text("label_file") { $0.bundle?.labelFile },
      .number("unknown_words") { $0.bundle?.unknownWords },
      .text("probe") { $0.probe?.rawValue }, .text("probe_reason") { $0.probeReason },
      .text("reason") { $0.failure?.message },
    ])
  }

  private func draw(_ entries: [BundleEntry], on console: ResultConsole) throws {
    var columns = [
      Table.Column("BUNDLE", shrinksTo: 12), Table.Column("STATE"), Table.Column("UTTERANCES", .right),
      Table.Column("DIALOGUES", .right, droppable: 2), Table.Column("MODEL", shrinksTo: 8, droppable: 3),
      Table.Column("TIME"), Table.Column("SECONDS", .right, droppable: 4),
    ]
    let hasProbes = entries.contains { $0.probe != nil }
    if hasProbes { columns.append(Table.Column("PROBE")) }
    let hasFailures = entries.contains { $0.failure != nil }
    if hasFailures { columns.append(Table.Column("REASON", shrinksTo: 16)) }
    let rows = entries.map { entry in
      let bundle = entry.bundle
      var cells = [
        Table.Cell(entry.title), Table.Cell(entry.state.rawValue, style(entry.state)),
        Table.Cell(bundle.map { NumberText.count($0.utterances) } ?? ""),
        Table.Cell(bundle.map { NumberText.count($0.dialogues) } ?? ""), Table.Cell(bundle?.modelName ?? "", .faint),
        Table.Cell(TimeText.local(entry.time), .faint),
        Table.Cell(bundle.map { NumberText.decimal($0.seconds) } ?? "", .faint),
      ]
      if hasProbes { cells.append(Table.Cell(entry.probe?.rawValue ?? "", .faint)) }
      return hasFailures ? cells + [Table.Cell(entry.failure?.what ?? "")] : cells
    }
    try console.print(columns, rows)
    if entries.contains(where: { $0.state == .failed }) {
      try console.line()
      try console.line(console.styled("'ambq errors' tells how to mend what failed.", .faint))
    }
  }

  private func style(_ state: BundleEntry.State) -> Style {
    switch state {
    case .scored: Style(.green)
    case .superseded: .faint
    case .deferred: Style(.yellow)
    case .failed: Style(.red, bold: true)
    }
  }
}
