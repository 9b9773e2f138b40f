import Testing

@testable import EvaluationStatistics

/// Limits of doubt fitted to held-out predictions: what they promise they keep on what they were fitted on.
@Suite struct DoubtRuleTests {
  /// Rows of two classes whose label is the first: certain ones are right nine times out of ten, others every other time.
  private static func rows(certain: Int, others: Int) -> (probabilities: [Float], labels: [Int?]) {
    var probabilities: [Float] = []
    var labels: [Int?] = []
    for row in 0..<certain {
      probabilities += [0.9, 0.1]
      labels.append(row % 10 == 0 ? 1 : 0)
    }
    for row in 0..<others {
      probabilities += [0.6, 0.4]
      labels.append(row % 2)
    }
    return (probabilities, labels)
  }

  private static func rule(certain: Int, others: Int, risk: Double, coverage: Double = 0.9) -> DoubtRule? {
    let rows = rows(certain: certain, others: others)
    return DoubtRule(
      probabilities: rows.probabilities, classes: 2, labels: rows.labels, risk: risk, coverage: coverage)
  }

  @Test func theLimitLiesWhereTheRiskIsKept() throws {
    let rule = try #require(Self.rule(certain: 400, others: 400, risk: 0.2))
    #expect(rule.leastConfidence == Double(Float(0.9)))
    #expect(rule.isUncertain(confidence: 0.95) == false)
    #expect(rule.isUncertain(confidence: 0.6) == true)
    // All together are wrong three times out of ten.
    #expect(try #require(Self.rule(certain: 400, others: 400, risk: 0.4)).leastConfidence == Double(Float(0.6)))
  }

  @Test func aRiskThatCannotBeKeptHasNoLimit() throws {
    let rule = try #require(Self.rule(certain: 400, others: 400, risk: 0.05))
    #expect(rule.leastConfidence == nil)
    #expect(rule.isUncertain(confidence: 0.99) == nil)
  }

  @Test func fewRightLabelsAreNoProof() throws {
    // 60 at 10 % wrong: chance does not exclude that it is more than 13 %.
    #expect(try #require(Self.rule(certain: 60, others: 400, risk: 0.13)).leastConfidence == nil)
    #expect(try #require(Self.rule(certain: 2_000, others: 400, risk: 0.13)).leastConfidence == Double(Float(0.9)))
  }

  @Test func fewRowsMakeNoRule() {
    #expect(Self.rule(certain: 20, others: 29, risk: 0.2) == nil)
    #expect(Self.rule(certain: 20, others: 30, risk: 0.2) != nil)
  }

  @Test func aSetHoldsEveryClassThatItsOwnHeldOutUtterancesReached() throws {
    // Of class 1, 40 of 240 had 0.1, 200 had 0.4; a tenth of 241 may lie below the limit.
    let rule = try #require(Self.rule(certain: 400, others: 400, risk: 0.2))
    #expect(rule.classRows == [560, 240] && rule.sparseClasses.isEmpty)
    #expect(rule.leastProbabilities[1] == Double(Float(0.1)))
    #expect(rule.classes(of: [0.9, 0.1], label: 0) == [0, 1])
    #expect(rule.classes(of: [0.95, 0.05], label: 0) == [0])
    let narrower = try #require(Self.rule(certain: 400, others: 400, risk: 0.2, coverage: 0.8))
    #expect(narrower.leastProbabilities[1] == Double(Float(0.4)))
  }

  @Test func theLabelIsAlwaysInItsSet() {
    let rule = DoubtRule(
      risk: 0.2, leastConfidence: 0.5, coverage: 0.9, leastProbabilities: [0.8, 0.8, 0.1], classRows: [90, 90, 90])
    #expect(rule.classes(of: [0.5, 0.4, 0.1], label: 0) == [0, 2])
  }

  @Test func aRareClassTakesTheLimitOfAllTogether() throws {
    let rule = try #require(Self.rule(certain: 200, others: 20, risk: 0.2))
    #expect(rule.classRows[1] == 30 && rule.sparseClasses == [1])
    // Of all 220 truths, 20 have 0.1, 10 have 0.4 and 10 have 0.6: the 22nd smallest is 0.4.
    #expect(rule.leastProbabilities[1] == Double(Float(0.4)))
  }

  @Test func rowsWithoutALabelCountForNothing() throws {
    var rows = Self.rows(certain: 100, others: 100)
    let rule = DoubtRule(probabilities: rows.probabilities, classes: 2, labels: rows.labels, risk: 0.2, coverage: 0.9)
    rows.probabilities += [0, 1, 0, 1]
    rows.labels += [nil, nil]
    #expect(
      DoubtRule(probabilities: rows.probabilities, classes: 2, labels: rows.labels, risk: 0.2, coverage: 0.9) == rule)
  }
}

/// What was promised beside what was kept.
@Suite struct DoubtComparisonTests {
  private static func comparison(certain: Int, wrong: Int, fear: (held: Int, of: Int) = (9, 10)) -> DoubtComparison {
    var found = DoubtComparison(.init(risk: 0.2, coverage: 0.9))
    found.add(isUncertain: false, setSize: 2, truth: "joy", isRight: true, isHeld: true, count: certain - wrong)
    found.add(isUncertain: false, setSize: 2, truth: "joy", isRight: false, isHeld: true, count: wrong)
    found.add(isUncertain: true, setSize: 4, truth: "fear", isRight: false, isHeld: true, count: fear.held)
    found.add(isUncertain: true, setSize: 4, truth: "fear", isRight: false, isHeld: false, count: fear.of - fear.held)
    return found
  }

  @Test func keptPromisesAreSaidBesideWhatWasPromised() {
    let found = Self.comparison(certain: 100, wrong: 15)
    #expect(
      found.inWords
        == "100 of 110 labels are certain, 15.0 % of them wrong (promised: at most 20.0 %); sets of 2.18 classes hold the "
        + "truth for 99.1 % (promised: 90.0 %)")
  }

  @Test func brokenPromisesAreNamedWhereChanceDoesNotExplainThem() {
    let found = Self.comparison(certain: 100, wrong: 30, fear: (60, 100))
    #expect(found.isRiskBroken && found.brokenCoverages == ["fear"])
    let words = found.inWords ?? ""
    #expect(words.contains("30.0 % of them wrong (promised: at most 20.0 %), too many;"))
    #expect(words.hasSuffix("hold the truth for 80.0 % (promised: 90.0 %), too few of fear (60.0 %)"))
    // Two of ten wrong sets are chance, as are 22 of 100 wrong labels.
    let chance = Self.comparison(certain: 100, wrong: 22, fear: (8, 10))
    #expect(!chance.isRiskBroken && chance.brokenCoverages.isEmpty)
  }

  @Test func withoutTruthThePromiseAloneIsSaid() {
    var found = DoubtComparison(.init(risk: 0.2, coverage: 0.9))
    found.add(isUncertain: false, setSize: 3, truth: nil, isRight: false, isHeld: false, count: 4)
    #expect(
      found.inWords
        == "4 of 4 labels are certain, promised: at most 20.0 % wrong; sets of 3.00 classes (promised: 90.0 %)")
    #expect(DoubtComparison.zero.inWords == nil)
  }

  @Test func modelsOfDifferentPromisesPromiseNothingTogether() {
    var other = DoubtComparison(.init(risk: 0.1, coverage: 0.9))
    other.add(isUncertain: false, setSize: 1, truth: "joy", isRight: true, isHeld: true)
    let sum = [Self.comparison(certain: 100, wrong: 30), other].total()
    #expect(sum.promise == nil && !sum.isRiskBroken && sum.certain == 101)
    let same = [Self.comparison(certain: 100, wrong: 30), Self.comparison(certain: 100, wrong: 30)].total()
    #expect(same.promise?.risk == 0.2 && same.certain == 200 && same.isRiskBroken)
  }
}
