import AmbqConfiguration
import BundleScoring
import BundleSpool
import DialogueDomain
import EvaluationStatistics
import Foundation
import TestSpools
import Testing

@testable import ScoringDaemon

/// Kills the pipeline before each of its durable steps, lets a new one finish over the same folders, and demands the same
/// final state as without the kill.
struct CrashSafetyTests {
  private struct Killed: Error {}

  /// Everything that is left when all is done.
  private struct FinalState: Equatable {
    var files: [String: String] = [:]
    var rows: Set<FakeLedger.Row> = []
    var rowCount = 0
    var failures: [FailureEntry] = []
    var probes: [FakeLedger.Probe] = []
  }

  private static let bundles = [
    ("friday.h5", "good one"), ("friday.h5", "a namesake"), ("friday.h5", "good one"), ("monday.h5", "bad"),
    ("monday.h5", "two"), ("monday.h5", "mended"), ("sunday.h5", "busy"),
  ]

  private let now = Date(timeIntervalSince1970: 1_700_000_000)

  /// What the daemon does when nothing waits to be scored.
  private func probe(
    _ place: TemporarySpool, _ ledger: FakeLedger, checkpoint: @escaping (PipelineStep) throws -> Void
  ) throws {
    while let task = ledger.nextProbe() {
      let examination = ProbeExamination(
        task: task, plan: try #require(ProbePlan(stored: task.plan)), model: FakeModel(), root: place.layout.root,
        intake: { FakeIntake() })
      let delivery = ProbeDelivery(
        labels: LabelFileWriter(folder: place.layout.labels, layout: .tsv), ledger: ledger, now: { now },
        checkpoint: checkpoint)
      _ = try delivery.deliver(try examination.run {}, of: task, seconds: 1)
    }
  }

  /// Takes the bundles through one after the other; the one with the number `victim` is killed before `step`.
  private func finalState(killing victim: Int?, before step: PipelineStep?, layout: LabelLayout) throws -> FinalState {
    let place = try TemporarySpool()
    let ledger = FakeLedger()
    var pipeline = BundlePipeline(
      spool: place.spool, labels: LabelFileWriter(folder: place.layout.labels, layout: layout), intake: FakeIntake(),
      model: FakeModel(), ledger: ledger, probes: ProbePolicy(plan: .standard, backlog: 10),
      policy: DeferralPolicy(start: 5, factor: 2, limit: 60, giveUpAfter: 0.5),
      now: { now })
    for (number, (name, text)) in Self.bundles.enumerated() {
      let claimed = try #require(try place.claimed(text, name))
      pipeline.checkpoint = { (reached: PipelineStep) in if number == victim && reached == step { throw Killed() } }
      do {
        _ = try pipeline.process(claimed)
        try probe(place, ledger, checkpoint: pipeline.checkpoint)
      } catch is Killed {
        // The next run: only what lies in the folders and the index is left.
        pipeline.checkpoint = { _ in }
        for entry in try place.spool.recover() {
          if let again = place.spool.reclaim(entry) { _ = try pipeline.process(again) }
        }
        try probe(place, ledger) { _ in }
      }
    }
    _ = try place.spool.recover()
    return try state(of: place, ledger)
  }

  private func state(of place: TemporarySpool, _ ledger: FakeLedger) throws -> FinalState {
    var state = FinalState()
    let root = place.layout.root
    for path in try FileManager.default.subpathsOfDirectory(atPath: root.path) {
      guard let text = try? String(contentsOf: root.appendingPathComponent(path), encoding: .utf8) else { continue }
      // When a bundle came is the file system's to say, and differs from run to run.
      state.files[path] = text.replacing(/"arrived" : "[^"]*"/, with: "")
    }
    state.rows = Set(ledger.rows)
    state.rowCount = ledger.rows.count
    state.failures = ledger.failures
    state.probes = ledger.probes
    return state
  }

  @Test func aKillBeforeAnyStepChangesNothingInTheEnd() throws {
    let expected = try finalState(killing: nil, before: nil, layout: .tsv)
    #expect(expected.rowCount == 3)
    #expect(expected.probes.map(\.state) == ["done", "done", "done"])
    // "good one" has eight utterances; the n-th keeps its label in one run of n.
    #expect(expected.probes.first?.stability == (1...8).map { 1 / Double($0) })
    #expect(expected.files["labels/friday.tsv"]?.contains("\t0.125000\t0.500000\t") == true)
    #expect(expected.files.keys.contains("deferred/sunday.h5"))
    #expect(expected.files.keys.contains("failed/monday.h5"))
    for victim in Self.bundles.indices {
      for step in PipelineStep.allCases {
        let state = try finalState(killing: victim, before: step, layout: .tsv)
        #expect(state == expected, "bundle \(victim) killed before \(step)")
      }
    }
  }

  /// Labels in folders take their place by another way than labels in files.
  @Test func aKillAroundLabelFoldersChangesNothingInTheEnd() throws {
    let expected = try finalState(killing: nil, before: nil, layout: .utterance)
    for step in [PipelineStep.index, .done, .stability, .probe] {
      #expect(try finalState(killing: 1, before: step, layout: .utterance) == expected, "killed before \(step)")
    }
  }

  @Test func everyStepIsReachedBySomeBundle() throws {
    let place = try TemporarySpool()
    let ledger = FakeLedger()
    var reached: Set<PipelineStep> = []
    var pipeline = BundlePipeline(
      spool: place.spool, labels: LabelFileWriter(folder: place.layout.labels, layout: .tsv), intake: FakeIntake(),
      model: FakeModel(), ledger: ledger, probes: ProbePolicy(plan: .standard, backlog: 10),
      policy: DeferralPolicy(start: 5, factor: 2, limit: 60, giveUpAfter: 100))
    pipeline.checkpoint = { reached.insert($0) }
    for (name, text) in Self.bundles {
      _ = try pipeline.process(try #require(try place.claimed(text, name)))
    }
    try probe(place, ledger) { reached.insert($0) }
    #expect(reached == Set(PipelineStep.allCases))
  }
}
