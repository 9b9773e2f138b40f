import AMBDSGDN
import BundleScoring
import BundleSpool
import DialogueBundles
import DialogueDomain
import EvaluationStatistics
import Foundation
import Logging
import OperatingSystem
import ResultIndex
import Shards

/// Takes groups of inputs that have been read into the index: labels, probes where they are asked for, and what failed.
struct ShardPass {
  let index: IndexWriter
  let parts: DaemonParts
  let job: ShardJob
  let now: () -> Date
  let isStopping: () -> Bool
  /// Inputs that are being read, by where they lie.
  var begun: [URL: ShardInput] = [:]
  /// Inputs that have been tried in vain.
  private(set) var failed: [ShardRecord.Failed] = []
  private var failedNames: [String] = []
  /// The first thing that kept an input from being tried, and that a later attempt may find gone.
  private(set) var trouble: PassingTrouble?

  /// Trouble that is not the input's.
  struct PassingTrouble {
    let explanation: Explanation
    /// Whether it passes only where somebody mends this machine.
    let isForGood: Bool
  }

  init(
    index: IndexWriter, parts: DaemonParts, job: ShardJob, now: @escaping () -> Date, isStopping: @escaping () -> Bool
  ) {
    self.index = index
    self.parts = parts
    self.job = job
    self.now = now
    self.isStopping = isStopping
  }

  /// When what is recorded now was made, by what the job says.
  private var time: Date { job.time ?? now() }

  private func duration(_ seconds: Double) -> Double { job.time == nil ? seconds : 0 }

  /// What the index is told of the inputs that failed.
  var failureRecords: [FailureRecord] {
    zip(failed, failedNames).map { failed, name in
      FailureRecord(name: name, digest: failed.digest, time: time, explanation: failed.explanation)
    }
  }

  /// - Throws: `IndexError` where the local disk has trouble.
  mutating func take(_ group: [ReadBundle]) throws {
    var admitted: [(input: ShardInput, read: ReadBundle, content: OpenedBundle)] = []
    for read in group {
      guard let input = begun.removeValue(forKey: read.claimed.url) else { continue }
      do {
        admitted.append((input, read, try content(of: read, input)))
      } catch {
        settle(error, of: input)
      }
    }
    let scoring = GroupScoring(
      scorer: parts.scorer, keepsText: parts.settings.keep.text, matching: parts.settings.labels.matching)
    let results = scoring.score(admitted.map { NamedReading(name: $0.input.name.text, content: $0.content) })
    var recordings: [BundleRecording] = []
    for ((input, read, content), result) in zip(admitted, results) {
      do {
        let outcome = try result.get()
        recordings.append(try recording(outcome, of: input, read, content))
        for note in outcome.notes { parts.logger.warning("\(note)", metadata: ["input": "\(input.path)"]) }
      } catch {
        settle(error, of: input)
      }
    }
    for recorded in try index.record(recordings) {
      for alias in job.inputs.aliases[recorded.digest, default: []] {
        _ = try index.recordAgain(name: alias, bundleDigest: recorded.digest, modelDigest: recorded.modelDigest)
      }
    }
    parts.logger.debug("scored", metadata: ["inputs": .stringConvertible(recordings.count)])
    try probe()
  }

  private func content(of read: ReadBundle, _ input: ShardInput) throws -> OpenedBundle {
    let content = try read.content.get()
    guard content.digest == input.digest else {
      throw DaemonError(
        .data, "the file holds other bytes than the list of inputs says", at: input.path,
        found: "digest \(content.digest.prefix(8))", expected: String(input.digest.prefix(8)),
        remedy: "Make the list anew.")
    }
    return content
  }

  private func recording(
    _ outcome: GroupScoring.Outcome, of input: ShardInput, _ read: ReadBundle, _ content: OpenedBundle
  ) throws -> BundleRecording {
    let layout = parts.settings.layout
    let labels = "\(layout.labels.lastPathComponent)/\(parts.labelName(stem: input.name.stem))"
    return BundleRecording(
      bundle: outcome.scored,
      scoring: ScoringRecord(
        arrived: job.time ?? read.claimed.arrived, scored: time, seconds: duration(read.seconds + outcome.seconds),
        labelFile: labels, byteCount: content.byteCount, unknownWords: content.unknownWords),
      probe: try parts.probes?.request(
        bundleDigest: input.digest, file: "\(layout.done.lastPathComponent)/\(input.name.text)", pending: 0, at: time))
  }

  /// Runs the probes that the index waits for, in the same pass.
  mutating func probe() throws {
    guard parts.probes != nil else { return }
    while !isStopping(), let pending = try index.nextPendingProbe() {
      let start = ContinuousClock.now
      do {
        let probed = try probed(pending)
        let seconds = (ContinuousClock.now - start).inSeconds
        try index.recordProbe(
          pending, stability: probed.scored.utterances.map(\.stability), statistics: probed.statistics,
          seconds: duration(seconds), at: time)
      } catch let error as IndexError where !error.isAboutBundle {
        throw error
      } catch {
        try index.skipProbe(pending, reason: PipelineTrouble(error, while: .bundle).explanation.message, at: time)
      }
    }
  }

  /// The bundle's features went by when it was scored: it is read once more.
  private func probed(_ pending: PendingProbe) throws -> ProbedBundle {
    guard let model = parts.models.model(digest: pending.modelDigest), let plan = ProbePlan(stored: pending.plan)
    else { throw DaemonError(.data, "another version of ambd, or another model, asked for the probe") }
    guard let input = job.inputs.inputs.first(where: { $0.digest == pending.bundleDigest }) else {
      throw DaemonError(.missingInput, "the bundle is gone", at: pending.name)
    }
    let content = try parts.intake.open(input.url)
    return try parts.prober(of: model).probe(NamedBundle(content, name: pending.name), plan: plan)
  }

  private mutating func settle(_ error: any Error, of input: ShardInput) {
    let trouble = PipelineTrouble(error, while: .bundle)
    settle(
      trouble.explanation, isTransient: trouble.isTransient, isForGood: error is EncoderUnavailable, of: input)
  }

  /// What is wrong with an input stays with it; what may pass leaves it for a later attempt.
  private mutating func settle(
    _ explanation: Explanation, isTransient: Bool, isForGood: Bool = false, of input: ShardInput
  ) {
    let metadata = explanation.logged.merging(["input": "\(input.path)"]) { $1 }
    guard isTransient else {
      failed.append(ShardRecord.Failed(input: input.path, digest: input.digest, explanation: explanation))
      failedNames.append(input.name.text)
      parts.logger.error("failed: \(explanation.what)", metadata: metadata)
      return
    }
    if trouble == nil { trouble = PassingTrouble(explanation: explanation, isForGood: isForGood) }
    parts.logger.warning("left for a later attempt: \(explanation.what)", metadata: metadata)
  }
}
