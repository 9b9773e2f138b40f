import Dialogue
import Foundation

/// The index as the pipeline needs it.
///
/// Every call is one transaction, durable when it returns.
public protocol ResultLedger: Sendable {
  /// The labels these bytes got from this model before, relative to the spool; nil where it never scored them.
  ///
  /// May note that the bytes came again under `name`.
  func earlierLabels(name: String, bundleDigest: String, modelDigest: String) throws -> String?

  /// The digest of the bundle whose labels a file holds, relative to the spool; nil where the file is nobody's.
  func owner(ofLabels file: String) throws -> String?

  /// Records a scored bundle with all its rows, or none; a second time it changes nothing.
  func record(_ scored: ScoredBundle, _ entry: ScoringEntry) throws

  /// Records that a bundle could not be scored, in place of an earlier failure of the same name.
  func recordFailure(_ entry: FailureEntry) throws

  /// Records what the daemon says of itself, in place of what it said before.
  func recordHeartbeat(_ entry: HeartbeatEntry) throws
}

/// What is recorded of a scoring besides the labels.
public struct ScoringEntry: Sendable, Hashable {
  public var arrived: Date
  public var scored: Date
  /// From the start of reading to the written labels.
  public var seconds: Double
  /// Where the labels lie, relative to the spool.
  public var labelFile: String
  public var byteCount: Int
}

/// What is recorded of a bundle that could not be scored.
public struct FailureEntry: Sendable, Hashable {
  public var name: String
  /// Absent where the bytes could not be read.
  public var digest: String?
  /// True where the daemon tries again by itself.
  public var isDeferred: Bool
  public var time: Date
  public var explanation: Explanation
}

/// What the daemon says of itself.
public struct HeartbeatEntry: Sendable, Hashable {
  public var processID: Int32
  public var host: String
  public var started: Date
  public var beat: Date
  /// When the daemon ended in good order.
  public var stopped: Date?
  public var modelName: String
  public var modelDigest: String
  /// The spool's root folder.
  public var spool: String
  public var version: String
  /// What it does: `idle`, `scoring friday.h5`, `paused: …`.
  public var activity: String
  /// Bundles that wait.
  public var waiting: Int
}
