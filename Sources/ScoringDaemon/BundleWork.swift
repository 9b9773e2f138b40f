import AMBDSGDN
import BundleScoring
import BundleSpool
import DialogueDomain
import Foundation
import Logging
import OperatingSystem
import ResultIndex

/// What one run of the daemon has done.
struct DaemonTally {
  var scored = 0
  var unchanged = 0
  /// Files of corrections.
  var corrected = 0
  var failed = 0
  var deferred = 0
  var setAside = 0

  /// Bundles that were tried and not scored.
  var leftUndone: Int { failed + deferred + setAside }
}

/// Takes the bundles of the queue through the pipeline, and counts and logs what became of each.
///
/// Fresh bundles are claimed and read ahead; those that have been read when their turn comes go as one group, which waits for
/// the disk once. There is no waiting for a group: a lone bundle is one. What an earlier run had begun, and what was deferred,
/// goes alone.
final class BundleWork {
  private(set) var tally = DaemonTally()
  private(set) var metrics = DaemonMetrics()
  /// The last run, where it crashed: over the first bundle that is found begun.
  var crashed: String?
  /// Files that cannot be claimed and have been named in the log.
  private var setAside: Set<String> = []
  /// What keeps one file from being renamed and says nothing of the others: it is immutable, or mounted on.
  private static let ofOneFile: Set<Int32> = [EBUSY, EPERM, EXDEV]
  private let spool: Spool
  private let arrivals: ArrivalMonitor
  private let pause: QueuePause
  private let signals: SignalRequests
  private let watchdog: Watchdog
  private let lastWords: LastWords
  private let surroundings: DaemonSurroundings
  private let ahead: ReadAhead
  /// What goes alone when all that has been claimed before it is done.
  private var alone: WorkQueue.Work?
  /// The most bundles of one group.
  private static let groupSize = 64
  /// The most bundles that are claimed ahead of those in hand.
  private static let claimedAhead = 128
  /// Utterances after which a group takes no further bundle: scoring them takes a fraction of a second.
  private static let groupRows = 2048

  init(
    _ spool: Spool, _ arrivals: ArrivalMonitor, _ pause: QueuePause, _ signals: SignalRequests, _ watchdog: Watchdog,
    _ lastWords: LastWords, _ surroundings: DaemonSurroundings
  ) {
    self.spool = spool
    self.arrivals = arrivals
    self.pause = pause
    self.signals = signals
    self.watchdog = watchdog
    self.lastWords = lastWords
    self.surroundings = surroundings
    ahead = ReadAhead(readers: surroundings.readers)
  }

  /// Bundles that have been claimed and wait for their turn.
  var claimedCount: Int { ahead.count + (alone == nil ? 0 : 1) }

  /// When the bundle came that has waited for longest; nil where none waits.
  var oldestArrival: Date? {
    ahead.first?.arrived ?? arrivals.queue.arrivals.oldest.flatMap { spool.sight($0)?.entry.changed }
  }

  /// Does the next thing there is to do.
  ///
  /// - Parameter willScore: told the name of the bundle that is about to be scored.
  /// - Throws: only what the surroundings' checkpoint throws.
  func scoreNext(_ parts: DaemonParts, _ index: IndexWriter, willScore: (String) -> Void) throws {
    // While the machine is in trouble, nothing that could wait in `incoming` is elsewhere.
    defer { if pause.isTroubled { putBack() } }
    guard hasSpace(parts) else { return }
    claimAhead(parts)
    if let first = ahead.first {
      willScore(first.name.text)
      lastWords.begin(first, spool)
      let outcomes = try pipeline(parts, index).process(ahead.take(limit: Self.groupSize, rows: Self.groupRows))
      if lastWords.end() { spool.forgetDeaths() }
      for (claimed, outcome) in outcomes { take(outcome, of: claimed, parts) }
    } else if let work = alone {
      alone = nil
      guard let claimed = claim(work, at: surroundings.now(), parts) else { return }
      willScore(claimed.name.text)
      let deaths = work.isBegun ? deaths(over: claimed) : 0
      lastWords.begin(claimed, spool)
      let outcome = try pipeline(parts, index).process(claimed, deaths: deaths)
      if lastWords.end() || deaths > 0 { spool.forgetDeaths() }
      take(outcome, of: claimed, parts)
    }
  }

  /// The configuration has changed: what has been read ahead is read again.
  func readAgain(by parts: DaemonParts) { ahead.restart(by: parts.intake) }

  /// Puts back what has been claimed and not been begun: whoever takes it up need not know that it was.
  func putBack() { putBack(ahead.end()) }

  private func putBack(_ bundles: [ClaimedBundle]) {
    for claimed in bundles { spool.putBack(claimed) }
    if !bundles.isEmpty { arrivals.scan(by: surroundings.now()) }
  }

  private func pipeline(_ parts: DaemonParts, _ index: IndexWriter) -> BundlePipeline {
    BundlePipeline(
      spool: spool, labels: parts.labels(in: spool), matching: parts.settings.labels.matching,
      keepsText: parts.settings.keep.text, intake: parts.intake,
      scorer: parts.scorer, index: index,
      probes: parts.probes, policy: parts.deferral, now: surroundings.now,
      mayBeUnfinished: !arrivals.tellsOfArrivals,
      isStopping: { [signals] in signals.hasStopArrived(parts.logger) },
      progress: { [watchdog] in watchdog.progress() },
      othersWait: { [arrivals, ahead] in arrivals.queue.arrivals.count > 0 || ahead.count > 0 },
      checkpoint: { [watchdog, surroundings] step in
        watchdog.progress()
        try surroundings.checkpoint(step)
      })
  }

  /// Claims fresh bundles and has them read, as long as there are any and nothing that goes alone comes before them.
  private func claimAhead(_ parts: DaemonParts) {
    while alone == nil, ahead.count < Self.claimedAhead {
      let now = surroundings.now()
      guard let work = arrivals.queue.next(at: now, look: spool.sight) else { return }
      // Corrections too: what they speak of may be in the bundles that came before them.
      guard case .fresh(let entry) = work, InputKind(fileName: entry.name.bytes) != .correction else {
        alone = work
        return
      }
      guard let claimed = claim(work, at: now, parts) else { return }
      ahead.begin(claimed, by: parts.intake)
    }
  }

  /// How many runs have ended over a bundle that was found begun, the last one's crash counted.
  private func deaths(over claimed: ClaimedBundle) -> Int {
    if let crashed { spool.countDeath(over: claimed, of: crashed) }
    crashed = nil
    return spool.deaths(over: claimed)
  }

  /// Moves the bundle into `active`; nil where it is gone, or where that failed and the queue pauses.
  private func claim(_ work: WorkQueue.Work, at now: Date, _ parts: DaemonParts) -> ClaimedBundle? {
    do {
      switch work {
      case .begun(let entry): return spool.reclaim(entry)
      case .retry(let file, let note): return try spool.claimDeferred(file, note: note)
      case .fresh(let entry):
        let claimed = try surroundings.claim(spool, entry)
        // Its namesake is still active: it is found again by the next listing.
        if claimed == nil && spool.sight(entry.name) != nil { arrivals.scan(by: now.addingTimeInterval(1)) }
        return claimed
      }
    } catch let error as StorageError where work.isFresh && Self.ofOneFile.contains(error.code) {
      // It stays where it is, and the next listing tries it again; the queue goes on.
      if setAside.insert(error.explanation.location ?? "").inserted {
        tally.setAside += 1
        parts.logger.error("set aside: \(error.explanation.what)", metadata: error.explanation.logged)
      }
      return nil
    } catch {
      arrivals.scan(by: now)
      pause.begin(Explanation(of: error, otherwise: .io), parts)
      return nil
    }
  }

  /// Whether the filesystems of the spool and of the index have room for results; pauses the queue where one has not.
  private func hasSpace(_ parts: DaemonParts) -> Bool {
    let least = Int64(parts.settings.disk.freeMebibytes) << 20
    guard least > 0 else { return true }
    let (root, indexFolder) = (spool.layout.root, spool.layout.index.deletingLastPathComponent())
    let places = [("spool", root)] + (indexFolder.path == root.path ? [] : [("index", indexFolder)])
    for (name, folder) in places {
      guard let free = surroundings.freeBytes(folder), free < least else { continue }
      pause.begin(
        Explanation(
          .io, "too little space is left on the \(name)'s filesystem", at: folder.path,
          found: "\(free >> 20) MiB", expected: "\(parts.settings.disk.freeMebibytes) MiB (disk.free_mib)",
          remedy: "Free some space; the queue goes on by itself."), parts)
      return false
    }
    return true
  }

  /// Counts and logs what became of a bundle, and puts it where the queue finds it again.
  private func take(_ outcome: BundleOutcome, of claimed: ClaimedBundle, _ parts: DaemonParts) {
    let (logger, bundle) = (parts.logger, Logger.MetadataValue.string(claimed.name.text))
    switch outcome {
    case .scored(let recorded, let times, let notes):
      tally.scored += 1
      metrics.add(times, utterances: recorded.utterances)
      pause.end(parts)
      logger.info("scored", metadata: recorded.logged(bundle, times))
      for note in notes { logger.warning("\(note)", metadata: ["bundle": bundle]) }
    case .unchanged(let earlier):
      tally.unchanged += 1
      pause.end(parts)
      logger.info(
        "scored before, nothing changes", metadata: ["bundle": bundle, "labels": "\(earlier.labelFile)"])
    case .corrected(let corrections, let record):
      tally.corrected += 1
      pause.end(parts)
      guard let record else {
        logger.warning("an export in which no label was changed", metadata: ["file": bundle])
        return
      }
      logger.info(
        corrections.isEmpty ? "corrected before, nothing changes" : "corrected",
        metadata: [
          "file": bundle, "corrections": .stringConvertible(corrections.count),
          "by": "\(Set(corrections.map(\.by)).sorted().prefix(5).joined(separator: ", "))",
          "record": "\(spool.layout.corrections.lastPathComponent)/\(record)",
        ])
    case .failed(let name, let explanation):
      tally.failed += 1
      pause.end(parts)
      logger.error(
        "failed: \(explanation.what)",
        metadata: explanation.logged.merging(["bundle": bundle, "file": "failed/\(name.text)"]) { $1 })
      surroundings.messages.tell(
        .failed(bundle: claimed.name.text, explanation), at: surroundings.now(), parts.settings, logger)
    case .deferred(let file, let note):
      tally.deferred += 1
      arrivals.queue.shelf.put(file, note: note)
      logger.warning(
        "deferred: \(note.trouble.what)",
        metadata: note.trouble.logged.merging([
          "bundle": bundle, "file": "deferred/\(file.shown)", "tries": .stringConvertible(note.tries),
          "next": "\(note.next.formatted(.iso8601))",
        ]) { $1 })
      if note.cause == .machine { pause.begin(note.trouble, parts) }
    case .interrupted:
      logger.info("put back", metadata: ["bundle": bundle])
    case .vanished:
      logger.warning("vanished from active", metadata: ["bundle": bundle])
    case .stuck(let explanation):
      // It stays active; it comes first when the pause is over.
      let entry = FolderEntry(FileName(claimed.name.text), in: spool.layout.active)
      if let entry { arrivals.queue.resume([entry]) }
      pause.begin(explanation, parts)
    case .held: putBack([claimed])
    }
  }
}

extension IndexedBundle {
  fileprivate func logged(_ bundle: Logger.MetadataValue, _ times: StageTimes) -> Logger.Metadata {
    [
      "bundle": bundle, "digest": "\(digest.prefix(8))", "dialogues": .stringConvertible(dialogues),
      "utterances": .stringConvertible(utterances), "labels": "\(labelFile)",
      "read_ms": Self.milliseconds(times.reading), "score_ms": Self.milliseconds(times.scoring),
      "write_ms": Self.milliseconds(times.writing),
    ]
  }

  private static func milliseconds(_ seconds: Double) -> Logger.MetadataValue {
    .stringConvertible((seconds * 1e4).rounded() / 10)
  }
}
