import AMBDSGDN
import BundleScoring
import BundleSpool
import DialogueDomain
import EvaluationStatistics
import Foundation
import Logging
import ResultIndex

/// Probes scored bundles while nothing waits to be scored: starts one probe after the other, and records what they find.
final class ProbeRunner {
  private let spool: Spool
  private let pause: QueuePause
  private let signals: SignalRequests
  private let watchdog: Watchdog
  private let surroundings: DaemonSurroundings
  private let worker = ProbeWorker()
  /// After transient trouble of a probe.
  private var backOff = BackOff()
  /// Probes recorded by this run.
  private(set) var count = 0

  /// How often a probe is tried again after transient trouble.
  private static let tries = 5

  init(
    _ spool: Spool, _ pause: QueuePause, _ signals: SignalRequests, _ watchdog: Watchdog,
    _ surroundings: DaemonSurroundings
  ) {
    self.spool = spool
    self.pause = pause
    self.signals = signals
    self.watchdog = watchdog
    self.surroundings = surroundings
  }

  /// The probe that runs, or whose results are not recorded yet.
  var current: PendingProbe? { worker.task }

  /// When a probe may be tried again; nil where nothing keeps it waiting.
  func nextTry(after now: Date) -> Date? { backOff.end(after: now) }

  /// Stops the probe at its next checkpoint, or lets it go on.
  func hold(_ isHeld: Bool) { worker.hold(isHeld) }

  /// Ends the probe at its next checkpoint; it stays pending.
  func end() { worker.end() }

  func clockWasSetBack(to now: Date) { backOff.clockWasSetBack(to: now) }

  /// Records what a probe found, or starts the next; called only while nothing waits to be scored.
  ///
  /// - Parameter willProbe: told the name of the bundle that is about to be probed.
  /// - Returns: whether there may be more to do at once.
  /// - Throws: only what the surroundings' checkpoint throws.
  func step(at now: Date, _ parts: DaemonParts, _ index: IndexWriter, willProbe: (String) -> Void) throws -> Bool {
    if let (probe, result) = worker.finished {
      try take(result, of: probe, parts, index)
      return pause.isOver(at: now)
    }
    guard parts.settings.probes.enabled && worker.task == nil && backOff.isOver(at: now) else { return false }
    do {
      guard let probe = try index.nextPendingProbe() else { return false }
      try start(probe, parts, index, willProbe)
    } catch {
      pause.begin(PipelineTrouble(error, while: .machine).explanation, parts)
      return false
    }
    return worker.task == nil || worker.finished != nil
  }

  private func start(
    _ probe: PendingProbe, _ parts: DaemonParts, _ index: IndexWriter, _ willProbe: (String) -> Void
  ) throws {
    guard let model = parts.models.model(digest: probe.modelDigest) else {
      return try skip(
        probe, "the model that scored the bundle, \(probe.modelDigest.prefix(8)), has been replaced", parts, index)
    }
    guard let plan = ProbePlan(stored: probe.plan) else {
      return try skip(
        probe, "another version of ambd asked for the probe, and its plan cannot be read", parts, index)
    }
    willProbe(probe.name)
    let examination = ProbeExamination(
      probe: probe, plan: plan, prober: parts.prober(of: model), root: spool.layout.root, intake: parts.makeIntake)
    worker.start(
      probe, on: surroundings.background, whenDone: { [pipe = signals.pipe] in pipe.wake() },
      work: examination.run(checkpoint:))
  }

  private func take(
    _ result: ProbeWorker.Result, of probe: PendingProbe, _ parts: DaemonParts, _ index: IndexWriter
  ) throws {
    do {
      switch result {
      case .found(let probed, let seconds):
        do {
          try record(probed, of: probe, seconds: seconds, parts, index)
        } catch let trouble as PipelineTrouble where trouble.cause == .bundle {
          try settle(trouble, of: probe, parts, index)
        }
      case .failed(let trouble):
        try settle(trouble, of: probe, parts, index)
      }
      worker.clear()
    } catch let trouble as PipelineTrouble {
      // The result is kept, and recorded when the pause is over.
      pause.begin(trouble.explanation, parts)
    }
  }

  private func record(
    _ probed: ProbedBundle, of probe: PendingProbe, seconds: Double, _ parts: DaemonParts, _ index: IndexWriter
  ) throws {
    let recording = ProbeRecording(
      labels: parts.labels(in: spool), index: index, now: surroundings.now,
      checkpoint: { [watchdog, surroundings] step in
        watchdog.progress()
        try surroundings.checkpoint(step)
      })
    if try recording.record(probed, of: probe, seconds: seconds) {
      count += 1
      parts.logger.info("probed", metadata: probed.scored.logged(probe, seconds: seconds))
    }
    backOff.end()
    pause.end(parts)
  }

  /// What kept a bundle from being probed keeps it for good, unless that was transient: then the probe stays pending.
  private func settle(
    _ trouble: PipelineTrouble, of probe: PendingProbe, _ parts: DaemonParts, _ index: IndexWriter
  ) throws {
    guard trouble.isTransient, backOff.tries < Self.tries else {
      backOff.end()
      if try hasCome(probe, trouble, index) { return }
      return try PipelineTrouble.attribute(to: .machine) {
        try skip(probe, trouble.explanation.message, parts, index)
      }
    }
    backOff.begin(at: surroundings.now(), policy: parts.deferral)
    parts.logger.warning(
      "the probe waits: \(trouble.explanation.what)",
      metadata: trouble.explanation.logged.merging(["bundle": "\(probe.name)"]) { $1 })
  }

  /// Whether a bundle that was gone when its probe looked has come again since, under its own name or another one.
  private func hasCome(_ probe: PendingProbe, _ trouble: PipelineTrouble, _ index: IndexWriter) throws -> Bool {
    guard trouble.explanation.kind == .missingInput else { return false }
    let latest = try PipelineTrouble.attribute(to: .machine) { try index.nextPendingProbe() }
    guard let latest, latest.bundle == probe.bundle else { return false }
    let file = spool.layout.root.appendingPathComponent(probe.file, isDirectory: false)
    return latest.aliases != probe.aliases || FileManager.default.fileExists(atPath: file.path)
  }

  private func skip(_ probe: PendingProbe, _ reason: String, _ parts: DaemonParts, _ index: IndexWriter) throws {
    try index.skipProbe(probe, reason: reason, at: surroundings.now())
    parts.logger.notice("not probed", metadata: ["bundle": "\(probe.name)", "reason": "\(reason)"])
  }
}

extension ScoredBundle {
  fileprivate func logged(_ probe: PendingProbe, seconds: Double) -> Logger.Metadata {
    let stabilities = utterances.compactMap(\.stability)
    var metadata: Logger.Metadata = [
      "bundle": "\(probe.name)", "utterances": .stringConvertible(utterances.count),
      "probe_ms": .stringConvertible((seconds * 1e4).rounded() / 10),
    ]
    if !stabilities.isEmpty {
      let mean = stabilities.reduce(0, +) / Double(stabilities.count)
      metadata["stability"] = .stringConvertible((mean * 1000).rounded() / 1000)
    }
    return metadata
  }
}
