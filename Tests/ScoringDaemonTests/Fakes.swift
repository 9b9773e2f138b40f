import AmbqConfiguration
import BundleScoring
import DialogueBundles
import DialogueDomain
import EvaluationStatistics
import Foundation
import OperatingSystem
import Synchronization

@testable import ScoringDaemon

/// An error as the rooms below throw them.
struct FakeError: ExplainedError {
  let explanation: Explanation
  var isTransient = false

  static let notHDF5 = FakeError(
    explanation: Explanation(
      .data, "not an HDF5 file", at: "friday.h5", found: "text", expected: "HDF5", remedy: "Write it anew."))
  static let busy = FakeError(explanation: Explanation(.io, "the file is busy"), isTransient: true)
}

/// Reads text files: `bad` is no bundle, `busy` is transient trouble, anything else holds as many utterances as bytes.
final class FakeIntake: BundleSource {
  /// Called before each reading.
  let before: @Sendable (URL) throws -> Void
  private let names = Mutex<[String]>([])

  init(before: @escaping @Sendable (URL) throws -> Void = { _ in }) {
    self.before = before
  }

  /// What was read, in order.
  var read: [String] { names.withLock { $0 } }

  func read(_ url: URL) throws -> BundleReading {
    names.withLock { $0.append(url.lastPathComponent) }
    try before(url)
    let data = try Data(contentsOf: url)
    switch String(decoding: data, as: UTF8.self) {
    case "bad": throw FakeError.notHDF5
    case "busy": throw FakeError.busy
    default: break
    }
    let utterances = data.indices.map { Utterance(id: "d#\($0)", speaker: "A") }
    return BundleReading(
      bundle: FeatureBundle(
        dialogues: [Dialogue(id: "d", rows: 0..<data.count)], utterances: utterances, features: [:]),
      digest: FileDigest.sha256(data), byteCount: data.count)
  }
}

/// Labels everything with one emotion.
struct FakeModel: EmotionModel {
  var name = "fake"
  var digest = "model-1"
  var emotion = "joy"
  let facts = ["emotions: joy, anger"]
  /// Called in the midst of each probe, with its bundle's name.
  var probing: @Sendable (String) throws -> Void = { _ in }

  func score(_ bundle: FeatureBundle, name: String, digest: String) throws -> ScoredBundle {
    if bundle.utterances.count == 3 {
      throw FakeError(explanation: Explanation(.data, "feature width is not the model's", at: name))
    }
    let rows = bundle.utterances.enumerated().map { turn, utterance in
      ScoredUtterance(
        dialogue: "d", utterance: utterance.id, turn: turn, speaker: utterance.speaker, emotion: emotion,
        confidence: 0.5, probabilities: [0.5, 0.5], branchLogits: [:], shares: [:])
    }
    return ScoredBundle(
      name: name, digest: digest, modelName: self.name, modelDigest: self.digest,
      emotions: EmotionSet(["joy", "anger"]), utterances: rows)
  }

  /// The n-th utterance keeps its label in one of n runs; the plan stands for the statistics.
  func probe(
    _ bundle: FeatureBundle, name: String, digest: String, plan: ProbePlan,
    checkpoint: @escaping @Sendable () throws -> Void
  ) throws -> ProbedBundle {
    try checkpoint()
    try probing(name)
    try checkpoint()
    var scored = try score(bundle, name: name, digest: digest)
    for turn in scored.utterances.indices { scored.utterances[turn].stability = 1 / Double(turn + 1) }
    return ProbedBundle(scored: scored, statistics: Data(try plan.stored().utf8))
  }
}

/// An index in memory that outlives the daemons using it, as the file would.
final class FakeLedger: ResultLedger {
  struct Row: Hashable {
    var bundle: String
    var model: String
    var name: String
    var labels: String
    var utterances: Int
  }

  struct Probe: Hashable {
    var bundle: String
    var plan: String
    var file: String
    /// `pending`, `done`, or why it was skipped.
    var state: String
    var stability: [Double?] = []
    var statistics = Data()
  }

  fileprivate struct State {
    var rows: [Row] = []
    /// By row.
    var probes: [Int: Probe] = [:]
    var failures: [FailureEntry] = []
    var beats: [HeartbeatEntry] = []
    var trouble: FakeError?
  }

  private let state = Mutex(State())

  var rows: [Row] { state.withLock { $0.rows } }
  /// In the order of the rows.
  var probes: [Probe] { state.withLock { $0.probes.sorted { $0.key < $1.key }.map(\.value) } }
  var failures: [FailureEntry] { state.withLock { $0.failures } }
  var beats: [HeartbeatEntry] { state.withLock { $0.beats } }

  /// While set, every recording throws it.
  func setTrouble(_ error: FakeError?) {
    state.withLock { $0.trouble = error }
  }

  func earlierLabels(
    name: String, bundleDigest: String, modelDigest: String, probe: ProbeOrder?, hasLabels: (String) -> Bool
  ) -> String? {
    state.withLock { state in
      guard let place = state.rows.firstIndex(where: { $0.bundle == bundleDigest && $0.model == modelDigest }) else {
        return nil
      }
      let isThere = hasLabels(state.rows[place].labels)
      if let probe { state.ask(probe, at: place, isAnew: !isThere) }
      return isThere ? state.rows[place].labels : nil
    }
  }

  func owner(ofLabels file: String) -> String? {
    state.withLock { $0.rows.last { $0.labels == file }?.bundle }
  }

  func record(_ scored: ScoredBundle, _ entry: ScoringEntry, probe: ProbeOrder?) throws {
    try state.withLock { state in
      if let trouble = state.trouble { throw trouble }
      let known = state.rows.firstIndex { $0.bundle == scored.digest && $0.model == scored.modelDigest }
      if known == nil {
        state.rows.append(
          Row(
            bundle: scored.digest, model: scored.modelDigest, name: scored.name, labels: entry.labelFile,
            utterances: scored.utterances.count))
      }
      if let probe { state.ask(probe, at: known ?? state.rows.count - 1, isAnew: known != nil) }
    }
  }

  func pendingProbes() -> Int { probes.count { $0.state == "pending" } }

  func nextProbe() -> ProbeTask? {
    state.withLock { state in
      guard let (place, probe) = state.probes.filter({ $0.value.state == "pending" }).min(by: { $0.key < $1.key })
      else {
        return nil
      }
      let row = state.rows[place]
      return ProbeTask(
        bundle: Int64(place), name: row.name, bundleDigest: row.bundle, modelDigest: row.model, plan: probe.plan,
        file: probe.file, labelFile: row.labels)
    }
  }

  func isPending(_ task: ProbeTask) -> Bool {
    state.withLock { state in
      let probe = state.probes[Int(task.bundle)]
      return probe?.state == "pending" && probe?.plan == task.plan
    }
  }

  func recordProbe(_ task: ProbeTask, _ entry: ProbeEntry) throws {
    try state.withLock { state in
      if let trouble = state.trouble { throw trouble }
      state.probes[Int(task.bundle)]?.state = "done"
      state.probes[Int(task.bundle)]?.stability = entry.stability
      state.probes[Int(task.bundle)]?.statistics = entry.statistics
    }
  }

  func skipProbe(_ task: ProbeTask, reason: String, at time: Date) throws {
    try state.withLock { state in
      if let trouble = state.trouble { throw trouble }
      state.probes[Int(task.bundle)]?.state = reason
    }
  }

  func recordFailure(_ entry: FailureEntry) throws {
    try state.withLock { state in
      if let trouble = state.trouble { throw trouble }
      state.failures.removeAll { $0.name == entry.name }
      state.failures.append(entry)
    }
  }

  func recordHeartbeat(_ entry: HeartbeatEntry) {
    state.withLock { $0.beats.append(entry) }
  }
}

extension FakeLedger.State {
  fileprivate mutating func ask(_ order: ProbeOrder, at place: Int, isAnew: Bool) {
    if let known = probes[place], known.state == "done", known.plan == order.plan, !isAnew { return }
    let state = isAnew || probes[place]?.state == "pending" ? "pending" : order.skipReason ?? "pending"
    probes[place] = FakeLedger.Probe(bundle: rows[place].bundle, plan: order.plan, file: order.file, state: state)
  }
}
