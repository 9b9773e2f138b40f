import DSGDN
import Dialogue
import Foundation
import Numerics
import Probes
import Robustness

/// Measures what the probes cost, in passes of plain scoring measured in the same run.
public struct ProbeBenchmark: Sendable {
  /// What was measured: seconds of each repetition.
  public struct Result: Sendable {
    public let utterances: Int
    public let threads: Int
    /// Noise levels with the clean one, and seeds.
    public let levels: Int
    public let seeds: Int
    /// Plain scoring.
    public let cleanSeconds: [Double]
    /// The noisy runs: everything that is no arithmetic on the cube.
    public let cubeSeconds: [Double]
    /// The arithmetic on the cube: every probe's counts.
    public let arithmeticSeconds: [Double]
    /// Size of the stored statistics.
    public let statisticsBytes: Int

    /// Cost of the whole probe set in clean passes.
    public var passes: Double {
      (median(cubeSeconds) + median(arithmeticSeconds)) / median(cleanSeconds)
    }

    /// The arithmetic's share of the whole cost.
    public var arithmeticShare: Double {
      median(arithmeticSeconds) / (median(cubeSeconds) + median(arithmeticSeconds))
    }
  }

  private let model: Model
  private let bundle: FeatureBundle
  private let plan: ProbePlan
  private let threads: Int
  private let repetitions: Int

  public init(_ model: Model, bundle: FeatureBundle, plan: ProbePlan = .standard, threads: Int, repetitions: Int) {
    self.model = model
    self.bundle = bundle
    self.plan = plan
    self.threads = threads
    self.repetitions = repetitions
  }

  /// Scores and probes in turn; the first round is not counted.
  public func run() throws -> Result {
    let inference = BranchInference(model, threads: threads)
    let run = ProbeRun(model, plan: plan, threads: threads)
    let digest = "benchmark"
    var (clean, noisy, arithmetic): ([Double], [Double], [Double]) = ([], [], [])
    var bytes = 0
    for repetition in 0...repetitions {
      // Scoring is short: several passes steady its median.
      let passes = try (0..<5).map { _ in try measured { _ = try inference.logits(bundle) } }
      var cube: BranchLogitCube?
      let cubeSeconds = try measured { cube = try run.cube(bundle, digest: digest) }
      guard let cube else { continue }
      var statistics = ProbeStatistics.zero
      let arithmeticSeconds = measured {
        statistics = run.statistics(cube, bundle, digest: digest)
        _ = run.stability(cube)
      }
      bytes = try statistics.encoded().count
      guard repetition > 0 else { continue }
      clean += passes
      noisy.append(cubeSeconds)
      arithmetic.append(arithmeticSeconds)
    }
    return Result(
      utterances: bundle.utterances.count, threads: threads, levels: plan.levels.count, seeds: plan.seeds.count,
      cleanSeconds: clean, cubeSeconds: noisy, arithmeticSeconds: arithmetic, statisticsBytes: bytes)
  }
}
