import EvaluationStatistics

/// What a model promised of its doubt, and what it kept where the truth is known.
public struct DoubtFigures: Codable, Sendable, Equatable {
  /// One true emotion.
  public struct Coverage: Codable, Sendable, Equatable {
    /// Its name.
    public var emotion: String
    /// Utterances whose truth it is.
    public var utterances: Int
    /// Share of them whose set holds it.
    public var coverage: Double
    /// Whether that is less than promised by more than chance (one-sided 95 %).
    public var isBroken: Bool
  }

  /// Labels that are called certain or uncertain.
  public var labels: Int
  /// Those called certain.
  public var certain: Int
  /// Promised share of wrong labels among the certain ones, at most.
  public var promisedRisk: Double?
  /// Share of wrong labels among the certain ones; nil where no truth is known.
  public var risk: Double?
  /// Whether that is more than promised by more than chance (one-sided 95 %).
  public var isRiskBroken: Bool
  /// Promised share of sets that hold the truth, at least.
  public var promisedCoverage: Double?
  /// Share of sets that hold the truth; nil where none is known.
  public var coverage: Double?
  /// Mean number of classes in a set.
  public var meanSetSize: Double?
  /// By true emotion, in the order of names.
  public var emotions: [Coverage]
  /// The same in words.
  public var line: String

  /// Nil where no utterance has a verdict.
  init?(_ doubt: DoubtComparison) {
    guard let line = doubt.inWords else { return nil }
    labels = doubt.labels
    certain = doubt.certain
    promisedRisk = doubt.promise?.risk
    risk = doubt.keptRisk
    isRiskBroken = doubt.isRiskBroken
    promisedCoverage = doubt.promise?.coverage
    coverage = doubt.keptCoverage
    meanSetSize = doubt.meanSetSize
    let broken = Set(doubt.brokenCoverages)
    emotions = doubt.coverage.sorted { $0.key < $1.key }.map { name, found in
      Coverage(
        emotion: name, utterances: found.utterances,
        coverage: found.utterances == 0 ? 0 : Double(found.held) / Double(found.utterances),
        isBroken: broken.contains(name))
    }
    self.line = line
  }

  /// Whether a promise was not kept.
  public var isBroken: Bool { isRiskBroken || emotions.contains(where: \.isBroken) }
}
