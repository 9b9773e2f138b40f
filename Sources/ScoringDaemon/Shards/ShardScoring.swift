import AMBDSGDN
import AmbqConfiguration
import BundleScoring
import BundleSpool
import DialogueBundles
import DialogueDomain
import Foundation
import Logging
import OperatingSystem
import Presentation
import ResultIndex
import Shards

/// What one task of a cluster is to do.
public struct ShardJob: Sendable {
  /// Which part of the list.
  public var shard: Shard
  /// The part's inputs.
  public var inputs: InputList
  /// Where the outputs of all shards go; it may be shared by many machines.
  public var output: URL
  /// A local disk to work on.
  public var scratch: URL
  /// The time that all results bear, with durations of 0, so that two runs give the same bytes; nil for the real ones.
  public var time: Date?
  /// Whether inputs that failed in an earlier attempt are tried again.
  public var retriesFailed = false

  /// A task on a part of a list.
  public init(shard: Shard, inputs: InputList, output: URL, scratch: URL) {
    self.shard = shard
    self.inputs = inputs
    self.output = output
    self.scratch = scratch
  }
}

/// What a task has come to.
public struct ShardOutcome: Sendable {
  /// Of the outputs that lie in the folder now.
  public let record: ShardRecord
  /// Whether there was nothing to do.
  public let isUnchanged: Bool
  /// What kept inputs from being tried that a later attempt may find gone; nil where the task was told to stop.
  public let trouble: Explanation?
  /// Whether another attempt on the same machine may do better.
  public let mayPassHere: Bool
}

/// Scores one shard: the daemon's reader, read-ahead and scoring, over a list instead of a spool.
///
/// All rows go into an index on a local disk, which is moved into the folder of the outputs once, at the end or when the task is
/// told to stop; the next attempt goes on from there. There is no daemon, no network and no lock on a shared disk.
public struct ShardScoring {
  private let parts: DaemonParts
  private let version: String
  private let job: ShardJob
  private let outputs: ShardOutputs
  private let isStopping: () -> Bool
  private let readers: Int
  private let now: () -> Date
  /// The most inputs of one group.
  var groupSize = 64
  /// As many are read ahead.
  private static let readAhead = 128
  /// Utterances after which a group takes no further input.
  private static let groupRows = 2048

  /// Loads configuration and models.
  ///
  /// - Parameters:
  ///   - readers: inputs that are read at the same time.
  ///   - isStopping: whether the task has been told to stop; asked between groups and between probes.
  /// - Throws: `SettingError`, or whatever the assembly throws for the model.
  public init(
    _ assembly: DaemonAssembly, _ job: ShardJob, readers: Int = 2, now: @escaping () -> Date = { Date() },
    isStopping: @escaping () -> Bool
  ) throws {
    parts = try DaemonParts(assembly)
    version = assembly.version
    self.job = job
    outputs = ShardOutputs(in: job.output, of: job.shard)
    self.isStopping = isStopping
    self.readers = readers
    self.now = now
  }

  /// Scores what no earlier attempt has scored.
  ///
  /// - Throws: an `ExplainedError` where the task cannot be done at all; the outputs are then as they were.
  public func run() throws -> ShardOutcome {
    try DurableFile.makeFolder(job.output)
    let terms = parts.terms(version, job.time)
    let earlier = try outputs.earlier()
    if let earlier, earlier.isDone(job, terms) {
      parts.logger.info("nothing to do: the shard is done", metadata: ["shard": "\(job.shard)"])
      return ShardOutcome(record: earlier, isUnchanged: true, trouble: nil, mayPassHere: true)
    }
    let scratch = try ScratchFolder(in: job.scratch)
    let file = scratch.url.appendingPathComponent("index.sqlite", isDirectory: false)
    let index = try begin(file, from: earlier?.terms == terms ? earlier : nil)
    var pass = ShardPass(index: index, parts: parts, job: job, now: now, isStopping: isStopping)
    let isFinished = try go(through: &pass)
    try index.replaceFailures(by: pass.failureRecords)
    try index.close()
    let totals = try IndexReader(file).totals()
    let record = try outputs.place(file, replacing: earlier) { name, digest, bytes in
      ShardRecord(
        job.shard, isComplete: isFinished && pass.trouble == nil, terms: terms, inputs: job.inputs,
        results: ShardRecord.Results(
          file: name, sha256: digest, bytes: bytes, bundles: totals.bundles, utterances: totals.utterances),
        failed: pass.failed)
    }
    withExtendedLifetime(scratch) {}
    return ShardOutcome(
      record: record, isUnchanged: false, trouble: pass.trouble?.explanation,
      mayPassHere: pass.trouble.map { !$0.isForGood } ?? true)
  }

  /// The index on the local disk, with what an earlier attempt has found.
  private func begin(_ file: URL, from earlier: ShardRecord?) throws -> IndexWriter {
    if let earlier, try copy(earlier, to: file) {
      let index = try IndexWriter(file, isScratch: true)
      if try index.bundleDigests().isSubset(of: job.inputs.inputs.map(\.digest)) { return index }
      // Inputs have been taken off the list.
      try index.close()
      unlink(file.path)
    }
    return try IndexWriter(file, isScratch: true)
  }

  /// - Returns: false where the earlier rows are not what their record says.
  private func copy(_ earlier: ShardRecord, to file: URL) throws -> Bool {
    let rows = outputs.url(of: earlier.results)
    do {
      try FileManager.default.copyItem(at: rows, to: file)
      if try FileDigest.sha256(contentsOf: file) == earlier.results.sha256 { return true }
    } catch {
      parts.logger.warning("an earlier attempt's results cannot be read", metadata: ["file": "\(rows.path)"])
    }
    unlink(file.path)
    return false
  }

  /// - Returns: false where the task was told to stop before every input was tried.
  private func go(through pass: inout ShardPass) throws -> Bool {
    let known = try pass.index.bundleDigests()
    var waiting = job.inputs.inputs.filter { !known.contains($0.digest) }[...]
    let ahead = ReadAhead(readers: readers)
    defer { _ = ahead.end() }
    parts.logger.info(
      "started",
      metadata: [
        "shard": "\(job.shard)", "inputs": .stringConvertible(job.inputs.inputs.count),
        "scored_before": .stringConvertible(known.count), "version": "\(version)",
      ])
    // What a stop has cut off.
    try pass.probe()
    while !isStopping() {
      while ahead.count < Self.readAhead, let input = waiting.popFirst() {
        ahead.begin(ClaimedBundle(name: input.name, url: input.url, arrived: now()), by: parts.intake)
        pass.begun[input.url] = input
      }
      guard ahead.first != nil else { return true }
      try pass.take(ahead.take(limit: groupSize, rows: Self.groupRows))
    }
    return ahead.first == nil && waiting.isEmpty
  }
}

extension ShardRecord {
  /// Whether nothing is left to do of a job.
  fileprivate func isDone(_ job: ShardJob, _ terms: Terms) -> Bool {
    isComplete && self.terms == terms && list == job.inputs.fingerprint && inputs == job.inputs.shardFingerprint
      && (failed.isEmpty || !job.retriesFailed)
  }
}

extension DaemonParts {
  /// What the results of all shards must have in common.
  fileprivate func terms(_ version: String, _ time: Date?) -> ShardRecord.Terms {
    let aside = ["probes.threads", "probes.backlog", "probes.share_under_load"]
    let keys = AmbdConfiguration.keys.filter { key in
      ["keep.", "labels.", "limits.", "probes."].contains { key.path.hasPrefix($0) } && !aside.contains(key.path)
        || key.path == "scoring.strict"
    }
    return ShardRecord.Terms(
      program: version,
      models: models.all.map { ShardRecord.Terms.Model(name: $0.configuration.name, digest: $0.digest) },
      configuration: Dictionary(uniqueKeysWithValues: keys.map { ($0.path, $0.value(settings).written) }),
      time: time.map(TimeText.iso))
  }
}
