import BundleSpool
import DialogueBundles
import DialogueDomain
import Foundation
import ResultExport
import ResultIndex

/// A claimed bundle that has been read and checked, or could not be; of a large one, the features come part by part.
struct ReadBundle: Sendable {
  let claimed: ClaimedBundle
  let content: Result<OpenedBundle, any Error>
  /// What reading took, as far as it has come.
  let seconds: Double
  /// Whether it is what `ambq` exported, and is not read: its labels may have been corrected.
  let isExport: Bool

  private struct NotRead: Error {}

  /// Reads a bundle, and its features as far as the first part: a small one's are one part.
  init(_ claimed: ClaimedBundle, by intake: any BundleSource) {
    self.claimed = claimed
    let start = ContinuousClock.now
    isExport = ExportMark.isBorne(by: claimed.url)
    content =
      isExport
      ? .failure(NotRead())
      : Result {
        let opened = try intake.open(claimed.url)
        try opened.prepare()
        return opened
      }
    seconds = (ContinuousClock.now - start).inSeconds
  }
}

/// A bundle that is to be scored, and where its results will lie.
struct AdmittedBundle {
  let claimed: ClaimedBundle
  let content: OpenedBundle
  /// In `done`.
  let name: BundleName
  /// In `labels`.
  let labelFile: String
  let request: ProbeRequest?
  /// Seconds that reading took.
  let reading: Double

  /// Whether its probe will wait to be run.
  var asksForProbe: Bool { request.map { $0.skipReason == nil } ?? false }
}

/// What is settled about a bundle between reading and scoring.
extension BundlePipeline {
  /// What was read of a bundle.
  func content(of read: ReadBundle) throws(PipelineTrouble) -> OpenedBundle {
    do {
      return try read.content.get()
    } catch let error as BundleError where error.fault == .digestMismatch {
      return try readWithoutStaleDigest(read.claimed, error)
    } catch {
      throw trouble(error, of: read.claimed)
    }
  }

  /// Trouble in reading or scoring; of a bundle that may not have arrived whole, a fault that a half copy has counts as passing
  /// for a while.
  func trouble(_ error: any Error, of claimed: ClaimedBundle) -> PipelineTrouble {
    let mayPass = (error as? BundleError).map { isPerhapsUnfinished(claimed, $0) } ?? false
    return PipelineTrouble(error, while: .bundle, isTransient: mayPass ? true : nil)
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
  ) throws(PipelineTrouble) -> OpenedBundle {
    let stated = mismatch.explanation.expected ?? ""
    let isKnown = try PipelineTrouble.attribute(to: .machine) { try index.knows(bundleDigest: stated) }
    guard isKnown else {
      throw PipelineTrouble(mismatch, while: .bundle, isTransient: isPerhapsUnfinished(claimed, mismatch))
    }
    let place = try PipelineTrouble.attribute(to: .machine) { try spool.setSidecarAside(of: claimed) }
    let content = try PipelineTrouble.attribute(to: .bundle) { try intake.open(claimed.url) }
    content.note(
      "The digest file beside it was that of an earlier bundle (\(stated.prefix(8))), which had been scored without it; it "
        + "was set aside as \(place).")
    return content
  }

  /// The labels a model has given these bytes, if they still lie where they were written.
  func earlierScoring(_ bundle: AdmittedBundle) throws(PipelineTrouble) -> IndexedBundle? {
    let model = scorer.models.model(for: bundle.content.outline)
    return try PipelineTrouble.attribute(to: .machine) {
      try index.recordAgain(
        name: bundle.claimed.name.text, bundleDigest: bundle.content.digest, modelDigest: model.digest,
        probe: bundle.request,
        hasLabels: { try labels.exists(($0 as NSString).lastPathComponent) })
    }
  }

  /// How many probes wait, where bundles are probed at all.
  func pendingProbes() throws -> Int { probes == nil ? 0 : try index.pendingProbes() }

  /// What is to become of the bundle's probe once it lies in `done`.
  func probeRequest(for content: OpenedBundle, doneAs name: BundleName, pending: Int) throws -> ProbeRequest? {
    try probes?.request(
      bundleDigest: content.digest, file: "\(spool.layout.done.lastPathComponent)/\(name.text)", pending: pending,
      at: now())
  }

  /// A name under which neither the labels nor the bundle in `done` would replace those of other bytes.
  func freeName(
    _ claimed: ClaimedBundle, _ content: OpenedBundle
  ) throws(PipelineTrouble) -> (bundle: BundleName, labels: String) {
    let variants = claimed.name.variants(digest: content.digest)
    for variant in variants {
      let file = labels.name(stem: variant.stem)
      let owner = try PipelineTrouble.attribute(to: .machine) { try index.bundleDigest(ofLabels: path(file)) }
      guard owner == nil || owner == content.digest else { continue }
      if try isDoneNameFree(variant, content, claimed) { return (variant, file) }
    }
    let last = variants[variants.count - 1]
    return (last, labels.name(stem: last.stem))
  }

  private func isDoneNameFree(
    _ name: BundleName, _ content: OpenedBundle, _ claimed: ClaimedBundle
  ) throws(PipelineTrouble) -> Bool {
    do {
      return try spool.isDoneNameFree(name, digest: content.digest)
    } catch {
      if let trouble = waiting(for: error, claimed) { throw trouble }
      return false
    }
  }

  /// Trouble with another file that lies in a bundle's way and cannot be read at the moment: the bundle waits for that, since
  /// the two may hold the same bytes; nil where it has waited for so long that it would be given up.
  func waiting(for error: any Error, _ claimed: ClaimedBundle) -> PipelineTrouble? {
    let trouble = PipelineTrouble(error, while: .bundle, isTransient: true)
    let note = DeferralNote(
      after: trouble.explanation, cause: trouble.cause, of: claimed, at: now(), policy: policy)
    return note == nil ? nil : trouble
  }

  /// Removes labels of this bundle's own that an earlier try left without recording them, where the same bytes have been
  /// recorded under another name since: no scoring names them.
  func removeUnrecordedLabels(of bundle: AdmittedBundle, since earlier: IndexedBundle) throws(PipelineTrouble) {
    guard path(bundle.labelFile) != earlier.labelFile else { return }
    try PipelineTrouble.attribute(to: .machine) {
      guard try labels.exists(bundle.labelFile), try index.bundleDigest(ofLabels: path(bundle.labelFile)) == nil
      else { return }
      // Others that lie there are somebody's.
      guard let outcome = try? score([bundle])[0].get() else { return }
      try labels.remove(bundle.labelFile, ifTheyAre: outcome.scored)
    }
  }
}
