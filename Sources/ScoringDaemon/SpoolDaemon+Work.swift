import BundleScoring
import BundleSpool
import DialogueDomain
import Foundation
import Logging

extension SpoolDaemon {
  /// Does the next thing there is to do.
  ///
  /// - Throws: only what the surroundings' checkpoint throws.
  func workOnce() throws {
    let now = surroundings.now()
    guard hasSpace(at: now), let ledger else { return }
    guard let work = queue.next(at: now, look: spool.sight) else { return }
    guard let claimed = claim(work, at: now) else { return }
    say("scoring \(claimed.name.text)", at: now)
    let pipeline = BundlePipeline(
      spool: spool, labels: LabelFileWriter(folder: spool.layout.labels, layout: settings.labels.layout),
      intake: intake, model: model, ledger: ledger, probes: probes, policy: DeferralPolicy(settings.deferral),
      now: surroundings.now,
      isStopping: { [unowned self] in hasBeenToldToStop() },
      checkpoint: { [unowned self] step in
        watchdog.progress()
        try surroundings.checkpoint(step)
      })
    take(try pipeline.process(claimed), of: claimed)
  }

  /// Moves the bundle into `active`; nil where it is gone, or where that failed and the queue pauses.
  private func claim(_ work: WorkQueue.Work, at now: Date) -> ClaimedBundle? {
    do {
      switch work {
      case .begun(let entry): return spool.reclaim(entry)
      case .retry(let file, let note): return try spool.claimDeferred(file, note: note)
      case .fresh(let entry):
        let claimed = try spool.claim(entry)
        // Its namesake is still active: it is found again by the next listing.
        if claimed == nil && spool.sight(entry.name) != nil { nextScan = min(nextScan, now.addingTimeInterval(1)) }
        return claimed
      }
    } catch {
      nextScan = now
      pauseQueue((error as? any ExplainedError)?.explanation ?? Explanation(.io, "\(error)"))
      return nil
    }
  }

  /// Whether the spool's filesystem has room for results; pauses the queue where it has not.
  private func hasSpace(at now: Date) -> Bool {
    let floor = Int64(settings.disk.freeMebibytes) << 20
    guard floor > 0, let free = surroundings.freeBytes(spool.layout.root), free < floor else { return true }
    pauseQueue(
      Explanation(
        .io, "too little space is left on the spool's filesystem", at: spool.layout.root.path,
        found: "\(free >> 20) MiB", expected: "\(settings.disk.freeMebibytes) MiB (disk.free_mib)",
        remedy: "Free some space; the queue goes on by itself."))
    return false
  }

  /// Counts and logs what became of a bundle, and puts it where the queue finds it again.
  private func take(_ outcome: BundleOutcome, of claimed: ClaimedBundle) {
    let bundle = Logger.MetadataValue.string(claimed.name.text)
    switch outcome {
    case .scored(let summary):
      tally.scored += 1
      endPause()
      logger.info("scored", metadata: summary.logged(bundle))
    case .unchanged(let labels):
      tally.unchanged += 1
      endPause()
      logger.info("scored before, nothing changes", metadata: ["bundle": bundle, "labels": "\(labels)"])
    case .failed(let name, let explanation):
      tally.failed += 1
      endPause()
      logger.error(
        "failed: \(explanation.what)",
        metadata: explanation.logged.merging(["bundle": bundle, "file": "failed/\(name.text)"]) { $1 })
    case .deferred(let file, let note):
      tally.deferred += 1
      queue.shelf.put(file, note: note)
      logger.warning(
        "deferred: \(note.trouble.what)",
        metadata: note.trouble.logged.merging([
          "bundle": bundle, "file": "deferred/\(file.shown)", "tries": .stringConvertible(note.tries),
          "next": "\(note.next.formatted(.iso8601))",
        ]) { $1 })
      if note.cause == .house { pauseQueue(note.trouble) }
    case .interrupted:
      logger.info("put back", metadata: ["bundle": bundle])
    case .vanished:
      logger.warning("vanished from active", metadata: ["bundle": bundle])
    case .stuck(let explanation):
      // It stays active; it comes first when the pause is over.
      if let entry = FolderEntry(FileName(claimed.name.text), in: spool.layout.active) { queue.resume([entry]) }
      pauseQueue(explanation)
    }
  }

  func pauseQueue(_ explanation: Explanation) {
    let now = surroundings.now()
    pause.begin(explanation.message, at: now, policy: DeferralPolicy(settings.deferral))
    let until = pause.until ?? now
    logger.error(
      "paused: \(explanation.what)",
      metadata: explanation.logged.merging(["until": "\(until.formatted(.iso8601))"]) { $1 })
    surroundings.notifier.notify(.alive, status: "paused: \(explanation.message)")
  }

  func endPause() {
    guard pause.isTroubled else { return }
    pause.end()
    logger.notice("the queue goes on")
    surroundings.notifier.notify(.alive, status: "watching \(spool.layout.incoming.path)")
  }
}

extension ScoredSummary {
  fileprivate func logged(_ bundle: Logger.MetadataValue) -> Logger.Metadata {
    [
      "bundle": bundle, "digest": "\(digest.prefix(8))", "dialogues": .stringConvertible(dialogues),
      "utterances": .stringConvertible(utterances), "labels": "\(labelFile)",
      "read_ms": Self.rounded(readMilliseconds), "score_ms": Self.rounded(scoreMilliseconds),
      "write_ms": Self.rounded(writeMilliseconds),
    ]
  }

  private static func rounded(_ milliseconds: Double) -> Logger.MetadataValue {
    .stringConvertible((milliseconds * 10).rounded() / 10)
  }
}
