import Testing

@testable import EvaluationStatistics

@Suite struct CertaintyTests {
  @Test func conformalSetsFollowFromTheHistograms() throws {
    var histogram = ConformalHistogram()
    // True classes of the calibrating half at 0.95, 0.85, 0.75, 0.65; α = 0.4 asks for ⌈5 · 0.6⌉ = 3 of them.
    for probability in [0.95, 0.85, 0.75, 0.65] as [Float] {
      histogram.add(probabilities: [probability, 1 - probability], truth: 0, half: .calibrating)
    }
    // Judged: sets {0}, {1} and {} at the threshold 0.75; one of the three holds its truth.
    histogram.add(probabilities: [0.8, 0.2], truth: 0, half: .evaluated)
    histogram.add(probabilities: [0.1, 0.9], truth: 0, half: .evaluated)
    histogram.add(probabilities: [0.6, 0.4], truth: 0, half: .evaluated)
    let figures = try #require(histogram.figures(miscoverage: 0.4, calibration: histogram))
    #expect(figures.threshold == 0.75)
    #expect(figures.coverage == 1.0 / 3 && figures.meanSize == 2.0 / 3)
    // Too few to promise 90 %: only the full set is safe.
    let strict = try #require(histogram.figures(miscoverage: 0.1, calibration: histogram))
    #expect(strict.threshold == 0 && strict.coverage == 1 && strict.meanSize == 2)
    #expect(ConformalHistogram().figures(miscoverage: 0.1, calibration: histogram) == nil)
  }

  @Test func labelsWithoutTruthCountTowardsConfidenceOnly() {
    var certainty = CertaintyStatistics()
    certainty.add(probabilities: [0.75, 0.25], label: 0, truth: nil, half: .evaluated)
    certainty.add(probabilities: [0.5, 0.5], label: 0, truth: 1, half: .evaluated)
    #expect(certainty.count == 2 && certainty.meanConfidence == 0.625)
    #expect(certainty.share(below: 0.6) == 0.5 && certainty.share(below: 0.5) == 0)
    #expect(certainty.scores.count == 1 && certainty.scores.brier == 0.5)
    #expect(certainty.outcomes.wrong.reduce(0, +) == 1 && certainty.calibration.total == 1)
  }

  @Test func deadColumnsAreThoseThatNeverDifferFromZeroAnywhere() {
    var first = FeatureHealth(width: 9)
    first.add(raw: [0, 1, 0, 0, 0, 0, 0, 0, 0], scaled: [Float](repeating: 0, count: 9), deviation: 1, limit: 8)
    var second = FeatureHealth(width: 9)
    second.add(raw: [0, 0, 0, 0, 0, 0, 0, 0, -2], scaled: [Float](repeating: 3, count: 9), deviation: 2, limit: 1)
    let sum = first + second
    #expect(sum.deadColumns == [0, 2, 3, 4, 5, 6, 7])
    #expect(sum.outOfRange == 9 && sum.suspect == 1 && sum.utterances == 2)
    #expect(sum.mean == 0.75 && first + .zero == first && .zero + first == first)
    #expect(FeatureHealth(width: 9).deadColumns.isEmpty)
    #expect(FeatureHealth(width: 9, unused: [0, 8]).living == [1, 1])
  }
}
