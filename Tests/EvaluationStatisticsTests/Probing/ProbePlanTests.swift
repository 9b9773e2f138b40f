import DialogueDomain
import Foundation
import Testing

@testable import EvaluationStatistics

@Suite struct ProbePlanTests {
  @Test func theStandardPlanHasThePapersLevelsAndFiveSeeds() throws {
    let plan = ProbePlan.standard
    #expect(plan.levels == [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7] && plan.seeds.count == 5)
    #expect(plan.certaintyIndices == [0, 3, 7])
    #expect(try ProbePlan() == plan)
  }

  @Test func theDigestFollowsWhatIsMeasured() throws {
    let standard = ProbePlan.standard.fingerprint
    #expect(standard.count == 16)
    #expect(try ProbePlan(seeds: [1, 2]).fingerprint != standard)
    #expect(try ProbePlan(levels: [0, 0.1]).fingerprint != standard)
    #expect(try ProbePlan(probes: [.noise]).fingerprint != standard)
    #expect(try ProbePlan(gapShare: 0.5).fingerprint != standard)
    // Which bundles are probed does not change how.
    #expect(try ProbePlan(shareUnderLoad: 0.5).fingerprint == standard)
  }

  @Test func settingsThatMakeNoSenseAreRefusedByName() {
    func setting(_ make: () throws -> ProbePlan) -> String? {
      do {
        _ = try make()
        return nil
      } catch {
        return (error as? ProbePlanError)?.setting
      }
    }
    #expect(setting { try ProbePlan(levels: [0.1, 0.2]) } == "levels")
    #expect(setting { try ProbePlan(levels: [0, 0.2, 0.1]) } == "levels")
    #expect(setting { try ProbePlan(levels: [0, .nan]) } == "levels")
    #expect(setting { try ProbePlan(levels: []) } == "levels")
    #expect(setting { try ProbePlan(seeds: []) } == "seeds")
    #expect(setting { try ProbePlan(seeds: [1, 1]) } == "seeds")
    #expect(setting { try ProbePlan(missingRates: [0, 1.5]) } == "missing_rates")
    #expect(setting { try ProbePlan(gapShare: -0.1) } == "gap_share")
    #expect(setting { try ProbePlan(certaintyLevels: [0.35]) } == "certainty_levels")
    #expect(setting { try ProbePlan(plausibleDeviations: 0) } == "plausible_deviations")
    #expect(setting { try ProbePlan(shareUnderLoad: 2) } == "share_under_load")
  }

  @Test func theMessageSaysWhatWasFoundAndExpected() {
    let error = ProbePlanError(setting: "gap_share", found: "2.0", expected: "a share between 0 and 1")
    #expect(
      error.description
        == "probes.gap_share: a probe setting makes no sense; found 2.0; expected a share between 0 and 1")
  }

  @Test func underLoadTheBundlesOwnDigestDecides() throws {
    let (low, high) = ("000000000000ff", "ffffffffffff00")
    #expect(ProbePlan.standard.covers(bundleDigest: high, underLoad: false))
    #expect(!ProbePlan.standard.covers(bundleDigest: low, underLoad: true))
    let half = try ProbePlan(shareUnderLoad: 0.5)
    #expect(half.covers(bundleDigest: low, underLoad: true) && !half.covers(bundleDigest: high, underLoad: true))
    let all = try ProbePlan(shareUnderLoad: 1)
    #expect(all.covers(bundleDigest: high, underLoad: true))
    #expect(!(try ProbePlan(probes: [])).covers(bundleDigest: low, underLoad: false))
  }

  @Test func aPlanComesBackFromJSONAndABadOneDoesNot() throws {
    let plan = try ProbePlan(levels: [0, 0.1, 0.3], seeds: [7, .max], probes: [.noise, .grid], shareUnderLoad: 0.25)
    let json = try JSONEncoder().encode(plan)
    #expect(try JSONDecoder().decode(ProbePlan.self, from: json) == plan)
    let bad = String(decoding: json, as: UTF8.self).replacing("\"levels\":[0,", with: "\"levels\":[1,")
    #expect(throws: ProbePlanError.self) { try JSONDecoder().decode(ProbePlan.self, from: Data(bad.utf8)) }
  }

  @Test(arguments: [(1, [0]), (2, [0, 1, 2, 3, 4, 5]), (3, [0, 1, 2, 3, 4, 5, 6, 7])])
  func ratesThatCannotDifferAreLeftOut(modalities: Int, places: [Int]) {
    let shape = ProbeShape(
      modelDigest: "", emotions: EmotionSet(["a", "b"]), modalities: Array(Modality.allCases.prefix(modalities)),
      noiseDeviations: [:], plan: .standard)
    #expect(shape.differentRates == places)
  }
}
