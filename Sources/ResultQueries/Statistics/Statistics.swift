import EvaluationStatistics
import Foundation
import Presentation
import ResultIndex

/// The counts that `ambq stats` prints.
public struct Statistics {
  struct Emotion {
    let name: String
    let count: Int
    let share: Double
    let meanConfidence: Double
  }

  /// Utterances that match.
  public let utterances: Int
  let meanConfidence: Double
  /// Most frequent first, then those that never occur.
  let emotions: [Emotion]
  /// How many bundles they are in.
  let bundles: Int
  /// When the first and the last of the bundles were scored.
  let period: (first: Date, last: Date)?
  /// Labels compared with the bundles' own.
  let truth: TruthComparison
  /// What the models promise of their doubt and what they kept; of those that promise anything.
  let doubt: DoubtComparison
  /// Over the utterances that have one; nil where none has.
  let stability: (mean: Double, utterances: Int)?

  private let reader: IndexReader
  private let query: UtteranceQuery

  /// Counts what a query finds.
  ///
  /// - Throws: `IndexError`.
  public init(_ reader: IndexReader, _ query: UtteranceQuery) throws {
    (self.reader, self.query) = (reader, query)
    let counts = try reader.emotionTotals(query)
    let total = counts.reduce(0) { $0 + $1.count }
    utterances = total
    meanConfidence = counts.reduce(0) { $0 + $1.confidenceSum } / Double(max(1, total))
    emotions = Self.emotions(counts, named: try reader.emotionsToName(query), total: total)
    let scorings = try reader.scoringPeriod(query)
    bundles = scorings.bundles
    if let first = scorings.first, let last = scorings.last { period = (first, last) } else { period = nil }
    truth = try reader.truthComparison(query)
    doubt = Array(try reader.doubtComparisons(query).values).total()
    stability = try reader.stability(query)
  }

  /// Hands over the speakers or the bundles with their labels, those with most utterances first: there may be millions.
  ///
  /// - Returns: how many there are without the limit.
  /// - Throws: `IndexError`, and what `body` throws.
  @discardableResult
  func forEachShare(
    of owner: ShareOwner, limit: Int? = nil, _ body: (EmotionShares, EmotionTally) throws -> Void
  ) throws -> Int {
    try reader.forEachShare(of: owner, query, limit: limit) { try body($0, EmotionTally(counts: $0.emotions)) }
  }

  private static func emotions(
    _ counts: [EmotionTotal], named: [String], total: Int
  ) -> [Emotion] {
    var sums: [String: (count: Int, confidence: Double)] = [:]
    for name in named { sums[name] = (0, 0) }
    for count in counts {
      let sum = sums[count.emotion] ?? (0, 0)
      sums[count.emotion] = (sum.count + count.count, sum.confidence + count.confidenceSum)
    }
    return sums.map { name, sum in
      Emotion(
        name: name, count: sum.count, share: Double(sum.count) / Double(max(1, total)),
        meanConfidence: sum.count > 0 ? sum.confidence / Double(sum.count) : .nan)
    }.sorted { $0.count == $1.count ? $0.name < $1.name : $0.count > $1.count }
  }
}

/// How often each of some emotions occurs.
struct EmotionTally {
  private(set) var counts: [String: Int] = [:]

  init() {}

  init(_ names: [String]) {
    for name in names { add(name, 1) }
  }

  init(counts: [String: Int]) {
    self.counts = counts
  }

  mutating func add(_ name: String, _ count: Int) {
    counts[name, default: 0] += count
  }

  var total: Int { counts.values.reduce(0, +) }

  /// Most frequent first; by name among equals.
  var leading: [(name: String, count: Int)] {
    counts.map { (name: $0.key, count: $0.value) }.sorted { left, right in
      left.count == right.count ? left.name < right.name : left.count > right.count
    }
  }

  /// The three most frequent with their shares: `neutral 50 %, anger 20 %, joy 10 %`.
  var summary: String {
    leading.prefix(3).map { "\($0.name) \(NumberText.percent(Double($0.count) / Double(total)))" }
      .joined(separator: ", ")
  }
}
