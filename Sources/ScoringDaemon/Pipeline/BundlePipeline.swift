import BundleScoring
import BundleSpool
import DialogueBundles
import DialogueDomain
import Foundation

/// Takes one claimed bundle all the way: read, score, labels durable, index committed, bundle to `done`.
///
/// Each step may be the last before a crash: done again from the start, the way comes to the same end. The bundle stays
/// in `active` until everything about it is durable.
public struct BundlePipeline {
  public var spool: Spool
  public var labels: LabelFileWriter
  public var intake: any BundleSource
  public var model: any EmotionModel
  public var ledger: any ResultLedger
  /// Nil where bundles are not probed.
  public var probes: ProbePolicy?
  public var policy: DeferralPolicy
  public var now: () -> Date
  /// Whether the daemon has been told to stop: what fails then is not held against the bundle.
  public var isStopping: () -> Bool
  /// Called before every durable step; what it throws ends the way at once, as a crash would.
  public var checkpoint: (PipelineStep) throws -> Void

  public init(
    spool: Spool, labels: LabelFileWriter, intake: any BundleSource, model: any EmotionModel,
    ledger: any ResultLedger, probes: ProbePolicy? = nil, policy: DeferralPolicy,
    now: @escaping () -> Date = { Date() },
    isStopping: @escaping () -> Bool = { false }, checkpoint: @escaping (PipelineStep) throws -> Void = { _ in }
  ) {
    self.spool = spool
    self.labels = labels
    self.intake = intake
    self.model = model
    self.ledger = ledger
    self.probes = probes
    self.policy = policy
    self.now = now
    self.isStopping = isStopping
    self.checkpoint = checkpoint
  }

  /// Takes the bundle to whatever end it has.
  ///
  /// - Throws: only what `checkpoint` throws.
  public func process(_ claimed: ClaimedBundle) throws -> BundleOutcome {
    let outcome: BundleOutcome
    do {
      outcome = try deliver(claimed)
    } catch let trouble as PipelineTrouble {
      outcome = try settle(trouble, of: claimed)
    }
    try checkpoint(.end)
    return outcome
  }

  private func deliver(_ claimed: ClaimedBundle) throws -> BundleOutcome {
    var watch = StageWatch()
    try checkpoint(.read)
    let content = try PipelineTrouble.attribute(to: .bundle) { try intake.read(claimed.url) }
    let reading = watch.lap()
    let name = try freeName(claimed, content)
    let probe = try PipelineTrouble.attribute(to: .house) { try order(for: content, doneAs: name.bundle) }
    if let earlier = try earlierLabels(claimed, content, probe) {
      try finish(claimed, as: name.bundle)
      return .unchanged(labels: earlier)
    }
    let scored = try PipelineTrouble.attribute(to: .bundle) {
      try model.score(content.bundle, name: claimed.name.text, digest: content.digest)
    }
    let scoring = watch.lap()
    try checkpoint(.labels)
    try PipelineTrouble.attribute(to: .house) { try labels.write(scored, as: name.labels) }
    try checkpoint(.index)
    let entry = ScoringEntry(
      arrived: claimed.arrived, scored: now(), seconds: watch.total, labelFile: path(name.labels),
      byteCount: content.byteCount)
    try PipelineTrouble.attribute(to: .house) { try ledger.record(scored, entry, probe: probe) }
    try finish(claimed, as: name.bundle)
    return .scored(
      ScoredSummary(
        digest: content.digest, dialogues: content.bundle.dialogues.count, utterances: scored.utterances.count,
        labelFile: path(name.labels), readMilliseconds: reading, scoreMilliseconds: scoring,
        writeMilliseconds: watch.lap()))
  }

  /// The labels this model has given these bytes, if they still lie where they were written.
  private func earlierLabels(
    _ claimed: ClaimedBundle, _ content: BundleReading, _ probe: ProbeOrder?
  ) throws -> String? {
    try PipelineTrouble.attribute(to: .house) {
      try ledger.earlierLabels(
        name: claimed.name.text, bundleDigest: content.digest, modelDigest: model.digest, probe: probe,
        hasLabels: { FileManager.default.fileExists(atPath: spool.layout.root.appendingPathComponent($0).path) })
    }
  }

  /// What is to become of the bundle's probe once it lies in `done`.
  private func order(for content: BundleReading, doneAs name: BundleName) throws -> ProbeOrder? {
    guard let probes else { return nil }
    return try probes.order(
      bundleDigest: content.digest, file: "\(spool.layout.done.lastPathComponent)/\(name.text)",
      pending: try ledger.pendingProbes(), at: now())
  }

  /// A name under which neither the labels nor the bundle in `done` would replace those of other bytes.
  private func freeName(
    _ claimed: ClaimedBundle, _ content: BundleReading
  ) throws -> (bundle: BundleName, labels: String) {
    let variants = claimed.name.variants(digest: content.digest)
    for variant in variants {
      let file = labels.name(stem: variant.stem)
      let owner = try PipelineTrouble.attribute(to: .house) { try ledger.owner(ofLabels: path(file)) }
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
    try PipelineTrouble.attribute(to: .house) { try spool.moveToDone(claimed, as: name) }
  }

  /// The path of a label file relative to the spool.
  private func path(_ labelFile: String) -> String {
    "\(spool.layout.labels.lastPathComponent)/\(labelFile)"
  }
}
