import AMBDSGDN
import BundleScoring
import DialogueDomain
import EvaluationStatistics
import Foundation
import Tensors

/// Measures what the probes cost, in passes of plain scoring measured in the same run.
public struct ProbeBenchmark: Sendable {
  /// What was measured: seconds of each repetition.
  public struct Result: Sendable {
    /// Utterances of the bundle.
    public let utterances: Int
    /// Threads that computed.
    public let threads: Int
    /// Noise levels with the clean one, and seeds.
    public let levels: Int
    /// Seeds of the noise.
    public let seeds: Int
    /// Plain scoring.
    public let clean: [Cost]
    /// The noisy runs: everything that is no arithmetic on the cube.
    public let cube: [Cost]
    /// The arithmetic on the cube: every probe's counts.
    public let arithmetic: [Cost]
    /// Size of the stored statistics.
    public let statisticsBytes: Int

    /// Cost of the whole probe set in clean passes, by processor time unless said otherwise.
    public func passes(by time: KeyPath<Cost, Double> = \.processor) -> Double {
      (median(cube.map { $0[keyPath: time] }) + median(arithmetic.map { $0[keyPath: time] }))
        / median(clean.map { $0[keyPath: time] })
    }

    /// The arithmetic's share of the whole cost.
    public func arithmeticShare(by time: KeyPath<Cost, Double> = \.processor) -> Double {
      let share = median(arithmetic.map { $0[keyPath: time] })
      return share / (median(cube.map { $0[keyPath: time] }) + share)
    }
  }

  /// Seconds that a piece of work took.
  public struct Cost: Sendable {
    /// On the clock.
    public let elapsed: Double
    /// On all processor cores together; other programs on the machine hardly change it.
    public let processor: Double
  }

  private let model: Model
  private let bundle: FeatureBundle
  private let plan: ProbePlan
  private let threads: Int
  private let repetitions: Int

  /// - Parameter repetitions: to count; one more is run first.
  public init(_ model: Model, bundle: FeatureBundle, plan: ProbePlan = .standard, threads: Int, repetitions: Int) {
    self.model = model
    self.bundle = bundle
    self.plan = plan
    self.threads = threads
    self.repetitions = repetitions
  }

  /// Scores and probes in turn; the first round is not counted.
  ///
  /// - Throws: `CancellationError` where the calling task is cancelled.
  public func run() throws -> Result {
    let inference = BranchInference(model, threads: threads)
    let run = ProbeRun(model, plan: plan, threads: threads)
    let digest = "benchmark"
    var (clean, noisy, arithmetic): ([Cost], [Cost], [Cost]) = ([], [], [])
    var bytes = 0
    for repetition in 0...repetitions {
      // Scoring is short: several passes steady its median.
      let passes = try (0..<5).map { _ in try cost { _ = try inference.logits(bundle) } }
      var cube: BranchLogitCube?
      let cubeCost = try cost { cube = try run.cube(bundle, digest: digest) }
      guard let cube else { continue }
      var statistics = ProbeStatistics.zero
      let arithmeticCost = cost {
        statistics = run.statistics(cube, bundle, digest: digest)
        _ = run.stability(cube)
      }
      bytes = try statistics.encoded().count
      guard repetition > 0 else { continue }
      clean += passes
      noisy.append(cubeCost)
      arithmetic.append(arithmeticCost)
    }
    return Result(
      utterances: bundle.utterances.count, threads: threads, levels: plan.levels.count, seeds: plan.seeds.count,
      clean: clean, cube: noisy, arithmetic: arithmetic, statisticsBytes: bytes)
  }

  private func cost(_ body: () throws -> Void) rethrows -> Cost {
    let before = processorSeconds()
    let elapsed = try measured(body)
    return Cost(elapsed: elapsed, processor: processorSeconds() - before)
  }
}
