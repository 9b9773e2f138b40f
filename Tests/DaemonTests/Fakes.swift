import Bundles
import Configuration
import Daemon
import Dialogue
import Foundation
import Storage
import Synchronization

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

  private struct State {
    var rows: [Row] = []
    var failures: [FailureEntry] = []
    var beats: [HeartbeatEntry] = []
    var trouble: FakeError?
  }

  private let state = Mutex(State())

  var rows: [Row] { state.withLock { $0.rows } }
  var failures: [FailureEntry] { state.withLock { $0.failures } }
  var beats: [HeartbeatEntry] { state.withLock { $0.beats } }

  /// While set, every recording throws it.
  func setTrouble(_ error: FakeError?) {
    state.withLock { $0.trouble = error }
  }

  func earlierLabels(name: String, bundleDigest: String, modelDigest: String) -> String? {
    state.withLock { $0.rows.first { $0.bundle == bundleDigest && $0.model == modelDigest }?.labels }
  }

  func owner(ofLabels file: String) -> String? {
    state.withLock { $0.rows.last { $0.labels == file }?.bundle }
  }

  func record(_ scored: ScoredBundle, _ entry: ScoringEntry) throws {
    try state.withLock { state in
      if let trouble = state.trouble { throw trouble }
      let isKnown = state.rows.contains { $0.bundle == scored.digest && $0.model == scored.modelDigest }
      if isKnown { return }
      state.rows.append(
        Row(
          bundle: scored.digest, model: scored.modelDigest, name: scored.name, labels: entry.labelFile,
          utterances: scored.utterances.count))
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
