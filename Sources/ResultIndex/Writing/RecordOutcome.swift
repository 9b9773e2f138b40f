/// What recording a scored bundle came to.
public enum RecordOutcome: Sendable, Hashable {
  /// The rows are in the index.
  case recorded(RecordedScoring)
  /// These bytes scored by this model were in the index before; no utterance row was added or changed.
  case alreadyRecorded(RecordedScoring)
}

/// A scoring that the index holds, as the daemon needs to know it.
public struct RecordedScoring: Sendable, Hashable {
  /// The file name under which the bytes were first scored by this model.
  public var name: String
  /// The name that `ambq` shows: it tells two bundles of the same name apart.
  public var title: String
  /// Where the labels lie, relative to the spool.
  public var labelFile: String
  /// False where another model has scored the same bytes since.
  public var isCurrent: Bool
}
