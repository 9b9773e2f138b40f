import AMBDSGDN
import BundleScoring
import BundleSpool
import DialogueBundles
import DialogueDomain
import Foundation
import LabelFiles
import OperatingSystem
import ResultIndex

/// Takes claimed bundles all the way: read, score, labels durable, index committed, bundles to `done`.
///
/// Of a large bundle's features one part is here at a time; all that remains of it is its labels, and none of them is written
/// before all are there.
///
/// Each step may be the last before a crash: done again from the start, the way comes to the same end. A bundle stays in
/// `active` until everything about it is durable. Several bundles wait for the disk together: their labels are written, then
/// synced, then take their places; one transaction has all their rows; then they are moved. Each bundle's steps keep their
/// order, and where a step fails for the group, each bundle goes alone and meets its own trouble.
struct BundlePipeline {
  var spool: Spool
  var labels: LabelFileWriter
  /// Which class a true emotion's name means.
  var matching = EmotionMatching()
  /// Whether words go into the index.
  var keepsText = true
  var intake: any BundleSource
  var scorer: BundleScorer
  var index: IndexWriter
  /// Nil where bundles are not probed.
  var probes: ProbePolicy?
  var policy: DeferralPolicy
  var now: () -> Date = { Date() }
  /// Whether files may come here unfinished: where the kernel does not tell who still writes.
  var mayBeUnfinished = false
  /// Whether the daemon has been told to stop: what fails then is not held against the bundle.
  var isStopping: () -> Bool = { false }
  /// Called with each part of a bundle: a long one is no standstill.
  var progress: () -> Void = {}
  /// Whether bundles wait in which a dialogue may be that the index does not know.
  var othersWait: () -> Bool = { false }
  /// Called before every durable step; what it throws ends the way at once, as a crash would.
  var checkpoint: (PipelineStep) throws -> Void = { _ in }

  /// How often a bundle may take the daemon down with it.
  static let mostDeaths = 3

  /// Takes one bundle to whatever end it has.
  ///
  /// - Parameter deaths: how many runs of the daemon have ended while it was in their hand.
  /// - Throws: only what `checkpoint` throws.
  func process(_ claimed: ClaimedBundle, deaths: Int = 0) throws -> BundleOutcome {
    if deaths >= Self.mostDeaths {
      return try settled(PipelineTrouble(DaemonError.died(over: claimed), while: .bundle), of: claimed)
    }
    if claimed.isOfCorrections { return try takeCorrections(claimed) }
    return try process([ReadBundle(claimed, by: intake)])[0].outcome
  }

  /// Takes bundles that have been read to whatever ends they have, and waits for the disk once for all of them.
  ///
  /// - Returns: what became of each, in the order in which they came to their ends.
  /// - Throws: only what `checkpoint` throws.
  func process(_ group: [ReadBundle]) throws -> [(claimed: ClaimedBundle, outcome: BundleOutcome)] {
    var ended: [(claimed: ClaimedBundle, outcome: BundleOutcome)] = []
    var admitted: [AdmittedBundle] = []
    var exports: [ClaimedBundle] = []
    // One count a group: with many pending, counting takes long.
    let pending = Result { try pendingProbes() }
    for read in group {
      let claimed = read.claimed
      if read.isExport {
        exports.append(claimed)
        continue
      }
      try checkpoint(.read)
      do {
        let content = try content(of: read)
        var name = try freeName(claimed, content)
        // Two of the same bytes, or of one name for their labels: the second must find what the first has left.
        let isTaken = admitted.contains {
          $0.content.digest == content.digest || $0.labelFile == name.labels || $0.name.text == name.bundle.text
        }
        if isTaken {
          try deliver(&admitted, &ended)
          name = try freeName(claimed, content)
        }
        let request = try PipelineTrouble.attribute(to: .machine) {
          try probeRequest(
            for: content, doneAs: name.bundle, pending: pending.get() + admitted.count { $0.asksForProbe })
        }
        let bundle = AdmittedBundle(
          claimed: claimed, content: content, name: name.bundle, labelFile: name.labels, request: request,
          reading: read.seconds)
        if let earlier = try earlierScoring(bundle) {
          try removeUnrecordedLabels(of: bundle, since: earlier)
          // It takes the place of its twin, which is durable.
          try PipelineTrouble.attribute(to: .machine) { try DurableFile.sync([claimed.url]) }
          try finish(claimed, as: name.bundle)
          ended.append((claimed, try ending(.unchanged(earlier))))
        } else {
          admitted.append(bundle)
        }
      } catch let trouble as PipelineTrouble {
        ended.append((claimed, try settled(trouble, of: claimed)))
      }
    }
    try deliver(&admitted, &ended)
    // The last: what they speak of may be in the bundles.
    for claimed in exports { ended.append((claimed, try takeCorrections(claimed))) }
    return ended
  }

  /// What follows the last step.
  func ending(_ outcome: BundleOutcome) throws -> BundleOutcome {
    try checkpoint(.end)
    return outcome
  }

  /// Where a bundle that met trouble ends.
  func settled(_ trouble: PipelineTrouble, of claimed: ClaimedBundle) throws -> BundleOutcome {
    try ending(try settle(trouble, of: claimed))
  }

  func finish(_ claimed: ClaimedBundle, as name: BundleName) throws {
    try checkpoint(.staleReport)
    spool.removeStaleReport(of: claimed)
    try checkpoint(.done)
    try PipelineTrouble.attribute(to: .machine) { try spool.moveToDone(claimed, as: name) }
  }

  /// The path of a label file relative to the spool.
  func path(_ labelFile: String) -> String {
    "\(spool.layout.labels.lastPathComponent)/\(labelFile)"
  }
}
