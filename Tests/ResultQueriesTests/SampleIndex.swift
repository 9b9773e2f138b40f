import AmbqConfiguration
import DialogueDomain
import Foundation
import ResultIndex
import TestFolders

@testable import ResultQueries

/// A spool whose index holds a handful of utterances, each written out.
final class SampleIndex {
  static let emotions = EmotionSet(["neutral", "joy", "anger", "fear"])
  /// Sunday, 22 November 2026, 19:40 UTC.
  static let evening = Date(timeIntervalSince1970: 1_795_376_400)

  let folder: TemporaryFolder
  let layout: SpoolLayout

  /// - Parameter isFilled: with the two bundles of `fill`.
  init(isFilled: Bool = true) throws {
    folder = try TemporaryFolder()
    layout = SpoolLayout(root: folder.url)
    for each in [layout.incoming, layout.active, layout.deferred, layout.hold, layout.done, layout.failed] {
      try FileManager.default.createDirectory(at: each, withIntermediateDirectories: true)
    }
    if isFilled { try fill() }
  }

  var reader: IndexReader { get throws { try IndexReader(layout.index) } }

  func location(environment: [String: String] = [:]) throws -> ResultLocation {
    // No configuration file of the machine may count here.
    try ResultLocation(spool: layout.root.path, environment: environment.merging(["AMBD_CONFIG": ""]) { own, _ in own })
  }

  /// `friday.h5` of two dialogues, one of them with the truth, and an hour later `saturday.h5` of one.
  private func fill() throws {
    let writer = try IndexWriter(layout.index)
    try record(
      writer, "friday.h5", digit: "1",
      [
        utterance("tea", 0, "Rachel", "joy", 0.9, truth: "joy"),
        utterance("tea", 1, "Ross", "anger", 0.6, truth: "joy"),
        utterance("tea", 2, "Rachel", "joy", 0.5, truth: "joy"), utterance("walk", 0, "Ross", "neutral", 0.4),
      ], after: 0)
    try record(writer, "saturday.h5", digit: "2", [utterance("tea", 0, "Phoebe", "neutral", 0.7)], after: 3600)
    try writer.close()
  }

  func record(
    _ writer: IndexWriter, _ name: String, digit: String, _ utterances: [ScoredUtterance], after seconds: Double
  ) throws {
    let bundle = ScoredBundle(
      name: name, digest: String(repeating: digit + "a", count: 32), modelName: "meld-minilm",
      modelDigest: String(repeating: "5e", count: 32), emotions: Self.emotions, utterances: utterances)
    let time = Self.evening + seconds
    _ = try writer.record(
      bundle,
      ScoringRecord(arrived: time - 1, scored: time, seconds: 0.25, labelFile: "labels/\(name).tsv", byteCount: 4096))
  }

  func utterance(
    _ dialogue: String, _ turn: Int, _ speaker: String, _ emotion: String, _ confidence: Double, truth: String? = nil
  ) -> ScoredUtterance {
    let place = Self.emotions.index(of: emotion)
    let probabilities = Self.emotions.names.indices.map { $0 == place ? Float(confidence) : Float(1 - confidence) / 3 }
    let logits = probabilities.map { $0 * 4 - 2 }
    return ScoredUtterance(
      dialogue: dialogue, utterance: "\(dialogue)#\(turn)", turn: turn, speaker: speaker, start: Double(turn) * 4,
      end: Double(turn) * 4 + 3.5, emotion: emotion, confidence: confidence, probabilities: probabilities,
      branchLogits: [.text: logits, .audio: logits], shares: [.text: 0.75, .audio: 0.25], margin: 0.125, truth: truth)
  }

  func put(_ name: String, in folder: URL) throws {
    try Data("x".utf8).write(to: folder.appendingPathComponent(name))
  }
}

/// What a console was given to print.
func printed(
  _ format: OutputFormat = .table, width: Int = 80, isColoured: Bool = false,
  _ body: (ResultConsole) throws -> Void
) throws -> String {
  let folder = try TemporaryFolder()
  let file = folder.url.appendingPathComponent("output")
  let descriptor = open(file.path, O_WRONLY | O_CREAT | O_EXCL, 0o600)
  defer { close(descriptor) }
  let console = ResultConsole(format, isColoured: isColoured, width: width, descriptor: descriptor)
  try body(console)
  try console.flush()
  return try String(contentsOf: file, encoding: .utf8)
}

/// The lines of a text, without the end of the last.
func lines(_ text: String) -> [String] {
  text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
}

/// JSON as an array of objects.
func objects(_ text: String) throws -> [[String: Any]] {
  try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]] ?? []
}
