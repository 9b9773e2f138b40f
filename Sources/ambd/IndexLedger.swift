import Configuration
import Daemon
import Dialogue
import Foundation
import Index

/// The index as the daemon writes it.
struct IndexLedger: ResultLedger {
  private let index: IndexWriter

  init(_ layout: SpoolLayout) throws {
    index = try IndexWriter(layout.index)
  }

  func earlierLabels(name: String, bundleDigest: String, modelDigest: String) throws -> String? {
    try index.recordAgain(name: name, bundleDigest: bundleDigest, modelDigest: modelDigest)?.labelFile
  }

  func owner(ofLabels file: String) throws -> String? {
    try index.bundleDigest(ofLabels: file)
  }

  func record(_ scored: ScoredBundle, _ entry: ScoringEntry) throws {
    _ = try index.record(
      scored,
      ScoringRecord(
        arrived: entry.arrived, scored: entry.scored, seconds: entry.seconds, labelFile: entry.labelFile,
        byteCount: entry.byteCount))
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
