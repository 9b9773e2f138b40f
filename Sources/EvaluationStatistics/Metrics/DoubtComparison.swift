import DialogueDomain
import Foundation

/// What a model promised of its doubt, and what it kept where the truth is known.
public struct DoubtComparison: AdditiveStatistic, Hashable {
  /// Utterances of one true emotion that have a set, and those whose set holds it.
  public struct Coverage: Sendable, Hashable {
    /// Utterances.
    public var utterances = 0
    /// Those whose set holds the truth.
    public var held = 0
  }

  /// What was promised; nil where nothing was compared or models of different promises were.
  public private(set) var promise: DoubtPromise?
  private var isMixed = false
  /// Labels that are called certain or uncertain.
  public private(set) var labels = 0
  /// Those called certain.
  public private(set) var certain = 0
  /// Certain labels whose truth is known.
  public private(set) var judged = 0
  /// Certain labels that are wrong.
  public private(set) var wrong = 0
  /// Utterances that have a set.
  public private(set) var sets = 0
  /// Classes in those sets.
  public private(set) var classes = 0
  /// By true emotion.
  public private(set) var coverage: [String: Coverage] = [:]

  /// Nothing compared yet.
  public init(_ promise: DoubtPromise? = nil) { self.promise = promise }

  /// The comparison of nothing.
  public static let zero = DoubtComparison()

  /// Counts some utterances of one verdict.
  ///
  /// - Parameters:
  ///   - isUncertain: nil where the model has no limit.
  ///   - setSize: how many classes the set holds; nil where there is none.
  ///   - truth: the true emotion among the model's; nil where unknown.
  ///   - isRight: whether the label is the true one.
  ///   - isHeld: whether the set holds it.
  public mutating func add(
    isUncertain: Bool?, setSize: Int?, truth: String?, isRight: Bool, isHeld: Bool, count: Int = 1
  ) {
    if let isUncertain {
      labels += count
      if !isUncertain {
        certain += count
        if truth != nil { judged += count }
        if truth != nil, !isRight { wrong += count }
      }
    }
    guard let setSize else { return }
    sets += count
    classes += count * setSize
    guard let truth else { return }
    coverage[truth, default: Coverage()].utterances += count
    if isHeld { coverage[truth, default: Coverage()].held += count }
  }

  public static func += (left: inout DoubtComparison, right: DoubtComparison) {
    if left.isEmpty, !left.isMixed, left.promise == nil {
      left = right
      return
    }
    if !right.isEmpty || right.isMixed {
      left.isMixed = left.isMixed || right.isMixed || left.promise != right.promise
      if left.isMixed { left.promise = nil }
    }
    left.labels += right.labels
    left.certain += right.certain
    left.judged += right.judged
    left.wrong += right.wrong
    left.sets += right.sets
    left.classes += right.classes
    left.coverage.merge(right.coverage) {
      Coverage(utterances: $0.utterances + $1.utterances, held: $0.held + $1.held)
    }
  }

  /// Whether no utterance has a verdict.
  public var isEmpty: Bool { labels == 0 && sets == 0 }
  /// Share of wrong labels among the certain ones whose truth is known; nil over none.
  public var keptRisk: Double? { judged == 0 ? nil : ratio(wrong, judged) }
  /// Utterances whose truth and set are known.
  public var covered: Int { coverage.values.reduce(0) { $0 + $1.utterances } }
  /// Share of the sets that hold the truth; nil over none.
  public var keptCoverage: Double? { covered == 0 ? nil : ratio(coverage.values.reduce(0) { $0 + $1.held }, covered) }
  /// Mean number of classes in a set; nil over none.
  public var meanSetSize: Double? { sets == 0 ? nil : Double(classes) / Double(sets) }

  /// Whether more of the certain labels are wrong than promised, by more than chance (one-sided 95 %).
  public var isRiskBroken: Bool {
    guard let risk = promise?.risk, let keptRisk else { return false }
    return keptRisk > risk + Self.margin(risk, judged)
  }

  /// Emotions whose sets hold the truth less often than promised, by more than chance (one-sided 95 %), rarest first.
  public var brokenCoverages: [String] {
    guard let promised = promise?.coverage else { return [] }
    return coverage.filter { _, found in
      ratio(found.held, found.utterances) < promised - Self.margin(promised, found.utterances)
    }.sorted { ($0.value.utterances, $0.key) < ($1.value.utterances, $1.key) }.map(\.key)
  }

  private static func margin(_ share: Double, _ count: Int) -> Double {
    1.645 * (share * (1 - share) / Double(max(count, 1))).squareRoot()
  }
}

extension DoubtRule {
  /// What the rule promises.
  public var promise: DoubtPromise { DoubtPromise(risk: risk, coverage: coverage) }
}

extension DoubtComparison {
  /// What was kept of what was promised, in words; nil where no utterance has a verdict.
  ///
  /// `318 of 1041 labels are certain, 17.3 % of them wrong (promised: at most 20.0 %); sets of 2.41 classes hold the truth
  /// for 91.2 % (promised: 90.0 %), too few of fear (71.0 %)`
  public var inWords: String? {
    guard !isEmpty else { return nil }
    return [riskInWords, setsInWords].compactMap { $0 }.joined(separator: "; ")
  }

  private var riskInWords: String? {
    guard labels > 0 else { return nil }
    let promised = promise.map { "promised: at most \(Self.percent($0.risk))" }
    let wrong = keptRisk.map { kept in
      "\(Self.percent(kept)) of them wrong" + (promised.map { " (\($0))" } ?? "") + (isRiskBroken ? ", too many" : "")
    }
    return "\(certain) of \(labels) labels are certain"
      + ((wrong ?? promised.map { $0 + " wrong" }).map { ", \($0)" } ?? "")
  }

  private var setsInWords: String? {
    guard let meanSetSize else { return nil }
    let size = "sets of \(String(format: "%.2f", meanSetSize)) classes"
    let promised = promise.map { " (promised: \(Self.percent($0.coverage)))" } ?? ""
    guard let keptCoverage else { return size + promised }
    let few = brokenCoverages.map { name in
      let found = coverage[name] ?? Coverage()
      return "\(name) (\(Self.percent(ratio(found.held, found.utterances))))"
    }
    return "\(size) hold the truth for \(Self.percent(keptCoverage))\(promised)"
      + (few.isEmpty ? "" : ", too few of \(few.joined(separator: ", "))")
  }

  private static func percent(_ share: Double) -> String { String(format: "%.1f %%", share * 100) }
}
