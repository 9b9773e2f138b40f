import AmbqConfiguration
import Foundation
import Presentation
import ResultIndex

/// Says why nothing was found, as far as that is cheap to know.
public struct EmptyResult {
  private let reader: IndexReader
  private let now: Date
  private let period: String?

  /// Explains what an index did not find.
  ///
  /// - Parameters:
  ///   - now: what lies behind it is the future.
  ///   - period: what the period is called where no options of its own set it.
  public init(_ reader: IndexReader, now: Date = Date(), period: String? = nil) {
    self.reader = reader
    self.now = now
    self.period = period
  }

  /// Why a list of utterances is empty.
  ///
  /// - Throws: `IndexError`.
  public func explanation(of query: UtteranceQuery) throws -> String {
    if query.offset > 0 {
      let count = try reader.count(query)
      if count > 0 { return "nothing left: \(NumberText.count(count, "utterance")) match, and --offset skips them all" }
    }
    if query.limit == 0 { return "nothing asked for: --limit is 0" }
    if try reader.totals().bundles == 0 { return Self.noBundle }
    if let future = Self.future(query.since, now: now) { return future }
    if let unknown = try unknownName(query) { return "nothing found: \(unknown)" }
    let asksForStability = query.stabilityBelow != nil || query.maximumStability != nil
    if try asksForStability && reader.probeCounts().done == 0 { return "nothing found: no bundle has been probed yet" }
    let asksForDoubt = query.isUncertain != nil || !query.setEmotions.isEmpty
    if try asksForDoubt && reader.doubtComparisons(UtteranceQuery()).isEmpty {
      return "nothing found: no model that scored here says when it is uncertain"
    }
    let alone = try decisiveFilters(query)
    switch alone.count {
    case 0: return "nothing found: no utterance passes all filters, nor all but one of them"
    case 1: return "nothing found: without \(alone[0]) there would be some"
    default: return "nothing found: without any one of \(alone.joined(separator: ", ")) there would be some"
    }
  }

  /// Why a list of bundles is empty.
  ///
  /// - Throws: `IndexError`.
  ///
  /// - Parameter since: the first moment of the period asked for.
  public func explanationOfNoBundles(since: Date? = nil) throws -> String {
    if try reader.totals().bundles == 0 { return Self.noBundle }
    return Self.future(since, now: now) ?? "nothing found: no bundle passes all filters"
  }

  /// That nothing can have been scored yet; nil where the period has begun.
  static func future(_ since: Date?, now: Date) -> String? {
    guard let since, since > now else { return nil }
    return "nothing found: --since lies in the future, on \(TimeText.moment(since, .local))"
  }

  private static let noBundle = "nothing found: the index holds no scored bundle yet"

  /// A name that the index does not hold at all, with the one that may have been meant.
  private func unknownName(_ query: UtteranceQuery) throws -> String? {
    let names: [(IndexReader.NameKind, [String])] = [
      (.dialogue, query.dialogues), (.speaker, query.speakers), (.bundle, query.bundles), (.model, query.models),
    ]
    for (kind, asked) in names {
      // Of several names one that exists is enough.
      guard let first = asked.first, try !asked.contains(where: { try reader.hasName($0, kind) }) else { continue }
      let meant = try reader.nearest(to: first, kind).map { "; did you mean '\($0)'?" } ?? ""
      return "no \(kind.rawValue) is called '\(first)'\(meant)"
    }
    return nil
  }

  /// The filters each of which alone keeps everything out.
  private func decisiveFilters(_ query: UtteranceQuery) throws -> [String] {
    var decisive: [String] = []
    func attempt(_ option: String, _ isUsed: Bool, _ lift: (inout UtteranceQuery) -> Void) throws {
      guard isUsed else { return }
      var wider = query
      lift(&wider)
      if try reader.hasUtterances(wider) { decisive.append(option) }
    }
    try attempt("--emotion", !query.emotions.isEmpty) { $0.emotions = [] }
    try attempt("--not-emotion", !query.excludedEmotions.isEmpty) { $0.excludedEmotions = [] }
    try attempt("--text", query.words != nil) { $0.words = nil }
    try attempt("--speaker", !query.speakers.isEmpty) { $0.speakers = [] }
    try attempt("--dialogue", !query.dialogues.isEmpty) { $0.dialogues = [] }
    try attempt("--bundle", !query.bundles.isEmpty) { $0.bundles = [] }
    try attempt("--model", !query.models.isEmpty) { $0.models = [] }
    if let period {
      try attempt(period, true) { ($0.since, $0.until) = (nil, nil) }
    } else {
      try attempt("--since", query.since != nil) { $0.since = nil }
      try attempt("--until", query.until != nil) { $0.until = nil }
    }
    try attempt("--min-confidence", query.minimumConfidence != nil) { $0.minimumConfidence = nil }
    try attempt("--max-confidence", query.maximumConfidence != nil) { $0.maximumConfidence = nil }
    try attempt("--unstable", query.stabilityBelow != nil) { $0.stabilityBelow = nil }
    try attempt("--max-stability", query.maximumStability != nil) { $0.maximumStability = nil }
    try attempt(query.isUncertain == true ? "--uncertain" : "--certain", query.isUncertain != nil) {
      $0.isUncertain = nil
    }
    try attempt("--in-set", !query.setEmotions.isEmpty) { $0.setEmotions = [] }
    return decisive
  }
}
