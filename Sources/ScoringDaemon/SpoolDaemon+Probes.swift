import BundleScoring
import BundleSpool
import DialogueDomain
import EvaluationStatistics
import Foundation
import Logging

extension SpoolDaemon {
  /// Takes home what a probe found, or starts the next; called only while nothing waits to be scored.
  ///
  /// - Returns: whether there may be more to do at once.
  /// - Throws: only what the surroundings' checkpoint throws.
  func probeOnce(at now: Date) throws -> Bool {
    guard let ledger else { return false }
    if let (task, result) = prober.finished {
      try take(result, of: task, ledger)
      return pause.isOver(at: now)
    }
    guard settings.probes.enabled && prober.task == nil && probePause.isOver(at: now) else { return false }
    do {
      guard let task = try ledger.nextProbe() else { return false }
      try start(task, ledger, at: now)
    } catch {
      pauseQueue(PipelineTrouble(error, while: .house).explanation)
      return false
    }
    return prober.task == nil || prober.finished != nil
  }

  private func start(_ task: ProbeTask, _ ledger: any ResultLedger, at now: Date) throws {
    guard task.modelDigest == model.digest else {
      return try skip(
        task, "the model that scored the bundle, \(task.modelDigest.prefix(8)), has been replaced", ledger)
    }
    guard let plan = ProbePlan(stored: task.plan) else {
      return try skip(task, "another version of ambd asked for the probe, and its plan cannot be read", ledger)
    }
    say("probing \(task.name)", at: now)
    let (assembly, settings) = (assembly, settings)
    let examination = ProbeExamination(
      task: task, plan: plan, model: model, root: spool.layout.root, intake: { try assembly.intake(settings) })
    prober.start(
      task, on: surroundings.background, whenDone: { [signals] in signals.wake() }, work: examination.run(checkpoint:))
  }

  private func take(_ result: ProbeWorker.Result, of task: ProbeTask, _ ledger: any ResultLedger) throws {
    do {
      switch result {
      case .found(let probed, let seconds):
        let delivery = ProbeDelivery(
          labels: LabelFileWriter(folder: spool.layout.labels, layout: settings.labels.layout), ledger: ledger,
          now: surroundings.now,
          checkpoint: { [unowned self] step in
            watchdog.progress()
            try surroundings.checkpoint(step)
          })
        do {
          if try delivery.deliver(probed, of: task, seconds: seconds) {
            tally.probed += 1
            logger.info("probed", metadata: probed.scored.logged(task, seconds: seconds))
          }
          probePause.end()
          endPause()
        } catch let trouble as PipelineTrouble where trouble.cause == .bundle {
          try settle(trouble, of: task, ledger)
        }
      case .failed(let trouble):
        try settle(trouble, of: task, ledger)
      }
      prober.clear()
    } catch let trouble as PipelineTrouble {
      // The result is kept, and taken home when the pause is over.
      pauseQueue(trouble.explanation)
    }
  }

  /// What kept a bundle from being probed keeps it for good, unless that was transient: then the probe stays pending.
  private func settle(_ trouble: PipelineTrouble, of task: ProbeTask, _ ledger: any ResultLedger) throws {
    guard trouble.isTransient, probePause.tries < Self.probeTries else {
      probePause.end()
      return try PipelineTrouble.attribute(to: .house) { try skip(task, trouble.explanation.message, ledger) }
    }
    probePause.begin(
      trouble.explanation.message, at: surroundings.now(), policy: DeferralPolicy(settings.deferral))
    logger.warning(
      "the probe waits: \(trouble.explanation.what)",
      metadata: trouble.explanation.logged.merging(["bundle": "\(task.name)"]) { $1 })
  }

  private func skip(_ task: ProbeTask, _ reason: String, _ ledger: any ResultLedger) throws {
    try ledger.skipProbe(task, reason: reason, at: surroundings.now())
    logger.notice("not probed", metadata: ["bundle": "\(task.name)", "reason": "\(reason)"])
  }

  /// How often a probe is tried again after transient trouble.
  private static let probeTries = 5
}

extension ScoredBundle {
  fileprivate func logged(_ task: ProbeTask, seconds: Double) -> Logger.Metadata {
    let stabilities = utterances.compactMap(\.stability)
    var metadata: Logger.Metadata = [
      "bundle": "\(task.name)", "utterances": .stringConvertible(utterances.count),
      "probe_ms": .stringConvertible((seconds * 1e4).rounded() / 10),
    ]
    if !stabilities.isEmpty {
      let mean = stabilities.reduce(0, +) / Double(stabilities.count)
      metadata["stability"] = .stringConvertible((mean * 1000).rounded() / 1000)
    }
    return metadata
  }
}
