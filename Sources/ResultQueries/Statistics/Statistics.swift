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

  /// A speaker or a bundle with its emotions.
  struct Group {
    let name: String
    /// The bundle's digest and model; empty for a speaker.
    let digest: String
    let model: String
    let tally: EmotionTally
  }

  /// Utterances that match.
  public let utterances: Int
  let meanConfidence: Double
  /// Most frequent first, then those that never occur.
  let emotions: [Emotion]
  /// Most utterances first.
  let speakers: [Group]
  /// Most utterances first.
  let bundles: [Group]
  /// When the first and the last of the bundles were scored.
  let period: (first: Date, last: Date)?
  /// Labels compared with the bundles' own.
  let truth: TruthComparison
  /// What the models promise of their doubt and what they kept; of those that promise anything.
  let doubt: DoubtComparison
  /// Over the utterances that have one; nil where none has.
  let stability: (mean: Double, utterances: Int)?

  /// Counts what a query finds.
  ///
  /// - Throws: `IndexError`.
  public init(_ reader: IndexReader, _ query: UtteranceQuery) throws {
    let counts = try reader.emotionCounts(query)
    let total = counts.reduce(0) { $0 + $1.count }
    utterances = total
    meanConfidence = counts.reduce(0) { $0 + $1.confidenceSum } / Double(max(1, total))
    emotions = Self.emotions(counts, named: try reader.emotionsToName(query), total: total)
    speakers = Self.groups(try reader.speakerCounts(query).map { ($0.speaker, $0.emotion, $0.count) }) {
      Group(name: $0, digest: "", model: "", tally: $1)
    }
    var selection = BundleQuery()
    (selection.bundles, selection.models) = (query.bundles, query.models)
    (selection.since, selection.until, selection.allModels) = (query.since, query.until, query.allModels)
    let known = Dictionary(uniqueKeysWithValues: try reader.bundles(selection).map { ($0.id, $0) })
    bundles = Self.groups(counts.map { ($0.bundle, $0.emotion, $0.count) }) { id, tally in
      Group(
        name: known[id]?.title ?? "", digest: known[id]?.digest ?? "", model: known[id]?.modelName ?? "", tally: tally)
    }
    let times = Set(counts.map(\.bundle)).compactMap { known[$0]?.scored }
    if let first = times.min(), let last = times.max() { period = (first, last) } else { period = nil }
    truth = try reader.truthComparison(query)
    doubt = Array(try reader.doubtComparisons(query).values).total()
    stability = try reader.stability(query)
  }

  private static func emotions(
    _ counts: [EmotionCount], named: [String], total: Int
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

  private static func groups<Key: Hashable>(
    _ counts: [(Key, String, Int)], _ group: (Key, EmotionTally) -> Group
  ) -> [Group] {
    var tallies: [Key: EmotionTally] = [:]
    for (key, emotion, count) in counts { tallies[key, default: EmotionTally()].add(emotion, count) }
    return tallies.map { group($0.key, $0.value) }.sorted { left, right in
      left.tally.total == right.tally.total ? left.name < right.name : left.tally.total > right.tally.total
    }
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
