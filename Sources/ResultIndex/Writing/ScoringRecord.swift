import Foundation

/// What the index keeps of the work done on a bundle, beside its labels.
public struct ScoringRecord: Sendable, Hashable {
  /// When the daemon saw the bundle.
  public var arrived: Date
  /// When its labels were there: what `--since` and `--until` ask for.
  public var scored: Date
  /// Time spent on reading and scoring, in seconds.
  public var seconds: Double
  /// Where the labels lie, relative to the spool: `labels/friday.tsv`.
  public var labelFile: String
  /// Size of the bundle file.
  public var byteCount: Int

  public init(arrived: Date, scored: Date, seconds: Double, labelFile: String, byteCount: Int) {
    self.arrived = arrived
    self.scored = scored
    self.seconds = seconds
    self.labelFile = labelFile
    self.byteCount = byteCount
  }
}
