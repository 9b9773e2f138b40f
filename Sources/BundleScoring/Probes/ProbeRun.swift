import AMBDSGDN
import DialogueDomain
import EvaluationStatistics
import Tensors

/// What probing one bundle gives.
public struct ProbeOutcome: Sendable {
  /// The clean run: to the bit what scoring alone gives.
  public let logits: BranchLogits
  /// The bundle's part of the night.
  public let statistics: ProbeStatistics
  /// Share of each utterance's noisy runs that keep its label (see `BranchLogitCube.stability`); in row order.
  public let stability: [Double?]
}

/// Runs a plan's probes on whole bundles with one model.
///
/// The outcome is a function of the model, the bundle, its digest and the plan: not of threads, order or day.
public struct ProbeRun: Sendable {
  /// The model that is probed.
  public let model: Model
  /// Which probes run, and how deep.
  public let plan: ProbePlan
  private let matching: EmotionMatching
  private let threads: Int

  /// - Parameters:
  ///   - matching: which class a true emotion's name means.
  ///   - threads: how many threads a bundle's pieces, branches and seeds are spread over.
  public init(
    _ model: Model, plan: ProbePlan = .standard, matching: EmotionMatching = EmotionMatching(),
    threads: Int = Processor.cores
  ) {
    self.model = model
    self.matching = matching
    self.plan = plan
    self.threads = threads
  }

  /// What the statistics of every bundle are about.
  public var shape: ProbeShape {
    let configuration = model.configuration
    return ProbeShape(
      modelDigest: model.digest, emotions: configuration.emotions, modalities: configuration.modalityOrder,
      noiseDeviations: configuration.modalityOrder.reduce(into: [:]) { $0[$1] = configuration.noiseDeviation($1) },
      plan: plan)
  }

  /// Probes one bundle, whose widths must be the model's; what the parts of a larger one give adds up to what it gives whole.
  ///
  /// - Parameters:
  ///   - digest: the bundle's, which keys all random draws.
  ///   - checkpoint: called before each part of the work, on any thread; what it throws ends the run, for a daemon that
  ///     has something more urgent to do.
  /// - Throws: what `checkpoint` throws.
  public func run(
    _ bundle: FeatureBundle, digest: String, checkpoint: @escaping @Sendable () throws -> Void = {}
  ) throws -> ProbeOutcome {
    let cube = try cube(bundle, digest: digest, checkpoint: checkpoint)
    return ProbeOutcome(
      logits: cube.clean, statistics: statistics(cube, bundle, digest: digest), stability: stability(cube))
  }

  /// Every branch's logits at every level and seed that the plan needs.
  ///
  /// - Throws: what `checkpoint` throws.
  public func cube(
    _ bundle: FeatureBundle, digest: String, checkpoint: @escaping @Sendable () throws -> Void = {}
  ) throws -> BranchLogitCube {
    try NoisyInference(model, levels: plan.runLevels, seeds: plan.seeds, threads: threads)
      .cube(bundle, digest: digest, checkpoint: checkpoint)
  }

  /// Share of each utterance's noisy runs that keep its label; nil where the noise probe is not in the plan.
  public func stability(_ cube: BranchLogitCube) -> [Double?] {
    plan.probes.contains(.noise)
      ? cube.stability : [Double?](repeating: nil, count: cube.rows)
  }

  /// The arithmetic on the cube: no model runs.
  public func statistics(_ cube: BranchLogitCube, _ bundle: FeatureBundle, digest: String) -> ProbeStatistics {
    let shape = shape
    let reference = ReferenceLabels(
      clean: cube.cleanLabels, truth: ReferenceLabels.truth(of: bundle, classes: shape.emotions, matching: matching))
    var statistics = ProbeStatistics(shape: shape)
    // A bundle of several parts is counted with its first.
    statistics.bundles = bundle.firstRow == 0 ? 1 : 0
    statistics.dialogues = bundle.dialogues.count
    statistics.utterances = cube.rows
    statistics.unlabelled = reference.clean.count { $0 < 0 }
    statistics.clean = reference.counts(reference.clean, classes: cube.classes)
    statistics.certainty = CertaintyProbe.statistics(
      cube, reference, levels: plan.certaintyIndices, temperature: model.configuration.temperature,
      halves: CertaintyProbe.halves(bundle.dialogues, rows: cube.rows, bundleDigest: digest))
    statistics.health = FeatureHealthProbe.health(
      of: bundle, model: model, plausibleDeviations: plan.plausibleDeviations)
    statistics.strengths = cube.modalities.map { cube.strength(of: $0) }
    if plan.probes.contains(.noise) {
      statistics.noise = NoiseProbe.counts(cube, reference, patterns: shape.patterns)
      statistics.curves = DialogueCurves([
        digest: NoiseProbe.curves(cube, reference, patterns: shape.patterns, dialogues: bundle.dialogues)
      ])
    }
    if plan.probes.contains(.grid) {
      statistics.grid = NoiseGridProbe.tallies(cube, reference, cells: shape.gridCells)
    }
    if plan.probes.contains(.imbalance) {
      statistics.extremes = ImbalanceProbe.counts(cube, reference, weights: shape.extremes)
      statistics.simplex = ImbalanceProbe.tallies(cube, reference, weights: shape.simplex)
    }
    if plan.probes.contains(.missing) {
      let probe = MissingModalityProbe(cube, reference)
      statistics.subsets = probe.subsets()
      statistics.dropped = probe.dropped(
        rates: plan.missingRates, seeds: plan.seeds, bundleDigest: digest, firstRow: bundle.firstRow)
      statistics.gaps = probe.gaps(
        share: plan.gapShare, seeds: plan.seeds, bundleDigest: digest, dialogues: bundle.dialogues,
        firstRow: bundle.firstRow)
    }
    return statistics
  }
}

/// What perturbed labels are compared with: the clean labels and, where known, the truth; −1 for none.
public struct ReferenceLabels: Sendable, Hashable {
  /// The clean labels by row; −1 where there is none.
  public let clean: [Int32]
  /// The true classes by row; −1 where they are not known.
  public let truth: [Int32]

  /// Labels to compare with, row by row.
  public init(clean: [Int32], truth: [Int32]) {
    precondition(clean.count == truth.count, "one truth per clean label")
    self.clean = clean
    self.truth = truth
  }

  /// The bundle's labels as classes of the model, matched by name; a name that the model lacks is no truth here.
  public static func truth(of bundle: FeatureBundle, classes: EmotionSet, matching: EmotionMatching) -> [Int32] {
    let mapped = bundle.emotions?.names.map { matching.index(of: $0, in: classes).map(Int32.init) ?? -1 } ?? []
    return bundle.utterances.map { utterance in
      guard let label = utterance.label, mapped.indices.contains(label) else { return -1 }
      return mapped[label]
    }
  }

  /// What a perturbation did; an utterance that it leaves without any modality, label −1, is not counted.
  public func counts(_ perturbed: [Int32], classes: Int) -> PerturbationCounts {
    precondition(perturbed.count == clean.count, "one perturbed label per clean label")
    var counts = PerturbationCounts(classes: classes)
    for row in clean.indices where clean[row] >= 0 && perturbed[row] >= 0 {
      counts.add(
        clean: Int(clean[row]), perturbed: Int(perturbed[row]), truth: truth[row] < 0 ? nil : Int(truth[row]))
    }
    return counts
  }
}
