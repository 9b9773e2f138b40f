import AMBDSGDN
import BundleScoring
import BundleSpool
import DialogueBundles
import DialogueDomain
import Foundation
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
    let content = try PipelineTrouble.attribute(to: .bundle) { try intake.read(claimed.url) }
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
