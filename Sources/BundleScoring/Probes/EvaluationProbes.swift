import AMBDSGDN
import DialogueDomain
import EvaluationStatistics
import Tensors

/// The probes offline, on a labelled set: the paper's Figures 7 and 8 with one command.
public struct EvaluationProbes: Sendable {
  private let run: ProbeRun

  public init(_ model: Model, plan: ProbePlan = .standard, threads: Int = Processor.cores) {
    run = ProbeRun(model, plan: plan, threads: threads)
  }

  /// The statistics over several bundles, each with its digest.
  ///
  /// - Parameter progress: called after each bundle with the number of bundles done.
  public func statistics(
    _ bundles: [(bundle: FeatureBundle, digest: String)], progress: (Int) -> Void = { _ in }
  ) throws -> ProbeStatistics {
    var sum = ProbeStatistics(shape: run.shape)
    for (index, entry) in bundles.enumerated() {
      sum += try run.run(entry.bundle, digest: entry.digest).statistics
      progress(index + 1)
    }
    return sum
  }
}
