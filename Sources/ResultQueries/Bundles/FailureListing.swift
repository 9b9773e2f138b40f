import AmbqConfiguration
import Foundation
import Presentation
import ResultIndex

/// A failure with the file it is about and the way back into the queue.
struct FailureEntry {
  let failure: FailureRecord
  /// Where the bundle lies now; nil where it is gone, or where the spool is not known.
  let file: URL?
  /// The shell command that has the bundle scored again; nil where there is nothing to do, or nothing to be done by hand.
  let requeue: String?

  init(_ failure: FailureRecord, spool: SpoolLayout?) {
    self.failure = failure
    let folder = failure.state == .failed ? spool?.failed : spool?.deferred
    let file = folder?.appendingPathComponent(failure.name)
    let isThere = file.map { FileManager.default.fileExists(atPath: $0.path) } ?? false
    self.file = isThere ? file : nil
    if isThere, !failure.isResolved, failure.state == .failed, let file, let spool {
      requeue = "mv \(ShellText.quoted(file.path)) \(ShellText.quoted(spool.incoming.path + "/"))"
    } else {
      requeue = nil
    }
  }
}

/// The list of `ambq errors`: what could not be scored, why, and how to go on.
public struct FailureListing {
  /// File names, as typed.
  public var bundles: [String] = []
  /// With failures that are settled.
  public var includesResolved = false
  /// At most so many; nil: all.
  public var limit: Int?

  /// Every failure.
  public init() {}

  /// Writes the failures in the console's format.
  ///
  /// - Returns: how many there were.
  /// - Throws: `IndexError`, `OutputError`.
  public func write(
    _ period: QueryPeriod, _ reader: IndexReader, at location: ResultLocation, on console: ResultConsole
  ) throws -> Int {
    var query = FailureQuery()
    query.names = NameList.split(bundles)
    (query.since, query.until) = (period.since, period.until)
    query.includesResolved = includesResolved
    let spool = try location.spool ?? reader.heartbeat().map { SpoolLayout(root: URL(fileURLWithPath: $0.spool)) }
    let entries = try reader.failures(query).prefix(limit ?? .max).map { FailureEntry($0, spool: spool) }
    if console.printsNames {
      for entry in entries { if let file = entry.file { try console.name(file.path) } }
    } else if console.drawsTable {
      try Self.draw(entries, on: console)
    } else {
      try Self.columns.write(entries, on: console)
    }
    return entries.count
  }

  /// Writes which fields failures have.
  ///
  /// - Throws: `OutputError`.
  public static func listFields(on console: ResultConsole) throws { try columns.list(on: console) }

  /// What to tell the user where there is none.
  ///
  /// - Parameter period: the period asked for.
  public func explanationOfNone(in period: QueryPeriod, now: Date = Date()) -> String {
    if let future = EmptyResult.future(period.since, now: now) { return future }
    return bundles.isEmpty ? "no bundle waits for mending" : "nothing found: no such bundle waits for mending"
  }

  /// The keys that ambq(1) lists.
  static var columns: RecordColumns<FailureEntry> {
    RecordColumns([
      .text("bundle") { $0.failure.name }, .text("bundle_digest") { $0.failure.digest },
      .text("state") { $0.failure.state.rawValue }, .flag("resolved") { $0.failure.isResolved },
      .time("time") { $0.failure.time }, .text("kind") { $0.failure.explanation.kind.rawValue },
      .text("what") { $0.failure.explanation.what }, .text("location") { $0.failure.explanation.location },
      .text("found") { $0.failure.explanation.found }, .text("expected") { $0.failure.explanation.expected },
      .text("remedy") { $0.failure.explanation.remedy }, .text("file") { $0.file?.path },
      .text("requeue") { $0.requeue },
    ])
  }

  /// A paragraph each: a table would cut the very words that help.
  private static func draw(_ entries: [FailureEntry], on console: ResultConsole) throws {
    func fact(_ label: String, _ text: String, isCommand: Bool = false) throws {
      try console.fact(label, .faint, width: 10, indent: 2, isCommand: isCommand, TextWidth.visible(text))
    }
    for (position, entry) in entries.enumerated() {
      if position > 0 { try console.line() }
      let failure = entry.failure
      let explanation = failure.explanation
      let state = failure.isResolved ? "settled" : failure.state.rawValue
      let style = failure.isResolved ? Style.faint : Style(failure.state == .failed ? .red : .yellow, bold: true)
      let time = TimeText.local(failure.time)
      let name = TextWidth.cut(
        TextWidth.visible(failure.name), to: max(console.width - state.count - time.count - 4, 10))
      try console.line(
        "\(console.styled(name, .bold))  \(console.styled(state, style))  \(console.styled(time, .faint))")
      try fact("", explanation.what)
      if let location = explanation.location, location != failure.name { try fact("at", location) }
      if let found = explanation.found { try fact("found", found) }
      if let expected = explanation.expected { try fact("expected", expected) }
      if let remedy = explanation.remedy { try fact("to do", remedy) }
      if let next = next(entry) { try fact(next.label, next.text, isCommand: entry.requeue != nil) }
    }
  }

  private static func next(_ entry: FailureEntry) -> (label: String, text: String)? {
    if entry.failure.isResolved { return nil }
    if entry.failure.state == .deferred { return ("then", "ambd tries again by itself") }
    if let requeue = entry.requeue { return ("requeue", requeue) }
    return ("file", "no longer in failed/")
  }
}
