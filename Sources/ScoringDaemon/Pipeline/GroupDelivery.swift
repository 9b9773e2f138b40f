import AMBDSGDN
import BundleScoring
import BundleSpool
import DialogueDomain
import Foundation
import OperatingSystem
import ResultIndex

/// A bundle's labels, which nobody has written yet.
private struct Delivery {
  let bundle: AdmittedBundle
  let scored: ScoredBundle
  var times: StageTimes
  /// What a person should know.
  let notes: [String]
}

/// From scoring to `done`: the durable steps of several bundles at once.
extension BundlePipeline {
  /// Scores and delivers what was admitted; nothing is admitted any more then.
  func deliver(
    _ admitted: inout [AdmittedBundle], _ ended: inout [(claimed: ClaimedBundle, outcome: BundleOutcome)]
  ) throws {
    defer { admitted = [] }
    guard !admitted.isEmpty else { return }
    let deliveries = try scored(admitted, &ended)
    if deliveries.count > 1, let outcomes = try attempt(deliveries) {
      ended += outcomes
      return
    }
    // Each alone, so that only whose trouble it is meets it.
    for (number, delivery) in deliveries.enumerated() {
      let claimed = delivery.bundle.claimed
      do {
        ended += try deliverTogether([delivery])
      } catch let trouble as PipelineTrouble {
        let outcome = try settled(trouble, of: claimed)
        ended.append((claimed, outcome))
        // Trouble of the machine would meet the others, too: they stay where they are until the queue goes on.
        guard !outcome.isOfTheMachine else {
          ended += deliveries[(number + 1)...].map { ($0.bundle.claimed, .held) }
          return
        }
      }
    }
  }

  private func scored(
    _ admitted: [AdmittedBundle], _ ended: inout [(claimed: ClaimedBundle, outcome: BundleOutcome)]
  ) throws -> [Delivery] {
    var deliveries: [Delivery] = []
    for (bundle, result) in zip(admitted, score(admitted)) {
      do {
        let outcome = try result.get()
        deliveries.append(
          Delivery(
            bundle: bundle, scored: outcome.scored,
            times: StageTimes(reading: bundle.reading, scoring: outcome.seconds), notes: outcome.notes))
      } catch {
        let trouble = trouble(error, of: bundle.claimed)
        ended.append((bundle.claimed, try settled(trouble, of: bundle.claimed)))
      }
    }
    return deliveries
  }

  /// What the models make of the bundles, as it is written and recorded.
  func score(_ admitted: [AdmittedBundle]) -> [Result<GroupScoring.Outcome, any Error>] {
    GroupScoring(scorer: scorer, keepsText: keepsText, matching: matching, progress: progress).score(
      admitted.map { NamedReading(name: $0.claimed.name.text, content: $0.content) })
  }

  /// All of them together; nil where one of the steps fails for the group.
  private func attempt(_ deliveries: [Delivery]) throws -> [(claimed: ClaimedBundle, outcome: BundleOutcome)]? {
    do {
      return try deliverTogether(deliveries)
    } catch is PipelineTrouble {
      return nil
    }
  }

  /// - Throws: `PipelineTrouble` where none of them is recorded, and what `checkpoint` throws.
  private func deliverTogether(
    _ deliveries: [Delivery]
  ) throws -> [(claimed: ClaimedBundle, outcome: BundleOutcome)] {
    let start = ContinuousClock.now
    let recorded = try record(deliveries)
    var ended: [(claimed: ClaimedBundle, outcome: BundleOutcome)] = []
    for (delivery, recorded) in zip(deliveries, recorded) {
      let (bundle, claimed) = (delivery.bundle, delivery.bundle.claimed)
      do {
        try finish(claimed, as: bundle.name)
      } catch let trouble as PipelineTrouble {
        // Its rows are there: it is found as scored before when it is taken up again.
        ended.append((claimed, try settled(trouble, of: claimed)))
        continue
      }
      var times = delivery.times
      times.writing = (ContinuousClock.now - start).inSeconds / Double(deliveries.count)
      ended.append((claimed, try ending(.scored(recorded, times, notes: delivery.notes))))
    }
    return ended
  }

  /// Labels durable, then rows durable.
  private func record(_ deliveries: [Delivery]) throws -> [IndexedBundle] {
    // A producer may have renamed without syncing: what labels are made of must survive a power cut as they do.
    try PipelineTrouble.attribute(to: .machine) { try DurableFile.sync(deliveries.map(\.bundle.claimed.url)) }
    var crash: (any Error)?
    do {
      try labels.write(deliveries.map { ($0.scored, $0.bundle.labelFile) }) { step, _ in
        do {
          try checkpoint(step == .write ? .labels : .placement)
        } catch {
          crash = error
          throw error
        }
      }
    } catch {
      throw crash ?? PipelineTrouble(error, while: .machine)
    }
    try checkpoint(.index)
    let recordings = deliveries.map { delivery in
      BundleRecording(
        bundle: delivery.scored,
        scoring: ScoringRecord(
          arrived: delivery.bundle.claimed.arrived, scored: now(),
          seconds: delivery.times.reading + delivery.times.scoring, labelFile: path(delivery.bundle.labelFile),
          byteCount: delivery.bundle.content.byteCount, unknownWords: delivery.bundle.content.unknownWords),
        probe: delivery.bundle.request)
    }
    return try PipelineTrouble.attribute(to: .machine) { try index.record(recordings) }
  }
}
