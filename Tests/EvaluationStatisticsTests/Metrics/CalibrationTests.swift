import EvaluationStatistics
import Foundation
import Testing

@Test func calibrationErrorsFollowFromAHandCountedTable() {
  var bins = CalibrationBins(binCount: 4)
  // Bin 1 (0.25...0.5): mean confidence 0.375, one of two right. Bin 3: mean 0.9, both right.
  bins.add(confidence: 0.25, correct: true)
  bins.add(confidence: 0.5 - 1e-9, correct: false)
  bins.add(confidence: 0.8, correct: true)
  bins.add(confidence: 1, correct: true)
  let rows = bins.reliability
  #expect(rows.map(\.count) == [0, 2, 0, 2])
  #expect(close(rows[1].accuracy, 0.5))
  #expect(close(rows[1].meanConfidence, 0.375, within: 1e-8))
  #expect(close(rows[3].gap, 0.1, within: 1e-8))
  #expect(close(rows[3].lower, 0.75) && close(rows[3].upper, 1))
  #expect(close(bins.expectedCalibrationError, 0.5 * 0.125 + 0.5 * 0.1, within: 1e-8))
  #expect(close(bins.maximumCalibrationError, 0.125, within: 1e-8))
}

@Test func calibrationSumsAreTheSameInAnyOrderToTheBit() {
  let confidences = (0..<1000).map { Double(($0 * 7919) % 1000) / 999 }
  var whole = CalibrationBins()
  var parts = [CalibrationBins](repeating: CalibrationBins(), count: 7)
  for (index, confidence) in confidences.enumerated() {
    whole.add(confidence: confidence, correct: index % 3 == 0)
    parts[(index * index) % 7].add(confidence: confidence, correct: index % 3 == 0)
  }
  #expect(whole.bins.count == 15)
  #expect(parts.total() == whole)
  #expect(parts.reversed().total() == whole)
  #expect(parts.reversed().total().expectedCalibrationError == whole.expectedCalibrationError)
}

@Test func emptyCalibrationIsZero() {
  #expect(CalibrationBins().expectedCalibrationError == 0)
  #expect(CalibrationBins.zero.maximumCalibrationError == 0)
  var bins = CalibrationBins.zero
  bins.add(confidence: 0.5, correct: true)
  #expect(bins == .zero)
  var some = CalibrationBins()
  some.add(confidence: .nan, correct: true)
  #expect(some.total == 0)
}

@Test func brierAndLogLikelihoodFollowTheirFormulas() {
  var scores = ProbabilityScores()
  scores.add(probabilities: [0.5, 0.25, 0.25], truth: 0)
  scores.add(probabilities: [0, 0, 1], truth: 1)
  #expect(close(scores.brier, ((0.25 + 0.0625 + 0.0625) + (1 + 1)) / 2, within: 1e-9))
  // A probability of zero counts as the smallest normal 32-bit number.
  #expect(close(scores.negativeLogLikelihood, (log(2) + 126 * log(2)) / 2, within: 1e-9))
  var other = ProbabilityScores.zero
  other.add(probabilities: [1, 0, 0], truth: 0)
  #expect((scores + other).count == 3)
  #expect(scores + other == other + scores)
  #expect(ProbabilityScores.zero.brier == 0)
}

@Test func exactSumsClampWhatNoFigureCanBe() {
  var sum = ExactSum()
  sum.add(.nan)
  #expect(sum == .zero)
  sum.add(.infinity)
  #expect(sum.value == 32_768)
  sum.add(-.infinity)
  sum.add(0.1)
  #expect(close(sum.value, 0.1, within: 2e-10))
  #expect((ExactSum(units: .max) + ExactSum(units: 1)).units == .max)
}

@Test func temperatureUndoesAKnownScale() throws {
  // Labels drawn exactly in proportion to softmax(z): 3 of class 0 to 1 of class 1, so z = ln 3 at T = 1.
  let z = Float(log(3.0))
  let logits: [Float] = Array([[Float]](repeating: [4 * z, 0], count: 4).joined())
  let fit = try #require(TemperatureFit(logits: logits, classes: 2, labels: [0, 0, 0, 1]))
  #expect(close(fit.temperature, 4, within: 1e-6))
  #expect(fit.after < fit.before)
  #expect(close(fit.after, -(0.75 * log(0.75) + 0.25 * log(0.25)), within: 1e-6))
}

@Test func temperatureStaysInItsRangeAndLeavesOutUnknownLabels() throws {
  let right = try #require(TemperatureFit(logits: [1, 0, 0, 1], classes: 2, labels: [0, 1]))
  #expect(close(right.temperature, TemperatureFit.range.lowerBound, within: 1e-9))
  let wrong = try #require(TemperatureFit(logits: [1, 0, 0, 1], classes: 2, labels: [1, 0]))
  #expect(close(wrong.temperature, TemperatureFit.range.upperBound, within: 1e-9))
  let flat = try #require(TemperatureFit(logits: [2, 2], classes: 2, labels: [1]))
  #expect(flat.temperature == 1)
  #expect(TemperatureFit(logits: [1, 0, .nan, 0], classes: 2, labels: [-1, 0]) == nil)
}
