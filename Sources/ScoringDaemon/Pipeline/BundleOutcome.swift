import BundleSpool
import DialogueDomain

/// What became of a bundle.
public enum BundleOutcome: Sendable {
  case scored(ScoredSummary)
  /// This model had scored these bytes before; the labels lie at this path in the spool.
  case unchanged(labels: String)
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

/// What the log says of a scored bundle.
public struct ScoredSummary: Sendable, Hashable {
  public var digest: String
  public var dialogues: Int
  public var utterances: Int
  /// Where the labels lie, relative to the spool.
  public var labelFile: String
  public var readMilliseconds: Double
  public var scoreMilliseconds: Double
  public var writeMilliseconds: Double
}
