import AMBDSGDN
import DialogueDomain
import EvaluationStatistics
import Testing

@testable import BundleScoring

/// Random dropping and gaps.
@Suite struct DroppingTests {
  @Test func aRateOfZeroIsTheCleanRun() {
    let probe = MissingModalityProbe(HandCube.cube, HandCube.reference)
    let found = probe.dropped(rates: [0, 0.5], seeds: [1, 2], bundleDigest: "d")
    #expect(found.cells.count == 4)
    #expect(found[0] == HandCube.counts(HandCube.clean) && found[1] == found[0])
  }

  @Test(arguments: [0.1, 0.3, 0.6]) func theShareOfMissingModalitiesIsTheRate(rate: Double) {
    let dropping = RandomDropping(rate: rate, seed: 1, bundleDigest: "d")
    let rows = 20_000
    let left = (0..<rows).reduce(0) { $0 + dropping.kept(of: 0b111, row: $1).nonzeroBitCount }
    // The deviation of the share is at most √(r(1 − r)/40,000) = 0.0025; a function of the seed, so no flakiness.
    #expect(abs(1 - Double(left) / Double(3 * rows) - rate) < 0.01)
  }

  @Test func everyUtteranceKeepsAtLeastOneModalityOfItsOwn() {
    for row in 0..<2000 {
      let dropping = RandomDropping(rate: 0.7, seed: 1, bundleDigest: "d")
      #expect(dropping.kept(of: 0b111, row: row).nonzeroBitCount == 1)
      #expect(dropping.kept(of: 0b100, row: row) == 0b100)
      #expect(dropping.kept(of: 0, row: row) == 0)
      let two = dropping.kept(of: 0b101, row: row)
      #expect(two & 0b010 == 0 && two.nonzeroBitCount == 1)
    }
  }

  @Test func whatIsMissingAtOneRateIsMissingAtEveryHigherOne() {
    for row in 0..<500 {
      let kept = (0...7).map {
        RandomDropping(rate: Double($0) / 10, seed: 3, bundleDigest: "d").kept(of: 0b111, row: row)
      }
      #expect(zip(kept, kept.dropFirst()).allSatisfy { $0 & $1 == $1 })
    }
  }

  @Test func seedsAndBundlesDropDifferently() {
    func pattern(_ seed: UInt64, _ digest: String) -> [UInt8] {
      let dropping = RandomDropping(rate: 0.4, seed: seed, bundleDigest: digest)
      return (0..<64).map { dropping.kept(of: 0b111, row: $0) }
    }
    #expect(pattern(1, "d") == pattern(1, "d"))
    #expect(pattern(1, "d") != pattern(2, "d"))
    #expect(pattern(1, "d") != pattern(1, "e"))
  }

  @Test func aGapCoversItsShareOfTheDialogueInOneStretch() {
    for length in [1, 2, 9, 10, 11] {
      let dialogue = Dialogue(id: "x", rows: 5..<5 + length)
      let rows = ContiguousGap(share: 0.3, seed: 1, bundleDigest: "d").rows(of: dialogue)
      #expect(rows.count == [1: 1, 2: 1, 9: 3, 10: 3, 11: 4][length])
      #expect(rows.lowerBound >= 5 && rows.upperBound <= 5 + length)
    }
    let nothing = ContiguousGap(share: 0, seed: 1, bundleDigest: "d").rows(of: Dialogue(id: "x", rows: 0..<4))
    #expect(nothing.isEmpty)
  }

  @Test func aGapOverTheWholeDialogueIsTheModalityMissing() {
    let probe = MissingModalityProbe(HandCube.cube, HandCube.reference)
    let found = probe.gaps(share: 1, seeds: [1], bundleDigest: "d", dialogues: HandCube.dialogues)
    let subsets = probe.subsets()
    // Without text, visual, audio: sets 6, 5 and 3, counted from 1.
    #expect(found.cells == [subsets[5], subsets[4], subsets[2]])
  }
}
