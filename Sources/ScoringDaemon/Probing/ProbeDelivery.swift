import BundleScoring
import Foundation

/// Makes a probe's results durable: stability into the label file, then everything into the index.
///
/// The probe stays pending until both are done: after a kill in between it runs again, to the same bytes.
struct ProbeDelivery {
  let labels: LabelFileWriter
  let ledger: any ResultLedger
  let now: () -> Date
  /// Called before every durable step; what it throws ends the way at once, as a crash would.
  let checkpoint: (PipelineStep) throws -> Void

  /// - Returns: false where the probe is no longer wanted: another model or plan has taken its place.
  /// - Throws: `PipelineTrouble`, and what `checkpoint` throws.
  func deliver(_ probed: ProbedBundle, of task: ProbeTask, seconds: Double) throws -> Bool {
    guard try PipelineTrouble.attribute(to: .house, { try ledger.isPending(task) }) else { return false }
    try checkpoint(.stability)
    try PipelineTrouble.attribute(to: .house) {
      let name = (task.labelFile as NSString).lastPathComponent
      // Labels that somebody has taken away stay away.
      try labels.asWritten(name)?.write(probed.scored, as: name)
    }
    try checkpoint(.probe)
    try PipelineTrouble.attribute(to: .house) {
      try ledger.recordProbe(
        task,
        ProbeEntry(
          stability: probed.scored.utterances.map(\.stability), statistics: probed.statistics, seconds: seconds,
          time: now()))
    }
    return true
  }
}
