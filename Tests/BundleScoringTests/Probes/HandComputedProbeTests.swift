import AMBDSGDN
import DialogueDomain
import EvaluationStatistics
import Testing

@testable import BundleScoring

/// Every probe on the cube that is worked out by hand.
@Suite struct HandComputedProbeTests {
  private let cube = HandCube.cube
  private let reference = HandCube.reference

  @Test func theCleanLabelIsTheFirstOfTheGreatestSums() {
    #expect(cube.cleanLabels == HandCube.clean)
    // 1 − 2 + 1 = 0 in the last row: a tie goes to the first class.
    #expect(NoiseProbe.labels(cube, .only(.audio), level: 1, seed: 0) == [0, 1, 0])
  }

  @Test func countsPairLabelsWithTheCleanOnesAndWithTheTruth() {
    let counts = reference.counts([1, 0, -1], classes: 2)
    #expect(counts.clean.cells == [1, 1, 0, 0])
    #expect(counts.truth.cells == [0, 1, 1, 0])
  }

  @Test func noiseOnAllAndOnEachModality() {
    let patterns: [NoisePattern] = [.all, .only(.text), .only(.visual), .only(.audio)]
    let found = NoiseProbe.counts(cube, reference, patterns: patterns)
    #expect(found.cells == [[1, 1, 0], [1, 0, 1], [0, 1, 1], [0, 1, 0]].map(HandCube.counts))
  }

  @Test func curvesCountPerDialogue() {
    let curves = NoiseProbe.curves(
      cube, reference, patterns: [.all, .only(.text)], dialogues: HandCube.dialogues)
    #expect(
      curves["first"]
        == DialogueCurve(utterances: 2, known: 2, cleanCorrect: 1, kept: [0, 1], correct: [1, 0]))
    #expect(
      curves["second"]
        == DialogueCurve(utterances: 1, known: 0, cleanCorrect: 0, kept: [0, 1], correct: [0, 0]))
  }

  @Test func theGridHoldsEveryCombinationOfLevels() {
    let shape = ProbeShape(
      modelDigest: "", emotions: EmotionSet(["a", "b"]), modalities: Modality.allCases, noiseDeviations: [:],
      plan: .standard)
    #expect(shape.gridCells.count == 512)
    let cells = [[0, 0, 0], [0, 0, 1], [0, 1, 0], [0, 1, 1], [1, 0, 0], [1, 0, 1], [1, 1, 0], [1, 1, 1]]
    let tallies = NoiseGridProbe.tallies(cube, reference, cells: cells)
    #expect(tallies.kept == [3, 1, 2, 1, 2, 1, 1, 0])
    #expect(tallies.compared == [Int](repeating: 3, count: 8))
    // Truth 0, 1, unknown; labels 0, 0 when clean and 0, 1 with noisy audio.
    #expect(tallies.accuracy(condition: 0) == 0.5)
    #expect(tallies.accuracy(condition: 1) == 1)
    #expect(tallies.flipRate(condition: 7) == 1)
  }

  @Test func talliesGiveTheSameWeightedF1AsTheConfusionCounts() {
    let tallies = NoiseGridProbe.tallies(cube, reference, cells: [[0, 0, 0], [1, 1, 1]])
    for (condition, labels) in [HandCube.clean, [1, 1, 0]].enumerated() {
      #expect(tallies.weightedF1(condition: condition) == HandCube.counts(labels).truth.weightedF1)
    }
  }

  @Test func extremeWeights() {
    let found = ImbalanceProbe.counts(
      cube, reference, weights: FusionWeights.extremes(of: Modality.allCases))
    let labels: [[Int32]] = [
      [0, 0, 1],  // equal
      [0, 1, 0], [1, 1, 1], [0, 0, 1],  // 0.8 for text, visual, audio
      [0, 1, 0], [1, 1, 1], [0, 0, 1],  // each alone
    ]
    #expect(found.cells == labels.map(HandCube.counts))
  }

  @Test func theSimplexRunsFromAudioAloneToTextAlone() {
    let weights = FusionWeights.simplex(of: Modality.allCases)
    let tallies = ImbalanceProbe.tallies(cube, reference, weights: weights)
    #expect(tallies.conditions == 66)
    #expect(tallies.kept.first == 3 && tallies.kept.last == 1)
    #expect(weights[65].shares == [.text: 1, .visual: 0, .audio: 0])
  }

  @Test func subsetsLeaveTermsOutAndTheWholeSetIsTheCleanRun() {
    let found = MissingModalityProbe(cube, reference).subsets()
    let labels: [[Int32]] = [
      [0, 1, 0], [1, 1, 1], [0, 1, 1], [0, 0, 1], [0, 0, 0], [1, 0, 1], HandCube.clean,
    ]
    #expect(found.cells == labels.map(HandCube.counts))
  }

  @Test func anUtteranceWithoutAnyOfTheModalitiesIsNotCounted() {
    let cube = BranchLogitCube(
      classes: 2, rows: 2, levels: [0], seeds: 1, modalities: [.text, .audio],
      logits: [.text: [HandCube.table(-1, 5)], .audio: [HandCube.table(2, 2)]],
      missing: [.text: [false, true], .audio: [false, false]])
    #expect(cube.cleanLabels == [0, 0])
    #expect(cube.labels([FusionTerm(.text)]) == [1, -1])
    // A factor of 0 takes the modality away, and with it what it alone could say.
    #expect(cube.labels([FusionTerm(.text), FusionTerm(.audio, factor: 0)]) == [1, -1])
    let probe = MissingModalityProbe(cube, ReferenceLabels(clean: [0, 0], truth: [-1, -1]))
    #expect(probe.subsets().cells.map(\.clean.total) == [1, 2, 2])
  }
}
