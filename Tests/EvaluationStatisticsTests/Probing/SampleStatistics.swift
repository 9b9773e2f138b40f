import DialogueDomain

@testable import EvaluationStatistics

/// Statistics with something in every field, a function of a number.
enum SampleStatistics {
  static func shape(probes: Set<ProbePlan.Probe> = Set(ProbePlan.Probe.allCases)) throws -> ProbeShape {
    ProbeShape(
      modelDigest: "model", emotions: EmotionSet(["anger", "joy", "fear"]), modalities: [.text, .audio],
      noiseDeviations: [.text: 1, .audio: 0.5],
      plan: try ProbePlan(levels: [0, 0.3], seeds: [1, 2], probes: probes, missingRates: [0, 0.5]))
  }

  /// A repeatable stream of small numbers.
  struct Numbers {
    var state: UInt64

    mutating func next(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
  }

  static func make(_ number: Int, probes: Set<ProbePlan.Probe> = Set(ProbePlan.Probe.allCases)) throws
    -> ProbeStatistics
  {
    let shape = try shape(probes: probes)
    var numbers = Numbers(state: UInt64(number))
    func counts() -> PerturbationCounts {
      var counts = PerturbationCounts(classes: 3)
      for _ in 0..<5 {
        counts.add(
          clean: numbers.next(3), perturbed: numbers.next(3), truth: numbers.next(2) == 0 ? nil : numbers.next(3))
      }
      return counts
    }
    func table(_ empty: ConditionTable<PerturbationCounts>) -> ConditionTable<PerturbationCounts> {
      ConditionTable(empty.cells.map { _ in counts() })
    }
    func labels(_ count: Int) -> [Int32] { (0..<count).map { _ in Int32(numbers.next(4)) - 1 } }

    var made = ProbeStatistics(shape: shape)
    made.bundles = 1
    made.dialogues = 2
    made.utterances = 5
    made.unlabelled = numbers.next(2)
    made.clean = counts()
    made.noise = table(made.noise)
    made.extremes = table(made.extremes)
    made.subsets = table(made.subsets)
    made.dropped = table(made.dropped)
    made.gaps = table(made.gaps)
    for condition in 0..<made.grid.conditions {
      made.grid.add(condition: condition, labels: labels(5), clean: labels(5), truth: labels(5))
    }
    for condition in 0..<made.simplex.conditions {
      made.simplex.add(condition: condition, labels: labels(5), clean: labels(5), truth: labels(5))
    }
    made.strengths = shape.modalities.map { _ in ExactSum(units: Int64(numbers.next(1000))) }
    made.certainty = ConditionTable(
      made.certainty.cells.map { _ in
        var certainty = CertaintyStatistics()
        for _ in 0..<5 {
          let high = 0.4 + Float(numbers.next(60)) / 100
          certainty.add(
            probabilities: [high, (1 - high) / 3, (1 - high) * 2 / 3], label: 0,
            truth: numbers.next(3) == 0 ? nil : numbers.next(3), half: numbers.next(2) == 0 ? .evaluated : .calibrating)
        }
        return certainty
      })
    made.health = ConditionTable(
      [3, 11].map { width in
        var health = FeatureHealth(width: width)
        health.addMissing(numbers.next(3))
        let row = (0..<width).map { _ in Float(numbers.next(5)) / 7 }
        health.add(raw: row[...], scaled: row, deviation: 0.5, limit: 1)
        return health
      })
    if shape.curvePoints > 0 {
      made.curves = DialogueCurves([
        "bundle \(number)": [
          "a": DialogueCurve(utterances: 3, known: 2, cleanCorrect: 1, kept: [5, 4, 6], correct: [1, 2, 3]),
          "対話": DialogueCurve(utterances: 2, known: 0, kept: [numbers.next(4), 4, 4], correct: [0, 0, 0]),
        ]
      ])
    }
    return made
  }
}
