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
