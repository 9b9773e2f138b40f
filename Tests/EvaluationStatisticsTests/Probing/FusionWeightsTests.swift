import DialogueDomain
import Testing

@testable import EvaluationStatistics

@Suite struct FusionWeightsTests {
  @Test func theExtremesAreThePapersAndTheirControls() {
    let names = FusionWeights.extremes(of: Modality.allCases).map(\.name)
    #expect(names == ["33/33/33", "80/10/10", "10/80/10", "10/10/80", "100/0/0", "0/100/0", "0/0/100"])
    #expect(FusionWeights.extremes(of: [.text, .audio]).map(\.name) == ["50/50", "80/20", "20/80", "100/0", "0/100"])
    #expect(FusionWeights.extremes(of: [.audio]).map(\.name) == ["100"])
  }

  @Test func equalSharesMultiplyByOneToTheBit() {
    for modalities in [Modality.allCases, [.text, .audio], [.visual]] {
      let equal = FusionWeights.extremes(of: modalities)[0]
      #expect(modalities.allSatisfy { equal.factor($0) == 1 })
    }
  }

  @Test func factorsAreSharesTimesTheNumberOfModalities() {
    let weights = FusionWeights.extremes(of: Modality.allCases)[1]
    #expect(weights.factor(.text) == 2.4 && weights.factor(.visual) == 0.3 && weights.factor(.audio) == 0.3)
    #expect(FusionWeights([.text: 1]).factor(.audio) == 0)
  }

  @Test func theSimplexHasEveryTenthOnce() {
    let points = FusionWeights.simplex(of: Modality.allCases)
    #expect(points.count == 66 && Set(points).count == 66)
    #expect(points.allSatisfy { abs($0.shares.values.reduce(0, +) - 1) < 1e-12 })
    #expect(FusionWeights.simplex(of: [.text]).map(\.name) == ["100"])
    #expect(FusionWeights.simplex(of: []).isEmpty)
  }

  @Test(arguments: [[], [.text], [.text, .audio], Modality.allCases] as [[Modality]])
  func theNumbersOfConditionsAreThoseOfTheirLists(modalities: [Modality]) throws {
    let shape = ProbeShape(
      modelDigest: "", emotions: EmotionSet(["a"]), modalities: modalities, noiseDeviations: [:],
      plan: try ProbePlan(levels: [0, 0.1, 0.3]))
    #expect(shape.simplexConditions == shape.simplex.count)
    #expect(shape.gridConditions == shape.gridCells.count)
    #expect(shape.subsetConditions == shape.subsets.count)
    #expect(shape.curvePoints == shape.patterns.count * 2)
    if !modalities.isEmpty { #expect(shape.extremeConditions == shape.extremes.count) }
  }
}
