import Configuration
import Daemon
import Dialogue
import Foundation
import Storage
import Synchronization

/// Reads any file as one utterance, until the bundle reader is wired in.
struct StandInIntake: BundleIntake {
  func read(_ url: URL) throws -> BundleContent {
    let digest = try FileDigest.sha256(contentsOf: url)
    let size = (try? FileManager.default.attributesOfItem(atPath: url.path)[.size] as? Int) ?? 0
    let bundle = FeatureBundle(
      dialogues: [Dialogue(id: "d", rows: 0..<1)], utterances: [Utterance(id: "d#0", speaker: "A")], features: [:])
    return BundleContent(bundle: bundle, digest: digest, byteCount: size)
  }
}

/// Calls everything neutral, until the network is wired in.
struct StandInModel: EmotionModel {
  let name = "stand-in"
  let digest = String(repeating: "0", count: 64)
  let facts = ["emotions: neutral"]

  func score(_ bundle: FeatureBundle, name: String, digest: String) throws -> ScoredBundle {
    let utterances = bundle.utterances.enumerated().map { turn, utterance in
      ScoredUtterance(
        dialogue: "d", utterance: utterance.id, turn: turn, speaker: utterance.speaker, emotion: "neutral",
        confidence: 1, probabilities: [1], branchLogits: [:], shares: [:])
    }
    return ScoredBundle(
      name: name, digest: digest, modelName: self.name, modelDigest: self.digest, emotions: EmotionSet(["neutral"]),
      utterances: utterances)
  }
}

/// Keeps its rows in a text file, until the index is wired in.
final class StandInLedger: ResultLedger {
  private let file: URL
  private let rows: Mutex<[String: String]>

  init(_ layout: SpoolLayout) throws {
    file = layout.root.appendingPathComponent("stand-in.json", isDirectory: false)
    let data = try? Data(contentsOf: file)
    rows = Mutex(try data.map { try JSONDecoder().decode([String: String].self, from: $0) } ?? [:])
  }

  func earlierLabels(name: String, bundleDigest: String, modelDigest: String) -> String? {
    rows.withLock { $0[bundleDigest + modelDigest] }
  }

  func owner(ofLabels file: String) -> String? {
    rows.withLock { rows in rows.first { $0.value == file }.map { String($0.key.prefix(64)) } }
  }

  func record(_ scored: ScoredBundle, _ entry: ScoringEntry) throws {
    try rows.withLock { rows in
      rows[scored.digest + scored.modelDigest] = entry.labelFile
      try DurableFile.write(try JSONEncoder().encode(rows), to: file)
    }
  }

  func recordFailure(_ entry: FailureEntry) {}

  func recordHeartbeat(_ entry: HeartbeatEntry) {}
}
