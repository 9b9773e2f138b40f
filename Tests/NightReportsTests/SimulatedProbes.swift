import DialogueDomain
import EvaluationStatistics
import TestFolders

/// Probe statistics of made-up branches: each says the truth as loudly as its strength, and noise drowns it.
///
/// Every count comes from labels that were added up and compared, so figures hang together as in a real run.
struct SimulatedProbes {
  static let emotions = EmotionSet(["neutral", "surprise", "fear", "sadness", "joy", "disgust", "anger"])

  var plan = ProbePlan.standard
  var modelDigest = String(repeating: "5e", count: 32)
  var strengths: [Modality: Double] = [.text: 2.4, .visual: 0.7, .audio: 1.3]
  var emotions = Self.emotions
  /// How often each class is the truth.
  var weights = [0.47, 0.12, 0.03, 0.07, 0.17, 0.03, 0.11]
  var isLabelled = true

  private var modalities: [Modality] { strengths.keys.sorted() }

  var shape: ProbeShape {
    ProbeShape(
      modelDigest: modelDigest, emotions: emotions, modalities: modalities,
      noiseDeviations: strengths.mapValues { _ in 1 }, plan: plan)
  }

  /// The statistics of one bundle of some dialogues.
  func statistics(digest: String, dialogues: Int, turns: Int, seed: UInt64) -> ProbeStatistics {
    var generator = RepeatableRandom(seed)
    var sum = ProbeStatistics(shape: shape)
    sum.bundles = 1
    var curves: [String: DialogueCurve] = [:]
    for number in 0..<dialogues {
      let rows = (0..<turns).map { _ in row(&generator) }
      sum.dialogues += 1
      sum.utterances += rows.count
      add(rows, half: number % 2 == 0 ? .calibrating : .evaluated, to: &sum)
      curves["\(digest.prefix(4))-dialogue-\(number)"] = curve(rows)
    }
    if shape.curvePoints > 0 { sum.curves = DialogueCurves([digest: curves]) }
    return sum
  }

  /// One utterance: its truth, and per modality its clean logits and the noise of each seed.
  private struct Row {
    var truth: Int
    var logits: [[Double]]
    var noise: [[[Double]]]
  }

  private func row(_ generator: inout RepeatableRandom) -> Row {
    var left = generator.uniform() * weights.reduce(0, +)
    let truth = weights.indices.first { index in
      left -= weights[index]
      return left < 0
    }
    let place = truth ?? 0
    return Row(
      truth: place,
      logits: modalities.map { modality in
        emotions.names.indices.map { ($0 == place ? strengths[modality] ?? 0 : 0) + generator.normal() }
      },
      noise: plan.seeds.map { _ in modalities.map { _ in emotions.names.indices.map { _ in 3 * generator.normal() } } })
  }

  private func fused(_ row: Row, weights: [Double]? = nil, levels: [Double]? = nil, seed: Int = 0) -> [Double] {
    emotions.names.indices.map { index in
      modalities.indices.reduce(0) { sum, place in
        let noise = levels.map { $0[place] * row.noise[seed][place][index] } ?? 0
        return sum + (weights?[place] ?? 1) * (row.logits[place][index] + noise)
      }
    }
  }

  private func label(_ logits: [Double]) -> Int {
    logits.indices.max { logits[$0] < logits[$1] } ?? 0
  }

  private func levels(_ pattern: NoisePattern, _ level: Double) -> [Double] {
    modalities.map { pattern.covers($0) ? level : 0 }
  }

  private func add(_ rows: [Row], half: ConformalHistogram.Half, to sum: inout ProbeStatistics) {
    let shape = shape
    func counts(_ condition: (Row) -> [Double]) -> PerturbationCounts {
      var counts = PerturbationCounts(classes: emotions.count)
      for row in rows {
        counts.add(clean: label(fused(row)), perturbed: label(condition(row)), truth: isLabelled ? row.truth : nil)
      }
      return counts
    }
    let noisy = shape.patterns.flatMap { pattern in
      plan.levels.dropFirst().flatMap { level in
        plan.seeds.indices.map { seed in counts { fused($0, levels: levels(pattern, level), seed: seed) } }
      }
    }
    sum.clean += counts { fused($0) }
    if !sum.noise.isEmpty { sum.noise += ConditionTable(noisy) }
    sum.extremes += table(
      shape.extremes.map { weights in counts { fused($0, weights: factors(weights)) } }, sum.extremes)
    sum.subsets += table(
      shape.subsets.map { subset in counts { fused($0, weights: modalities.map { subset.contains($0) ? 1 : 0 }) } },
      sum.subsets)
    // Dropping takes the first modality at every rate above 0, a gap its own.
    sum.dropped += table(
      plan.missingRates.flatMap { rate in
        plan.seeds.map { _ in
          counts { fused($0, weights: modalities.indices.map { $0 == 0 && rate > 0 ? 1 - rate : 1 }) }
        }
      }, sum.dropped)
    sum.gaps += table(
      modalities.indices.flatMap { gap in
        plan.seeds.map { _ in counts { fused($0, weights: modalities.indices.map { $0 == gap ? 0.5 : 1 }) } }
      }, sum.gaps)
    addTallies(rows, to: &sum)
    sum.certainty += ConditionTable(plan.certaintyIndices.map { certainty(rows, plan.levels[$0], half) })
    sum.health += ConditionTable(modalities.map { _ in health(rows) })
  }

  private func table(
    _ cells: [PerturbationCounts], _ empty: ConditionTable<PerturbationCounts>
  ) -> ConditionTable<PerturbationCounts> {
    empty.isEmpty ? empty : ConditionTable(cells)
  }

  private func factors(_ weights: FusionWeights) -> [Double] { modalities.map { Double(weights.factor($0)) } }

  private func addTallies(_ rows: [Row], to sum: inout ProbeStatistics) {
    let clean = rows.map { Int32(label(fused($0))) }
    let truth = rows.map { isLabelled ? Int32($0.truth) : -1 }
    if sum.grid.conditions > 0 {
      for (condition, cell) in shape.gridCells.enumerated() {
        for seed in plan.seeds.indices {
          let labels = rows.map { row in
            Int32(label(fused(row, levels: cell.map { plan.levels[$0] }, seed: seed)))
          }
          sum.grid.add(condition: condition, labels: labels, clean: clean, truth: truth)
        }
      }
    }
    if sum.simplex.conditions > 0 {
      for (condition, weights) in shape.simplex.enumerated() {
        let labels = rows.map { Int32(label(fused($0, weights: factors(weights)))) }
        sum.simplex.add(condition: condition, labels: labels, clean: clean, truth: truth)
      }
    }
  }

  private func certainty(_ rows: [Row], _ level: Double, _ half: ConformalHistogram.Half) -> CertaintyStatistics {
    var certainty = CertaintyStatistics()
    for row in rows {
      for seed in level == 0 ? 0..<1 : plan.seeds.indices {
        let logits = fused(row, levels: levels(.all, level), seed: seed)
        let largest = logits.max() ?? 0
        let powers = logits.map { power($0 - largest) }
        let total = powers.reduce(0, +)
        certainty.add(
          probabilities: powers.map { Float($0 / total) }, label: label(logits), truth: isLabelled ? row.truth : nil,
          half: half)
      }
    }
    return certainty
  }

  private func health(_ rows: [Row]) -> FeatureHealth {
    var health = FeatureHealth(width: 9)
    health.addMissing(1)
    for row in rows {
      // The last column is dead; a large logit makes a value out of range.
      var values = row.logits[0].prefix(7).map(Float.init) + [Float](repeating: 0, count: 9)
      values = Array(values.prefix(8)) + [0]
      health.add(raw: values[...], scaled: values, deviation: 1, limit: 3)
    }
    return health
  }

  private func curve(_ rows: [Row]) -> DialogueCurve {
    let clean = rows.map { label(fused($0)) }
    let points = shape.patterns.flatMap { pattern in plan.levels.dropFirst().map { levels(pattern, $0) } }
    let labels = points.map { point in
      plan.seeds.indices.map { seed in rows.map { label(fused($0, levels: point, seed: seed)) } }
    }
    func tally(_ wanted: [Int]) -> [Int] {
      labels.map { seeds in seeds.reduce(0) { sum, seed in sum + zip(seed, wanted).count { $0 == $1 } } }
    }
    let truth = rows.map(\.truth)
    return DialogueCurve(
      utterances: rows.count, known: isLabelled ? rows.count : 0,
      cleanCorrect: isLabelled ? zip(clean, truth).count { $0 == $1 } : 0, kept: tally(clean),
      correct: isLabelled ? tally(truth) : points.map { _ in 0 })
  }

  /// e^x for x ≤ 0, by repeated squaring; near enough for made-up probabilities.
  private func power(_ exponent: Double) -> Double {
    var value = 1 + exponent / 1024
    for _ in 0..<10 { value *= value }
    return exponent < -30 ? 1e-13 : value
  }
}

extension RepeatableRandom {
  /// Nearly normal: the sum of twelve uniform numbers.
  mutating func normal() -> Double { (0..<12).reduce(-6) { sum, _ in sum + uniform() } }
}
