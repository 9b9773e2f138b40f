import DialogueDomain
import Foundation

/// The index as the pipeline needs it.
///
/// Every call is one transaction, durable when it returns.
public protocol ResultLedger: Sendable {
  /// The labels these bytes got from this model before, relative to the spool; nil where it never scored them.
  ///
  /// Nil too where the labels must be written again: another model's lie there now, or `hasLabels` says that the file is
  /// gone. Otherwise it notes that the bytes came again under `name`, and asks for a probe that nobody has made.
  func earlierLabels(
    name: String, bundleDigest: String, modelDigest: String, probe: ProbeOrder?, hasLabels: (String) -> Bool
  ) throws -> String?

  /// The digest of the bundle whose labels a file holds, relative to the spool; nil where the file is nobody's.
  func owner(ofLabels file: String) throws -> String?

  /// Records a scored bundle with all its rows and what is to become of its probe, or none; a second time it only asks for
  /// the probe again.
  func record(_ scored: ScoredBundle, _ entry: ScoringEntry, probe: ProbeOrder?) throws

  /// How many probes are pending.
  func pendingProbes() throws -> Int

  /// The pending probe that was asked for first.
  func nextProbe() throws -> ProbeTask?

  /// Whether a probe is still pending: no other model or plan has taken its place.
  func isPending(_ task: ProbeTask) throws -> Bool

  /// Records what a pending probe found: the stability of every utterance and the statistics, or none.
  func recordProbe(_ task: ProbeTask, _ entry: ProbeEntry) throws

  /// Records that a pending probe will not be run.
  func skipProbe(_ task: ProbeTask, reason: String, at time: Date) throws

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

/// What is to become of a bundle's probe.
public struct ProbeOrder: Sendable, Hashable {
  /// The plan as JSON; equal text is an equal plan.
  public var plan: String
  /// Where the bundle will lie, relative to the spool.
  public var file: String
  /// Why the bundle is not to be probed, where it is not.
  public var skipReason: String?
  public var time: Date
}

/// A probe that is pending.
public struct ProbeTask: Sendable, Hashable {
  /// The scoring's number in the index.
  public var bundle: Int64
  public var name: String
  public var bundleDigest: String
  public var modelDigest: String
  /// The plan as JSON.
  public var plan: String
  /// Where the bundle lies, relative to the spool.
  public var file: String
  /// Where the labels lie, relative to the spool.
  public var labelFile: String

  public init(
    bundle: Int64, name: String, bundleDigest: String, modelDigest: String, plan: String, file: String,
    labelFile: String
  ) {
    self.bundle = bundle
    self.name = name
    self.bundleDigest = bundleDigest
    self.modelDigest = modelDigest
    self.plan = plan
    self.file = file
    self.labelFile = labelFile
  }
}

/// What is recorded of a probe.
public struct ProbeEntry: Sendable, Hashable {
  /// Of each utterance in bundle order.
  public var stability: [Double?]
  /// `ProbeStatistics` in their stored form.
  public var statistics: Data
  /// What the probe took, pauses left out.
  public var seconds: Double
  public var time: Date
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
