import AMBDSGDN
import BundleScoring
import BundleSpool
import DialogueBundles
import EvaluationStatistics
import Foundation
import LabelFiles
import ResultIndex

/// Reads a scored bundle again and probes it with the model that scored it: all of a probe but recording its results.
struct ProbeExamination: Sendable {
  let probe: PendingProbe
  let plan: ProbePlan
  let prober: BundleProber
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
    let source = try intake()
    var missed: (any Error)?
    let names = ([probe.name] + probe.aliases).flatMap {
      BundleName(FileName($0)).variants(digest: probe.bundleDigest).map(\.text)
    }
    for file in [probe.file] + names.map({ "done/\($0)" }) {
      do {
        return try prober.probe(
          NamedBundle(try content(of: file, by: source), name: probe.name), plan: plan, checkpoint: checkpoint)
      } catch let error as DaemonError {
        // What became of the name that was scored is what counts, where none holds the bytes.
        missed = missed ?? error
      }
    }
    throw missed ?? DaemonError(.missingInput, "the bundle is gone", at: probe.file)
  }

  /// The bytes that were scored.
  private func content(of file: String, by source: any BundleSource) throws -> OpenedBundle {
    let url = root.appendingPathComponent(file, isDirectory: false)
    guard FileManager.default.fileExists(atPath: url.path) else {
      throw DaemonError(.missingInput, "the bundle is gone", at: file)
    }
    let content = try source.open(url)
    guard content.digest == probe.bundleDigest else {
      throw DaemonError(
        .data, "the file holds other bytes than were scored", at: file,
        found: "digest \(content.digest.prefix(8))",
        expected: String(probe.bundleDigest.prefix(8)))
    }
    return content
  }
}

/// Makes a probe's results durable: stability into the label file, then everything into the index.
///
/// The probe stays pending until both are done: after a kill in between it runs again, to the same bytes.
struct ProbeRecording {
  let labels: LabelFileWriter
  let index: IndexWriter
  let now: () -> Date
  /// Called before every durable step; what it throws ends the recording at once, as a crash would.
  let checkpoint: (PipelineStep) throws -> Void

  /// - Returns: false where the probe is no longer wanted: another model or plan has taken its place.
  /// - Throws: `PipelineTrouble`, and what `checkpoint` throws.
  func record(_ probed: ProbedBundle, of probe: PendingProbe, seconds: Double) throws -> Bool {
    guard try PipelineTrouble.attribute(to: .machine, { try index.isPending(probe) }) else { return false }
    try checkpoint(.stability)
    try PipelineTrouble.attribute(to: .machine) {
      let name = (probe.labelFile as NSString).lastPathComponent
      // Labels that somebody has taken away stay away.
      try labels.asWritten(name)?.write(probed.scored, as: name)
    }
    try checkpoint(.probe)
    _ = try PipelineTrouble.attribute(to: .machine) {
      try index.recordProbe(
        probe, stability: probed.scored.utterances.map(\.stability), statistics: probed.statistics, seconds: seconds,
        at: now())
    }
    return true
  }
}
