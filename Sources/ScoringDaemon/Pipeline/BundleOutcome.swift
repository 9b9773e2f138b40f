import BundleSpool
import DialogueDomain
import ResultIndex

/// What became of a bundle.
enum BundleOutcome {
  /// With what a person should know of it, one sentence each.
  case scored(IndexedBundle, StageTimes, notes: [String])
  /// This model had scored these bytes before, and their labels are there.
  case unchanged(IndexedBundle)
  /// Put into `failed` under this name.
  case failed(as: BundleName, Explanation)
  /// Put into `deferred` under this name.
  case deferred(as: FileName, DeferralNote)
  /// The daemon was told to stop meanwhile: the bundle stays active for the next run.
  case interrupted
  /// Someone took it out of `active`.
  case vanished
  /// It could be moved nowhere and stays active.
  case stuck(Explanation)
}

/// The durable steps of the pipeline, in order: what a crash may fall between.
public enum PipelineStep: String, CaseIterable, Sendable {
  /// Reading the bundle, after its claim.
  case read
  /// Writing the label file.
  case labels
  /// Committing the rows.
  case index
  /// Removing the report of an earlier failure.
  case staleReport
  /// Moving the bundle to `done`.
  case done
  /// Writing the `.error.json`.
  case report
  /// Recording the failure.
  case failure
  /// Moving the bundle to `failed`.
  case failed
  /// Moving the bundle to `deferred`.
  case postpone
  /// Writing the label file once more, with stability.
  case stability
  /// Committing what the probe found.
  case probe
  /// Everything is done; nothing has been said yet.
  case end
}

/// How long the stages of one bundle took, in seconds.
struct StageTimes {
  private(set) var reading = 0.0
  private(set) var scoring = 0.0
  /// Writing the labels, committing the rows and moving the bundle.
  private(set) var writing = 0.0
  private let start = ContinuousClock.now
  private var last = ContinuousClock.now

  /// Since the start.
  var total: Double { (ContinuousClock.now - start).inSeconds }

  mutating func endReading() { reading = lap() }
  mutating func endScoring() { scoring = lap() }
  mutating func endWriting() { writing = lap() }

  private mutating func lap() -> Double {
    let now = ContinuousClock.now
    defer { last = now }
    return (now - last).inSeconds
  }
}

extension Duration {
  var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
