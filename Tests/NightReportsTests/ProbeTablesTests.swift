import DialogueDomain
import NightReports
import Testing

@testable import EvaluationStatistics

struct ProbeTablesTests {
  /// Two classes, text and audio; clean 3 + 1 labels, of which 3 of 4 right; noise halves them.
  private func statistics(truth: Bool) throws -> ProbeStatistics {
    func counts(_ cells: [Int], _ truths: [Int]) throws -> PerturbationCounts {
      PerturbationCounts(
        clean: try #require(ConfusionCounts(classes: 2, cells: cells)),
        truth: try #require(ConfusionCounts(classes: 2, cells: truth ? truths : [0, 0, 0, 0])))
    }
    let shape = ProbeShape(
      modelDigest: "m", emotions: EmotionSet(["anger", "joy"]), modalities: [.text, .audio], noiseDeviations: [:],
      plan: try ProbePlan(levels: [0, 0.5], seeds: [1, 2], missingRates: [0]))
    var made = ProbeStatistics(shape: shape)
    made.clean = try counts([3, 0, 0, 1], [2, 0, 1, 1])
    let worse = try counts([2, 1, 1, 0], [1, 1, 2, 0])
    made.noise = ConditionTable([made.clean, worse] + [made.clean, made.clean] + [worse, worse])
    made.extremes = ConditionTable([made.clean, worse, worse, worse, worse])
    made.subsets = ConditionTable([worse, worse, made.clean])
    made.dropped = ConditionTable([made.clean, made.clean])
    made.gaps = ConditionTable([made.clean, worse, worse, worse])
    return made
  }

  @Test func noiseTablesShowEveryPatternWithItsSpread() throws {
    let text = try #require(ProbeTables(try statistics(truth: true))?.noise)
    #expect(
      text == """
        Weighted F1 under noise, %, mean and deviation over 2 seeds (4 utterances)
        noise on  0.0σ       0.5σ  mean
        all       73.3  46.7±37.7  60.0
        text      73.3   73.3±0.0  73.3
        audio     73.3   20.0±0.0  46.7

        Labels changed by noise, %, mean and deviation over 2 seeds (4 utterances)
        noise on  0.0σ       0.5σ  mean
        all        0.0  25.0±35.4  12.5
        text       0.0    0.0±0.0   0.0
        audio      0.0   50.0±0.0  25.0

        """)
  }

  @Test func gridTablesAreThePlaneOfTwoModalities() throws {
    var made = try statistics(truth: true)
    made.grid = LabelTallies(classes: 2, conditions: 4)
    // Text's level first: (0, 0) all right, (0, 0.5) one of two wrong, (0.5, 0) all wrong, (0.5, 0.5) as (0, 0.5).
    for (condition, labels) in ([[0, 1], [0, 0], [1, 0], [0, 0]] as [[Int32]]).enumerated() {
      made.grid.add(condition: condition, labels: labels, clean: [0, 1], truth: [0, 1])
    }
    // One of two right, F1 2/3 and 0: 33.3.
    #expect(
      try #require(ProbeTables(made)?.grid) == """
        Weighted F1 with noise on text (rows) and audio (columns), %
        text   0.0σ  0.5σ
        0.0σ  100.0  33.3
        0.5σ    0.0  33.3

        """)
    let shape = try #require(made.shape)
    #expect(shape.gridCells.map(shape.gridCondition) == [0, 1, 2, 3])
    #expect(try ProbeTables(nothing(probes: [.noise]))?.grid == nil)
  }

  @Test func theWholeTextHasEveryTableThatRan() throws {
    var made = try statistics(truth: true)
    made.grid = LabelTallies(classes: 2, conditions: 4)
    let tables = try #require(ProbeTables(made))
    let parts = [tables.noise, tables.grid, tables.imbalance, tables.missing].compactMap(\.self)
    #expect(parts.count == 4 && tables.text == parts.joined(separator: "\n"))
    #expect(
      parts[3] == """
        Missing modalities, %, mean and deviation over seeds
        modalities              accuracy  weighted F1  labels changed  utterances
        text                        25.0         20.0            50.0           4
        audio                       25.0         20.0            50.0           4
        text + audio                75.0         73.3             0.0           4
        0 % dropped at random   75.0±0.0     73.3±0.0         0.0±0.0           4
        gap of 30 % in text    50.0±35.4    46.7±37.7       25.0±35.4           4
        gap of 30 % in audio    25.0±0.0     20.0±0.0        50.0±0.0           4

        """)
  }

  @Test func imbalanceTablesHoldOneMatrixPerWeights() throws {
    let text = try #require(ProbeTables(try statistics(truth: true))?.imbalance)
    #expect(
      text.hasPrefix(
        """
        Extreme fusion weights (text/audio, %)
        weights  accuracy  weighted F1  labels changed
        50/50        75.0         73.3             0.0
        80/20        25.0         20.0            50.0
        20/80        25.0         20.0            50.0
        100/0        25.0         20.0            50.0
        0/100        25.0         20.0            50.0

        Rows are the true labels, columns the labels given, % of the row

        Weights 50/50
               anger   joy  count
        anger  100.0   0.0      2
        joy     50.0  50.0      2

        """))
  }

  @Test func withoutTruthTheTablesCompareWithTheCleanLabels() throws {
    let bare = try statistics(truth: false)
    let noise = try #require(ProbeTables(bare)?.noise)
    #expect(!noise.contains("F1") && noise.contains("audio      0.0   50.0±0.0  25.0"))
    let imbalance = try #require(ProbeTables(bare)?.imbalance)
    #expect(imbalance.contains("Rows are the clean labels") && !imbalance.contains("accuracy"))
    let missing = try #require(ProbeTables(bare)?.missing)
    #expect(missing.contains("gap of 30 % in text         25.0±35.4           4"))
  }

  /// Statistics of no bundle at all.
  private func nothing(probes: Set<ProbePlan.Probe>) throws -> ProbeStatistics {
    ProbeStatistics(
      shape: ProbeShape(
        modelDigest: "model", emotions: EmotionSet(["anger", "joy", "fear"]), modalities: [.text, .audio],
        noiseDeviations: [.text: 1, .audio: 0.5],
        plan: try ProbePlan(levels: [0, 0.3], seeds: [1, 2], probes: probes, missingRates: [0, 0.5])))
  }

  @Test func probesThatDidNotRunHaveNoTable() throws {
    let none = try #require(ProbeTables(try nothing(probes: [])))
    #expect(none.noise == nil && none.grid == nil && none.imbalance == nil && none.missing == nil)
    #expect(none.text.isEmpty)
    #expect(ProbeTables(.zero) == nil)
  }

  @Test func aNightWithoutDataHasTablesOfZeros() throws {
    let text = try #require(ProbeTables(try nothing(probes: Set(ProbePlan.Probe.allCases)))?.noise)
    #expect(text.contains("(0 utterances)") && !text.contains("nan"))
  }
}
