import AmbqConfiguration
import DialogueDomain
import Foundation
import ResultIndex
import ScoringDaemon

/// The index as the daemon writes it.
struct IndexLedger: ResultLedger {
  private let index: IndexWriter

  init(_ layout: SpoolLayout) throws {
    index = try IndexWriter(layout.index)
    try index.checkSpool(layout.root)
  }

  func earlierLabels(
    name: String, bundleDigest: String, modelDigest: String, probe: ProbeOrder?, hasLabels: (String) -> Bool
  ) throws -> String? {
    try index.recordAgain(
      name: name, bundleDigest: bundleDigest, modelDigest: modelDigest, probe: probe.map(ProbeRequest.init),
      hasLabels: hasLabels)?.labelFile
  }

  func owner(ofLabels file: String) throws -> String? {
    try index.bundleDigest(ofLabels: file)
  }

  func record(_ scored: ScoredBundle, _ entry: ScoringEntry, probe: ProbeOrder?) throws {
    _ = try index.record(
      scored,
      ScoringRecord(
        arrived: entry.arrived, scored: entry.scored, seconds: entry.seconds, labelFile: entry.labelFile,
        byteCount: entry.byteCount), probe: probe.map(ProbeRequest.init))
  }

  func pendingProbes() throws -> Int {
    try index.pendingProbes()
  }

  func nextProbe() throws -> ProbeTask? {
    try index.nextPendingProbe().map { probe in
      ProbeTask(
        bundle: probe.bundle, name: probe.name, bundleDigest: probe.bundleDigest, modelDigest: probe.modelDigest,
        plan: probe.plan, file: probe.file, labelFile: probe.labelFile)
    }
  }

  func isPending(_ task: ProbeTask) throws -> Bool {
    try index.isPending(PendingProbe(task))
  }

  func recordProbe(_ task: ProbeTask, _ entry: ProbeEntry) throws {
    try index.recordProbe(
      PendingProbe(task), stability: entry.stability, statistics: entry.statistics, seconds: entry.seconds,
      at: entry.time)
  }

  func skipProbe(_ task: ProbeTask, reason: String, at time: Date) throws {
    try index.skipProbe(PendingProbe(task), reason: reason, at: time)
  }

  func recordFailure(_ entry: FailureEntry) throws {
    try index.recordFailure(
      FailureRecord(
        name: entry.name, digest: entry.digest, state: entry.isDeferred ? .deferred : .failed, time: entry.time,
        explanation: entry.explanation))
  }

  func recordHeartbeat(_ entry: HeartbeatEntry) throws {
    try index.recordHeartbeat(
      DaemonHeartbeat(
        processID: entry.processID, host: entry.host, started: entry.started, beat: entry.beat,
        stopped: entry.stopped, modelName: entry.modelName, modelDigest: entry.modelDigest, spool: entry.spool,
        version: entry.version, activity: entry.activity, waiting: entry.waiting))
  }
}

extension ProbeRequest {
  fileprivate init(_ order: ProbeOrder) {
    self.init(plan: order.plan, file: order.file, skipReason: order.skipReason, time: order.time)
  }
}

extension PendingProbe {
  fileprivate init(_ task: ProbeTask) {
    self.init(
      bundle: task.bundle, name: task.name, bundleDigest: task.bundleDigest, modelDigest: task.modelDigest,
      plan: task.plan, file: task.file, labelFile: task.labelFile)
  }
}
