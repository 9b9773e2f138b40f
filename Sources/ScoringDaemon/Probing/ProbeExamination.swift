import BundleScoring
import DialogueBundles
import EvaluationStatistics
import Foundation

/// Reads a scored bundle again and probes it with the model that scored it: all of a probe but its results' way home.
struct ProbeExamination: Sendable {
  let task: ProbeTask
  let plan: ProbePlan
  let model: any EmotionModel
  /// The spool's root folder.
  let root: URL
  /// Makes a reader.
  ///
  /// Of its own and on this thread: a child process inherits the thread's low priority, and those that read arriving
  /// bundles must not.
  let intake: @Sendable () throws -> any BundleSource

  /// - Throws: an `ExplainedError` where the bundle cannot be probed, and what `checkpoint` throws.
  func run(checkpoint: @escaping @Sendable () throws -> Void) throws -> ProbedBundle {
    try checkpoint()
    let url = root.appendingPathComponent(task.file, isDirectory: false)
    guard FileManager.default.fileExists(atPath: url.path) else {
      throw DaemonError(.missingInput, "the bundle is gone", at: task.file)
    }
    let content = try intake().read(url)
    guard content.digest == task.bundleDigest else {
      throw DaemonError(
        .data, "the file holds other bytes than were scored", at: task.file,
        found: "digest \(content.digest.prefix(8))",
        expected: String(task.bundleDigest.prefix(8)))
    }
    return try model.probe(
      content.bundle, name: task.name, digest: content.digest, plan: plan, checkpoint: checkpoint)
  }
}
