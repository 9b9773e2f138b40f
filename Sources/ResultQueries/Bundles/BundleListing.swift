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

  init(_ bundle: IndexedBundle, _ probe: ProbeState?, _ reason: String?) {
    state = bundle.isCurrent ? .scored : .superseded
    name = bundle.name
    title = bundle.title
    digest = bundle.digest
    time = bundle.scored
    self.bundle = bundle
    self.probe = probe
    probeReason = reason
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

  /// Whether an entry comes before another in an order; nil where it is the same to it.
  func comes(before other: BundleEntry, by field: BundleQuery.Field, descending: Bool) -> Bool? {
    let isLess: Bool? =
      switch field {
      case .time: Self.order(time, other.time)
      case .name: Self.order(title, other.title)
      case .utterances: Self.order(bundle?.utterances ?? 0, other.bundle?.utterances ?? 0)
      case .seconds: Self.order(bundle?.seconds ?? 0, other.bundle?.seconds ?? 0)
      }
    return isLess.map { $0 != descending }
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

  /// Writes the bundles in the console's format, one after the other.
  ///
  /// - Returns: how many there were.
  /// - Throws: `QueryError` for a state or a field that is none, `IndexError`, `OutputError`.
  public func write(_ period: QueryPeriod, _ reader: IndexReader, on console: ResultConsole) throws -> Int {
    var found = 0
    func each(_ body: (BundleEntry) throws -> Void) throws {
      try forEach(period, reader) { entry in
        found += 1
        try body(entry)
      }
    }
    if console.printsNames {
      try each { try console.name($0.name) }
    } else if console.drawsTable {
      var table = BundleTable(console)
      try each { try table.append($0) }
      try table.finish()
    } else {
      var writer = try RecordWriter(Self.columns, console)
      try each { try writer.append($0) }
      try writer.finish()
    }
    return found
  }

  /// Writes which fields bundles have.
  ///
  /// - Throws: `OutputError`.
  public static func listFields(on console: ResultConsole) throws { try columns.list(on: console) }

  func entries(_ period: QueryPeriod, _ reader: IndexReader) throws -> [BundleEntry] {
    var entries: [BundleEntry] = []
    try forEach(period, reader) { entries.append($0) }
    return entries
  }

  /// The scorings in the index's order, with the failures where they belong.
  private func forEach(_ period: QueryPeriod, _ reader: IndexReader, _ body: (BundleEntry) throws -> Void) throws {
    let states = try NameList.split(states).map(Self.state)
    let order = try SortTerm<BundleQuery.Field>(sort)
    var query = BundleQuery()
    query.bundles = NameList.split(bundles)
    query.models = NameList.split(models)
    (query.since, query.until) = (period.since, period.until)
    query.allModels = allModels || states.contains(.superseded)
    (query.field, query.descending) = (order.field, order.descending)
    // Which bundles hold one is known only when they are read.
    query.limit = utterances == nil ? limit : nil
    let holding = try utterances.map { utterances in
      var utterances = utterances
      utterances.allModels = query.allModels
      return try reader.bundles(holding: utterances)
    }
    query.keepsTimeAmongEquals = true
    // A failure has neither a model nor utterances.
    let failures =
      query.models.isEmpty && holding == nil ? try reader.failures(FailureQuery(query)).map(BundleEntry.init) : []
    let others = failures.filter { states.isEmpty || states.contains($0.state) }.enumerated().sorted { left, right in
      left.element.comes(before: right.element, by: order.field, descending: order.descending)
        ?? (left.offset < right.offset)
    }.map(\.element)
    var (next, count) = (0, 0)
    func hand(_ entry: BundleEntry) throws {
      guard count < limit ?? .max else { return }
      count += 1
      try body(entry)
    }
    let kinds = states.isEmpty ? [BundleEntry.State.scored, .superseded] : states
    if kinds.contains(.scored) || kinds.contains(.superseded) {
      if !(kinds.contains(.scored) && kinds.contains(.superseded)) { query.isCurrent = kinds.contains(.scored) }
      try reader.forEachBundle(query) { bundle, probe, reason in
        if let holding, !holding.contains(bundle.id) { return }
        let entry = BundleEntry(bundle, probe, reason)
        while next < others.count,
          others[next].comes(before: entry, by: order.field, descending: order.descending) == true
        {
          try hand(others[next])
          next += 1
        }
        try hand(entry)
      }
    }
    for entry in others[next...] { try hand(entry) }
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
      .time("time") { $0.time }, .text("model") { $0.bundle?.modelName },
      .text("model_digest") { $0.bundle?.modelDigest }, .integer("utterances") { $0.bundle?.utterances },
      .integer("dialogues") { $0.bundle?.dialogues }, .integer("labelled") { $0.bundle?.labelled },
      .time("arrived") { $0.bundle?.arrived }, .number("seconds") { $0.bundle?.seconds },
      .integer("bytes") { $0.bundle?.byteCount }, .text("label_file") { $0.bundle?.labelFile },
      .number("unknown_words") { $0.bundle?.unknownWords },
      .text("probe") { $0.probe?.rawValue }, .text("probe_reason") { $0.probeReason },
      .text("reason") { $0.failure?.message },
    ])
  }
}
