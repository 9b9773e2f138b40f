import AMBDSGDN
import AmbqConfiguration
import BundleScoring
import BundleSpool
import DialogueDomain
import EvaluationStatistics
import Foundation
import LabelFiles
import Presentation
import ResultIndex
import TestSpools
import Testing

@testable import ScoringDaemon

/// Kills the pipeline before each of its durable steps, lets a new one finish over the same folders and the same index, and
/// demands the same files and the same rows in every table as without the kill.
struct CrashSafetyTests {
  private struct Killed: Error {}

  /// Everything that is left when all is done.
  private struct FinalState: Equatable {
    var files: [String: String] = [:]
    var tables: [String: [[String: String]]] = [:]
  }

  private static let bundles = [
    ("friday.h5", "good one"), ("friday.h5", "a namesake"), ("friday.h5", "good one"), ("monday.h5", "bad"),
    ("monday.h5", "two"), ("monday.h5", "mended"), ("sunday.h5", "busy"),
  ]

  /// Later than the files' own times, which are real.
  private let now = Date(timeIntervalSince1970: 4_000_000_000)
  private let plan: ProbePlan

  init() throws {
    plan = try ProbePlan(levels: [0, 0.5, 2], seeds: [1, 2], probes: [.noise])
  }

  private func pipeline(_ place: TemporarySpool, _ index: IndexWriter, layout: LabelLayout) -> BundlePipeline {
    BundlePipeline(
      spool: place.spool, labels: LabelFileWriter(folder: place.layout.labels, layout: layout), intake: FakeIntake(),
      scorer: BundleScorer(TinyModel.model(), threads: 1), index: index, probes: ProbePolicy(plan: plan, backlog: 10),
      policy: DeferralPolicy(start: 5, factor: 2, limit: 60, giveUpAfter: 0.5), now: { now })
  }

  /// What the daemon does when nothing waits to be scored.
  private func probe(
    _ place: TemporarySpool, _ index: IndexWriter, checkpoint: @escaping (PipelineStep) throws -> Void
  ) throws {
    while let pending = try index.nextPendingProbe() {
      let examination = ProbeExamination(
        probe: pending, plan: try #require(ProbePlan(stored: pending.plan)),
        prober: BundleProber(TinyModel.model(), threads: 1), root: place.layout.root, intake: { FakeIntake() })
      let recording = ProbeRecording(
        labels: LabelFileWriter(folder: place.layout.labels, layout: .tsv), index: index, now: { now },
        checkpoint: checkpoint)
      _ = try recording.record(try examination.run {}, of: pending, seconds: 1)
    }
  }

  /// Takes the bundles through one after the other; the one with the number `victim` is killed before `step`.
  private func finalState(killing victim: Int?, before step: PipelineStep?, layout: LabelLayout) throws -> FinalState {
    let place = try TemporarySpool()
    var index = try IndexWriter(place.layout.index)
    for (number, (name, text)) in Self.bundles.enumerated() {
      let claimed = try #require(try place.claimed(text, name))
      var pipeline = pipeline(place, index, layout: layout)
      pipeline.checkpoint = { (reached: PipelineStep) in if number == victim && reached == step { throw Killed() } }
      do {
        _ = try pipeline.process(claimed)
        try probe(place, index, checkpoint: pipeline.checkpoint)
      } catch is Killed {
        // The next run: only what lies in the folders and in the index is left.
        index = try IndexWriter(place.layout.index)
        pipeline = self.pipeline(place, index, layout: layout)
        for entry in try place.spool.recover() {
          if let again = place.spool.reclaim(entry) { _ = try pipeline.process(again) }
        }
        try probe(place, index) { _ in }
      }
    }
    _ = try place.spool.recover()
    return try state(of: place)
  }

  private func state(of place: TemporarySpool) throws -> FinalState {
    var state = FinalState(tables: try IndexProbe(url: place.layout.index).contents())
    let root = place.layout.root
    for path in try FileManager.default.subpathsOfDirectory(atPath: root.path) {
      guard let text = try? String(contentsOf: root.appendingPathComponent(path), encoding: .utf8) else { continue }
      if path.hasPrefix("index.sqlite") { continue }
      // When a bundle came is the file system's to say, and differs from run to run.
      state.files[path] = text.replacing(/"arrived" : "[^"]*"/, with: "")
    }
    return state
  }

  @Test func aKillBeforeAnyStepChangesNothingInTheEnd() throws {
    let expected = try finalState(killing: nil, before: nil, layout: .tsv)
    #expect(expected.tables["bundle"]?.count == 3)
    #expect(expected.tables["probe"]?.map { $0["state"] } == ["\"done\"", "\"done\"", "\"done\""])
    #expect(expected.tables["failure"]?.count == 3)
    let labels = try LabelTable.render(TinyModel.probed("good one", plan).scored)
    #expect(expected.files["labels/friday.tsv"] == labels)
    #expect(expected.files.keys.contains("deferred/sunday.h5"))
    #expect(expected.files.keys.contains("failed/monday.h5"))
    for victim in Self.bundles.indices {
      for step in PipelineStep.allCases {
        let state = try finalState(killing: victim, before: step, layout: .tsv)
        #expect(state.files == expected.files, "bundle \(victim) killed before \(step)")
        for (table, rows) in expected.tables {
          #expect(state.tables[table] == rows, "\(table): bundle \(victim) killed before \(step)")
        }
      }
    }
  }

  /// Labels in folders take their place by another way than labels in files.
  @Test func aKillAroundLabelFoldersChangesNothingInTheEnd() throws {
    let expected = try finalState(killing: nil, before: nil, layout: .utterance)
    for step in [PipelineStep.index, .done, .stability, .probe] {
      let isEqual = try finalState(killing: 1, before: step, layout: .utterance) == expected
      #expect(isEqual, "killed before \(step)")
    }
  }

  /// Bundles in groups: five at once, one bad, one busy, two of the same bytes, two that want the same label file.
  private static let group = [
    ("friday.h5", "good one"), ("friday.csv", "a namesake"), ("again.h5", "good one"), ("monday.h5", "bad"),
    ("sunday.h5", "busy"), ("tuesday.h5", "mended"), ("large.h5", "huge"),
  ]

  /// The files and rows that a group leaves; killed before its checkpoint of that number and finished by another run.
  private func state(killingGroupAt victim: Int?) throws -> (state: FinalState, checkpoints: Int) {
    let place = try TemporarySpool()
    let index = try IndexWriter(place.layout.index)
    let claimed = try Self.group.map { try #require(try place.claimed($0.1, $0.0)) }
    var reached = 0
    var pipeline = pipeline(place, index, layout: .tsv)
    pipeline.checkpoint = { _ in
      defer { reached += 1 }
      if reached == victim { throw Killed() }
    }
    do {
      _ = try pipeline.process(claimed.map { ReadBundle($0, by: FakeIntake()) })
    } catch is Killed {
      let next = self.pipeline(place, try IndexWriter(place.layout.index), layout: .tsv)
      // In the order of their claims: the file system's times are too coarse to tell.
      for bundle in claimed where place.spool.isThere(bundle) { _ = try next.process(bundle) }
    }
    _ = try place.spool.recover()
    return (try state(of: place), reached)
  }

  @Test func aKillAnywhereInAGroupChangesNothingInTheEnd() throws {
    let expected = try state(killingGroupAt: nil)
    #expect(expected.state.tables["bundle"]?.count == 3)
    #expect(expected.state.files.keys.filter { $0.hasPrefix("done/") }.count == 4)
    #expect(expected.state.files.keys.filter { $0.hasPrefix("labels/") }.count == 3)
    #expect(expected.checkpoints > 30)
    for victim in 0..<expected.checkpoints {
      let state = try state(killingGroupAt: victim).state
      #expect(state.files == expected.state.files, "killed before checkpoint \(victim)")
      for (table, rows) in expected.state.tables {
        #expect(
          Self.unnumbered(state.tables[table]) == Self.unnumbered(rows), "\(table): killed before checkpoint \(victim)")
      }
    }
  }

  /// Rows without the numbers that tables give them: in which order bundles come to their ends is nobody's concern.
  private static func unnumbered(_ rows: [[String: String]]?) -> [String] {
    let numbers: Set = ["id", "bundle", "dialogue"]
    // Sorted and not a set: a row that is there twice must show.
    return (rows ?? []).map { row in
      row.filter { !numbers.contains($0.key) }.sorted { $0.key < $1.key }.map { "\($0)=\($1)" }.joined(separator: " ")
    }.sorted()
  }

  @Test func everyStepIsReachedBySomeBundle() throws {
    let place = try TemporarySpool()
    let index = try IndexWriter(place.layout.index)
    var reached: Set<PipelineStep> = []
    var pipeline = pipeline(place, index, layout: .tsv)
    pipeline.checkpoint = { reached.insert($0) }
    for (name, text) in Self.bundles {
      _ = try pipeline.process(try #require(try place.claimed(text, name)))
    }
    try probe(place, index) { reached.insert($0) }
    #expect(reached == Set(PipelineStep.allCases))
  }
}
