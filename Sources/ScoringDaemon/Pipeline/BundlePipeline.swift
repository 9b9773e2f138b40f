import AMBDSGDN
import BundleScoring
import BundleSpool
import DialogueBundles
import DialogueDomain
import Foundation
import OperatingSystem
import ResultIndex

/// Takes one claimed bundle all the way: read, score, labels durable, index committed, bundle to `done`.
///
/// Each step may be the last before a crash: done again from the start, the way comes to the same end. The bundle stays
/// in `active` until everything about it is durable.
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
  /// Called before every durable step; what it throws ends the way at once, as a crash would.
  var checkpoint: (PipelineStep) throws -> Void = { _ in }

  /// How often a bundle may take the daemon down with it.
  static let mostDeaths = 3

  /// Takes the bundle to whatever end it has.
  ///
  /// - Parameter deaths: how many runs of the daemon have ended while it was in their hand.
  /// - Throws: only what `checkpoint` throws.
  func process(_ claimed: ClaimedBundle, deaths: Int = 0) throws -> BundleOutcome {
    let outcome: BundleOutcome
    do {
      if deaths >= Self.mostDeaths { throw PipelineTrouble(DaemonError.died(over: claimed), while: .bundle) }
      outcome = try deliver(claimed)
    } catch let trouble as PipelineTrouble {
      outcome = try settle(trouble, of: claimed)
    }
    try checkpoint(.end)
    return outcome
  }

  private func deliver(_ claimed: ClaimedBundle) throws -> BundleOutcome {
    var times = StageTimes()
    try checkpoint(.read)
    let content = try read(claimed)
    times.endReading()
    let (name, labelFile) = try freeName(claimed, content)
    let request = try PipelineTrouble.attribute(to: .machine) { try probeRequest(for: content, doneAs: name) }
    let model = scorer.models.model(for: content.bundle)
    if let earlier = try earlierScoring(claimed, content, by: model, request) {
      try finish(claimed, as: name)
      return .unchanged(earlier)
    }
    var scored = try PipelineTrouble.attribute(to: .bundle) {
      let scored = try scorer.score(content.bundle, name: claimed.name.text, digest: content.digest)
      // Nobody must find labels of what cannot be recorded.
      try IndexWriter.check(scored)
      return scored
    }
    if !keepsText { for row in scored.utterances.indices { scored.utterances[row].text = nil } }
    times.endScoring()
    // A producer may have renamed without syncing: what labels are made of must survive a power cut as they do.
    try PipelineTrouble.attribute(to: .machine) { try DurableFile.sync(claimed.url) }
    try checkpoint(.labels)
    try PipelineTrouble.attribute(to: .machine) { try labels.write(scored, as: labelFile) }
    try checkpoint(.index)
    let scoring = ScoringRecord(
      arrived: claimed.arrived, scored: now(), seconds: times.total, labelFile: path(labelFile),
      byteCount: content.byteCount, unknownWords: content.unknownWords)
    let recorded = try PipelineTrouble.attribute(to: .machine) { try index.record(scored, scoring, probe: request) }
    try finish(claimed, as: name)
    times.endWriting()
    return .scored(
      recorded, times, notes: content.notes + ScoringFitness(model, content.bundle, matching: matching).notes)
  }

  /// Reads the bundle; of one that may not have arrived whole, a fault that a half copy has counts as passing for a while.
  private func read(_ claimed: ClaimedBundle) throws(PipelineTrouble) -> BundleReading {
    do {
      return try intake.read(claimed.url)
    } catch let error as BundleError where error.fault == .digestMismatch {
      return try readWithoutStaleDigest(claimed, error)
    } catch let error as BundleError where isPerhapsUnfinished(claimed, error) {
      throw PipelineTrouble(error, while: .bundle, isTransient: true)
    } catch {
      throw PipelineTrouble(error, while: .bundle)
    }
  }

  /// Whether the fault may be that the file is still being copied.
  private func isPerhapsUnfinished(_ claimed: ClaimedBundle, _ error: BundleError) -> Bool {
    guard mayBeUnfinished, Self.halfCopied.contains(error.fault),
      let unchanged = spool.secondsUnchanged(claimed, at: now())
    else { return false }
    return unchanged < Self.unfinishedSeconds
  }

  /// What a copy looks like that has not come to its end.
  private static let halfCopied: Set<BundleError.Fault> = [
    .empty, .truncated, .incompleteCopy, .damaged, .digestMismatch, .transcript,
  ]
  /// A file that has not changed for so long will not change any more.
  private static let unfinishedSeconds = 60.0

  /// Reads the bundle once more where the digest beside it is that of another bundle, which has been scored: it came after
  /// that one, and was left for the next of the name.
  private func readWithoutStaleDigest(
    _ claimed: ClaimedBundle, _ mismatch: BundleError
  ) throws(PipelineTrouble) -> BundleReading {
    let stated = mismatch.explanation.expected ?? ""
    let isKnown = try PipelineTrouble.attribute(to: .machine) { try index.knows(bundleDigest: stated) }
    guard isKnown else {
      throw PipelineTrouble(mismatch, while: .bundle, isTransient: isPerhapsUnfinished(claimed, mismatch))
    }
    let place = try PipelineTrouble.attribute(to: .machine) { try spool.setSidecarAside(of: claimed) }
    var content = try PipelineTrouble.attribute(to: .bundle) { try intake.read(claimed.url) }
    content.notes.append(
      "The digest file beside it was that of an earlier bundle (\(stated.prefix(8))), which had been scored without it; it "
        + "was set aside as \(place).")
    return content
  }

  /// The labels a model has given these bytes, if they still lie where they were written.
  private func earlierScoring(
    _ claimed: ClaimedBundle, _ content: BundleReading, by model: Model, _ request: ProbeRequest?
  ) throws -> IndexedBundle? {
    try PipelineTrouble.attribute(to: .machine) {
      try index.recordAgain(
        name: claimed.name.text, bundleDigest: content.digest, modelDigest: model.digest, probe: request,
        hasLabels: { FileManager.default.fileExists(atPath: spool.layout.root.appendingPathComponent($0).path) })
    }
  }

  /// What is to become of the bundle's probe once it lies in `done`.
  private func probeRequest(for content: BundleReading, doneAs name: BundleName) throws -> ProbeRequest? {
    guard let probes else { return nil }
    return try probes.request(
      bundleDigest: content.digest, file: "\(spool.layout.done.lastPathComponent)/\(name.text)",
      pending: try index.pendingProbes(), at: now())
  }

  /// A name under which neither the labels nor the bundle in `done` would replace those of other bytes.
  private func freeName(
    _ claimed: ClaimedBundle, _ content: BundleReading
  ) throws -> (bundle: BundleName, labels: String) {
    let variants = claimed.name.variants(digest: content.digest)
    for variant in variants {
      let file = labels.name(stem: variant.stem)
      let owner = try PipelineTrouble.attribute(to: .machine) { try index.bundleDigest(ofLabels: path(file)) }
      if (owner == nil || owner == content.digest) && spool.isDoneNameFree(variant, digest: content.digest) {
        return (variant, file)
      }
    }
    let last = variants[variants.count - 1]
    return (last, labels.name(stem: last.stem))
  }

  private func finish(_ claimed: ClaimedBundle, as name: BundleName) throws {
    try checkpoint(.staleReport)
    spool.removeStaleReport(of: claimed)
    try checkpoint(.done)
    try PipelineTrouble.attribute(to: .machine) { try spool.moveToDone(claimed, as: name) }
  }

  /// The path of a label file relative to the spool.
  private func path(_ labelFile: String) -> String {
    "\(spool.layout.labels.lastPathComponent)/\(labelFile)"
  }
}
