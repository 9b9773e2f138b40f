import EvaluationStatistics
import Testing

@Test func riskCoverageFollowsFromAHandSortedList() {
  // By confidence: right, wrong, right, wrong; risks 0, 1/2, 1/3, 1/2.
  let curve = RiskCoverage(confidences: [0.2, 0.9, 0.7, 0.5], correct: [false, true, false, true])
  #expect(curve.curve.map(\.coverage) == [0.25, 0.5, 0.75, 1])
  #expect(zip(curve.curve, [0, 0.5, 1.0 / 3, 0.5]).allSatisfy { close($0.risk, $1) })
  #expect(close(curve.areaUnderRiskCoverage, (0 + 0.5 + 1.0 / 3 + 0.5) / 4))
  // Errors among the first k: 0, 1, 1, 2, each over N = 4.
  #expect(close(curve.areaUnderGeneralisedRiskCoverage, (0 + 1 + 1 + 2) / 16))
  #expect(close(curve.accuracy(atCoverage: 0.75), 2.0 / 3))
  #expect(curve.accuracy(atCoverage: 0.25) == 1)
  #expect(close(curve.accuracy(atCoverage: 1), 0.5))
}

@Test func tiesAreTheMeanOverEveryOrder() {
  // Two ties, one right: the orders give risks (0, 1/2) and (1, 1/2).
  let one = RiskCoverage(confidences: [0.5, 0.5], correct: [true, false])
  let other = RiskCoverage(confidences: [0.5, 0.5], correct: [false, true])
  #expect(one == other)
  #expect(close(one.areaUnderRiskCoverage, 0.5))
  #expect(close(one.areaUnderGeneralisedRiskCoverage, (0.5 + 1) / 4))
  #expect(close(one.accuracy(atCoverage: 0.5), 0.5))
}

@Test func coverageThatShouldBeWholeIsNotRoundedUp() {
  let curve = RiskCoverage(confidences: (0..<10).map { 1 - Double($0) / 10 }, correct: (0..<10).map { $0 < 7 })
  // 0.7 * 10 is a little more than 7 in binary.
  #expect(curve.accuracy(atCoverage: 0.7) == 1)
  #expect(curve.accuracy(atCoverage: 0.71) == 7.0 / 8)
}

@Test func histogramEqualsTheExactCurveWhereBinsSeparateConfidences() {
  let confidences = (0..<50).map { Double(($0 * 37) % 50) / 50 + 0.01 }
  let correct = (0..<50).map { ($0 * $0) % 3 != 1 }
  var histogram = ConfidenceHistogram(binCount: 50)
  for (confidence, correct) in zip(confidences, correct) { histogram.add(confidence: confidence, correct: correct) }
  let exact = RiskCoverage(confidences: confidences, correct: correct)
  #expect(histogram.riskCoverage == exact)
  #expect((histogram + histogram).riskCoverage.total == 100)
  #expect(.zero + histogram == histogram)
  #expect(ConfidenceHistogram(correct: [1], wrong: []) == nil)
}

@Test func noPredictionsGiveAnEmptyCurve() {
  let curve = RiskCoverage(confidences: [], correct: [])
  #expect(curve.curve.isEmpty)
  #expect(curve.areaUnderRiskCoverage == 0)
  #expect(curve.areaUnderGeneralisedRiskCoverage == 0)
  #expect(curve.accuracy(atCoverage: 0.8) == 0)
}
