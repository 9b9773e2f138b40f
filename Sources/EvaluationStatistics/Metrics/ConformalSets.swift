/// Split conformal prediction with the least ambiguous set-valued classifier (LAC).
///
/// On a calibration split, s_i = 1 − p_i(y_i). The threshold q is the ⌈(n+1)(1−α)⌉-th smallest s; the set of a new
/// utterance holds every class with 1 − p(c) ≤ q. At least 1 − α of the sets then hold the truth, on average, so long as
/// new utterances are exchangeable with the calibration ones: split by dialogue, and expect less under noise.
public struct ConformalSets: Sendable, Hashable, Codable {
  /// q: the largest 1 − p(c) that a class of the set may have; 1 admits every class.
  public var threshold: Double

  public init(threshold: Double) {
    self.threshold = threshold
  }

  /// Finds the threshold on a calibration split.
  ///
  /// - Parameters:
  ///   - trueClassProbabilities: p_i(y_i) of every calibration utterance.
  ///   - miscoverage: α, the share of sets that may miss the truth, between 0 and 1.
  ///
  /// Too few utterances for the rank asked, n < ⌈(n+1)(1−α)⌉, give a threshold of 1: only the full set is safe.
  public init(trueClassProbabilities: some Collection<Float>, miscoverage: Double) {
    let scores = trueClassProbabilities.map { 1 - Double($0) }.filter { !$0.isNaN }.sorted()
    let rank = ceiling(Double(scores.count + 1) * (1 - min(max(miscoverage, 0), 1)))
    if rank > Double(scores.count) {
      threshold = 1
    } else {
      threshold = rank < 1 ? -1 : scores[Int(rank) - 1]
    }
  }

  /// The classes that cannot be ruled out, in class order; empty where none is probable enough.
  public func classes(of probabilities: some Collection<Float>) -> [Int] {
    probabilities.enumerated().filter { 1 - Double($0.element) <= threshold }.map(\.offset)
  }
}

/// How often conformal sets held the truth and how large they were, per true class.
public struct ConformalCounts: AdditiveStatistic, Hashable, Codable {
  /// The counts of one true class.
  public struct Class: Sendable, Hashable, Codable {
    /// Sets whose utterance is of this class.
    public var count = 0
    /// Those of them that hold it.
    public var covered = 0
    /// The sum of their sizes.
    public var size = 0

    public init() {}

    /// Share of the sets that hold the truth.
    public var coverage: Double { ratio(covered, count) }

    /// Mean number of classes in a set.
    public var meanSize: Double { ratio(size, count) }
  }

  /// In class order; empty only for `zero`.
  public private(set) var perClass: [Class]

  /// Empty counts for `classes` classes.
  public init(classes: Int) {
    precondition(classes >= 0, "a number of classes is not negative")
    perClass = [Class](repeating: Class(), count: classes)
  }

  /// The counts of nothing; adding it to any other leaves that as it is.
  public static let zero = ConformalCounts(classes: 0)

  /// Counts one set.
  public mutating func add(set: [Int], truth: Int) {
    precondition(perClass.indices.contains(truth), "class indices lie below \(perClass.count)")
    perClass[truth].count += 1
    perClass[truth].covered += set.contains(truth) ? 1 : 0
    perClass[truth].size += set.count
  }

  /// Adds class by class; both sides must be over the same classes, or one of them be `zero`.
  public static func += (left: inout ConformalCounts, right: ConformalCounts) {
    if right.perClass.isEmpty { return }
    if left.perClass.isEmpty {
      left = right
      return
    }
    precondition(left.perClass.count == right.perClass.count, "counts over different classes do not add up")
    for index in left.perClass.indices {
      left.perClass[index].count += right.perClass[index].count
      left.perClass[index].covered += right.perClass[index].covered
      left.perClass[index].size += right.perClass[index].size
    }
  }

  /// All classes together: its `coverage` and `meanSize` are the marginal ones.
  public var overall: Class {
    perClass.reduce(into: Class()) { sum, next in
      sum.count += next.count
      sum.covered += next.covered
      sum.size += next.size
    }
  }
}
