import BundleSpool
import DialogueDomain
import ResultIndex

/// What became of a bundle.
enum BundleOutcome {
  /// With what a person should know of it, one sentence each.
  case scored(IndexedBundle, StageTimes, notes: [String])
  /// This model had scored these bytes before, and their labels are there.
  case unchanged(IndexedBundle)
  /// Its corrections count now; none where they did before. Without a record nothing was changed in it.
  case corrected([Correction], record: String?)
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
  /// The machine was in trouble when its turn came: nothing has been done with it.
  case held

  /// Whether what kept the bundle from being scored would have kept any.
  var isOfTheMachine: Bool {
    switch self {
    case .deferred(_, let note): note.cause == .machine
    case .stuck: true
    default: false
    }
  }
}

/// The durable steps of the pipeline, in order: what a crash may fall between.
public enum PipelineStep: String, CaseIterable, Sendable {
  /// Reading the bundle, after its claim.
  case read
  /// Writing the labels under a temporary name, or the record of corrections.
  case labels
  /// Giving the label file its name.
  case placement
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

/// How long the stages of one bundle took, in seconds: of what several went through together, its share.
struct StageTimes {
  var reading = 0.0
  var scoring = 0.0
  /// Writing the labels, committing the rows and moving the bundle.
  var writing = 0.0
}

extension Duration {
  var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
