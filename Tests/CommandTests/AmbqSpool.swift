import DialogueDomain
import Foundation
import ResultIndex
import Testing

/// A spool with a filled index, as a daemon would leave it, in a folder of its own.
final class AmbqSpool {
  static let emotions = EmotionSet(["neutral", "surprise", "fear", "sadness", "joy", "disgust", "anger"])
  /// Sunday, 22 November 2026, 19:40 UTC.
  static let evening = Date(timeIntervalSince1970: 1_795_376_400)

  let root: URL
  private let isTemporary: Bool

  /// - Parameter root: an existing folder that is kept; nil for a temporary one.
  init(at root: URL? = nil) throws {
    isTemporary = root == nil
    self.root = root ?? FileManager.default.temporaryDirectory.appendingPathComponent("ambq-\(UUID().uuidString)")
    for folder in ["incoming", "active", "deferred", "hold", "done", "failed", "labels", "reports"] {
      try FileManager.default.createDirectory(
        at: self.root.appendingPathComponent(folder), withIntermediateDirectories: true)
    }
  }

  deinit {
    if isTemporary { try? FileManager.default.removeItem(at: root) }
  }

  var index: URL { root.appendingPathComponent("index.sqlite") }

  func put(_ name: String, in folder: String) throws {
    try Data("x".utf8).write(to: root.appendingPathComponent(folder).appendingPathComponent(name))
  }

  /// Two bundles of one name, a third without labels, and two that could not be scored.
  func fill() throws {
    let writer = try IndexWriter(index)
    try record(writer, "friday.h5", seed: 1, dialogues: ["dev-0", "dev-1", "dev-2"], after: 0)
    try record(writer, "friday.h5", seed: 2, dialogues: ["dev-3"], after: 60)
    try record(writer, "saturday.h5", seed: 3, dialogues: ["dev-1", "tea, \"two\""], after: 3600, labelled: false)
    try writer.recordFailure(
      FailureRecord(
        name: "broken's.h5", digest: nil, time: Self.evening + 7200,
        explanation: Explanation(
          .data, "the feature width is not the model's", at: "broken's.h5: /text", found: "100", expected: "384",
          remedy: "Extract the text features again with all-MiniLM-L6-v2/384.")))
    try writer.recordFailure(
      FailureRecord(
        name: "copying.h5", digest: nil, state: .deferred, time: Self.evening + 7260,
        explanation: Explanation(.io, "another process has the file open", at: "copying.h5")))
    try put("broken's.h5", in: "failed")
    try put("broken's.h5.error.json", in: "failed")
    try put("copying.h5", in: "deferred")
    try put("sunday.h5", in: "incoming")
    try put("monday.h5.part", in: "incoming")
    try writer.close()
  }

  /// Gives the first bundle's utterances stabilities from 0.1 to 1, has the second's probe skipped and the third's wait.
  func probe() throws {
    let writer = try IndexWriter(index)
    let reader = try IndexReader(index)
    for bundle in try reader.bundles() {
      let request = ProbeRequest(plan: "{}", file: "done/\(bundle.name)", time: bundle.scored)
      _ = try writer.recordAgain(
        name: bundle.name, bundleDigest: bundle.digest, modelDigest: bundle.modelDigest, probe: request)
    }
    let stability = (0..<30).map { Double($0 % 10 + 1) / 10 }
    try writer.recordProbe(
      try #require(try writer.nextPendingProbe()), stability: stability, statistics: Data([1]), seconds: 0.5,
      at: Self.evening)
    try writer.skipProbe(
      try #require(try writer.nextPendingProbe()), reason: "done/friday.h5: the bundle is gone", at: Self.evening)
    try writer.close()
  }

  func record(
    _ writer: IndexWriter, _ name: String, seed: Int, model: String = "meld-minilm", dialogues: [String],
    after seconds: Double, labelled: Bool = true
  ) throws {
    var utterances: [ScoredUtterance] = []
    for (number, dialogue) in dialogues.enumerated() {
      for turn in 0..<(6 + 3 * number + seed) { utterances.append(utterance(dialogue, turn, seed, labelled)) }
    }
    let digit = String(seed, radix: 16)
    let bundle = ScoredBundle(
      name: name, digest: String(repeating: digit + "a", count: 32), modelName: model,
      modelDigest: String(repeating: model == "meld-minilm" ? "5e" : "6f", count: 32), emotions: Self.emotions,
      utterances: utterances)
    let time = Self.evening + seconds
    _ = try writer.record(
      bundle,
      ScoringRecord(
        arrived: time - 1, scored: time, seconds: 0.042 * Double(seed), labelFile: "labels/\(name).tsv", byteCount: 4096
      ))
  }

  /// Emotions and speakers by simple rules, so that a test can count them.
  private func utterance(_ dialogue: String, _ turn: Int, _ seed: Int, _ labelled: Bool) -> ScoredUtterance {
    let emotion = [0, 0, 4, 6, 0, 1, 3, 6, 2, 5][(turn + seed) % 10]
    let confidence = Float(0.35) + Float((turn * 7 + seed * 3) % 13) * 0.05
    let rest = (1 - confidence) / 6
    let probabilities = (0..<7).map { $0 == emotion ? confidence : rest }
    let logits = probabilities.map { Float(-2) + $0 * 4 }
    let text = 0.4 + Double(turn % 5) * 0.1
    let lacksVideo = turn % 6 == 5
    let visual = lacksVideo ? 0 : (1 - text) * 0.25
    return ScoredUtterance(
      dialogue: dialogue, utterance: "\(dialogue)#\(turn)", turn: turn,
      speaker: ["Rachel", "Ross", "Rachel", "Müller, Jörg", "田中"][(turn + seed) % 5],
      start: Double(turn) * 4.25, end: Double(turn) * 4.25 + 3.5, emotion: Self.emotions[emotion],
      confidence: Double(confidence), probabilities: probabilities,
      branchLogits: lacksVideo ? [.text: logits, .audio: logits] : [.text: logits, .visual: logits, .audio: logits],
      shares: lacksVideo
        ? [.text: text, .audio: 1 - text] : [.text: text, .visual: visual, .audio: 1 - text - visual],
      margin: turn % 4 == 0 ? nil : 0.125, truth: labelled ? Self.emotions[turn % 3 == 2 ? 4 : emotion] : nil)
  }
}
