import EvaluationStatistics
import Foundation
import Testing

@Test func relativeRobustnessIsTheTrapeziumArea() {
  let curve = RobustnessCurve(levels: [0, 0.1, 0.2, 0.3], scores: [0.8, 0.7, 0.5, 0.1])
  #expect(close(curve.relativeRobustness, (0.8 + 2 * 0.7 + 2 * 0.5 + 0.1) * 0.1 / 2))
  #expect(RobustnessCurve(levels: [], scores: []).relativeRobustness == 0)
}

@Test func effectiveRobustnessComparesLossesNotScores() throws {
  let levels = [0, 0.5, 1]
  let curve = RobustnessCurve(levels: levels, scores: [0.8, 0.7, 0.6])
  let baseline = RobustnessCurve(levels: levels, scores: [0.9, 0.7, 0.5])
  // The baseline shifted to start at 0.8 is 0.8, 0.6, 0.4.
  #expect(close(try #require(curve.effectiveRobustness(against: baseline)), 0.1 + 0.2))
  #expect(close(try #require(curve.effectiveRobustness(against: curve)), 0))
  #expect(curve.effectiveRobustness(against: RobustnessCurve(levels: [0, 1], scores: [1, 1])) == nil)
}

@Test func relativeLossIsMeasuredAgainstTheCleanScore() throws {
  let curve = RobustnessCurve(levels: [0, 0.1 + 0.2], scores: [0.8, 0.6])
  #expect(close(try #require(curve.relativeLoss(at: 0.3)), 0.25))
  #expect(curve.relativeLoss(at: 0.4) == nil)
  #expect(RobustnessCurve(levels: [0, 1], scores: [0, 0]).relativeLoss(at: 1) == nil)
}

@Test func corruptionErrorIsAQuotientOfSums() throws {
  let noise = CorruptionErrors(errors: [0.2, 0.4], baseline: [0.4, 0.8])
  #expect(close(try #require(noise.corruptionError), 0.5))
  #expect(CorruptionErrors(errors: [1], baseline: [0]).corruptionError == nil)
}

@Test func jensenShannonIsZeroForEqualAndOneForDisjointShares() throws {
  #expect(DistributionDistance.jensenShannon([1, 3], [10, 30]) == 0)
  #expect(DistributionDistance.jensenShannon([5, 0], [0, 2]) == 1)
  // p = (1, 0), q = (1/2, 1/2), m = (3/4, 1/4).
  let expected = 0.5 * log2(4.0 / 3) + 0.5 * (0.5 * log2(2.0 / 3) + 0.5 * log2(2))
  #expect(close(try #require(DistributionDistance.jensenShannon([4, 0], [3, 3])), expected))
  #expect(DistributionDistance.jensenShannon([0, 0], [1, 1]) == nil)
  #expect(DistributionDistance.jensenShannon([1], [1, 1]) == nil)
}

@Test func bootstrapBandsDependOnTheSeedAlone() throws {
  let units = (0..<40).map { unit in
    ConfusionCounts(truth: [0, 0, 1, 1], predicted: [0, unit % 2, unit % 3 == 0 ? 0 : 1, 1], classes: 2)
  }
  let bootstrap = Bootstrap(resamples: 400, seed: 7)
  let band = try #require(bootstrap.band(of: units, figure: \.accuracy))
  #expect(bootstrap.band(of: units, figure: \.accuracy) == band)
  #expect(Bootstrap(resamples: 400, seed: 8).band(of: units, figure: \.accuracy) != band)
  #expect(band.value == units.total().accuracy)
  #expect(band.lower < band.value && band.value < band.upper)
  let narrower = try #require(bootstrap.band(of: units, level: 0.5, figure: \.accuracy))
  #expect(narrower.lower > band.lower && narrower.upper < band.upper)
}

@Test func bootstrapBandHasTheWidthOfTheStandardError() throws {
  // 100 dialogues of one utterance, half of them right: the standard error of the accuracy is 0.05.
  let units = (0..<100).map { ConfusionCounts(truth: [0], predicted: [$0 % 2], classes: 2) }
  let band = try #require(Bootstrap(resamples: 4000, seed: 1).band(of: units, figure: \.accuracy))
  #expect((band.lower - (0.5 - 1.96 * 0.05)).magnitude < 0.012)
  #expect((band.upper - (0.5 + 1.96 * 0.05)).magnitude < 0.012)
}

@Test func bootstrapOfOneUnitIsThatUnit() {
  let unit = ConfusionCounts(truth: [0, 1], predicted: [0, 0], classes: 2)
  #expect(
    Bootstrap(resamples: 10, seed: 3).band(of: [unit], figure: \.accuracy)
      == ConfidenceBand(value: 0.5, lower: 0.5, upper: 0.5))
  #expect(Bootstrap(resamples: 10, seed: 3).band(of: [ConfusionCounts](), figure: \.accuracy) == nil)
  #expect(Bootstrap(resamples: 3, seed: 3).draw(resample: 1, unitCount: 50).allSatisfy { $0 >= 0 && $0 < 50 })
}

@Test func seedsAreSummarisedByStudentsInterval() throws {
  let summary = try #require(SeedSummary([1, 2, 3, 4, 5]))
  #expect(summary.mean == 3)
  #expect(close(try #require(summary.standardDeviation), 2.5.squareRoot()))
  #expect(close(try #require(summary.halfWidth), 2.7764451 * (2.5 / 5).squareRoot(), within: 1e-7))
  let interval = try #require(summary.interval)
  #expect(close(interval.upperBound - 3, 3 - interval.lowerBound))
}

@Test func manySeedsComeNearTheNormalInterval() throws {
  // 101 values: t with 100 degrees of freedom is 1.98397.
  let summary = try #require(SeedSummary((0...100).map(Double.init)))
  let deviation = try #require(summary.standardDeviation)
  #expect(close(try #require(summary.halfWidth), 1.9839715 * deviation / 101.0.squareRoot(), within: 1e-6))
}

@Test func oneSeedHasNoSpread() throws {
  let summary = try #require(SeedSummary([0.7]))
  #expect(summary.mean == 0.7)
  #expect(summary.standardDeviation == nil && summary.interval == nil)
  #expect(SeedSummary([]) == nil)
}
