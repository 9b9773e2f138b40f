import DialogueDomain
import Foundation
import ResultIndex
import TestFolders

@testable import ResultExport

/// One utterance to be exported, written shortly.
struct Said {
  var speaker: String
  var start: Double?
  var end: Double?
  var text: String?
  var emotion = "joy"
  var truth: String?
}

/// An index to be exported from, and a folder to export into.
final class SampleExport {
  static let emotions = EmotionSet(["neutral", "joy", "anger"])

  let folder: TemporaryFolder
  private var bundles = 0

  init() throws {
    folder = try TemporaryFolder()
  }

  /// Anna twice at once, Ben with marks of every markup, and Jörg of whom nothing is known.
  static let quarrel = [
    Said(speaker: "Anna", start: 0, end: 4, text: "Where is \"my\" parcel?", emotion: "anger"),
    Said(speaker: "Anna", start: 2.5, end: 6, text: "=1+1 \u{7}is two", truth: "anger"),
    Said(speaker: "Ben <B>", start: 6, end: 7.25, text: "5 < 6 & {\\b} --> <i>so</i>\nit is", emotion: "neutral"),
    Said(speaker: "Jörg", start: 9, end: 9, text: nil, emotion: ScoredUtterance.unknownEmotion),
  ]

  /// Records a bundle of dialogues.
  func record(_ name: String, _ dialogues: [(String, [Said])], model: String = "meld-minilm") throws {
    let writer = try IndexWriter(folder["index.sqlite"])
    bundles += 1
    let utterances = dialogues.flatMap { dialogue, turns in
      turns.enumerated().map { Self.utterance(dialogue, $0.offset, $0.element) }
    }
    let bundle = ScoredBundle(
      name: name, digest: String(repeating: "\(bundles)a", count: 32), modelName: model,
      modelDigest: String(repeating: "5e", count: 32), emotions: Self.emotions, utterances: utterances)
    let time = Date(timeIntervalSince1970: 1_795_376_400 + Double(bundles))
    _ = try writer.record(
      bundle,
      ScoringRecord(arrived: time, scored: time, seconds: 0.25, labelFile: "labels/\(name).tsv", byteCount: 4096))
    try writer.close()
  }

  private static func utterance(_ dialogue: String, _ turn: Int, _ said: Said) -> ScoredUtterance {
    let place = emotions.index(of: said.emotion)
    let isScored = place != nil
    return ScoredUtterance(
      dialogue: dialogue, utterance: "\(dialogue)#\(turn)", turn: turn, speaker: said.speaker, start: said.start,
      end: said.end, emotion: said.emotion, confidence: isScored ? 0.75 : 0,
      probabilities: isScored ? emotions.names.indices.map { $0 == place ? 0.75 : 0.125 } : [],
      branchLogits: isScored ? [.text: [0.5, 1, -1]] : [:], shares: isScored ? [.text: 1] : [:],
      margin: isScored ? 0.5 : nil, isUncertain: isScored ? turn == 1 : nil, truth: said.truth, text: said.text)
  }

  /// What an export of everything comes to, as text.
  func text(
    _ format: ExportFormat, isSafe: Bool = false, secondsPerTurn: Double? = nil,
    _ change: (inout UtteranceQuery) -> Void = { _ in }
  ) throws -> String {
    let file = folder["output-\(UUID().uuidString)"]
    let descriptor = open(file.path, O_WRONLY | O_CREAT | O_EXCL, 0o600)
    defer { close(descriptor) }
    var query = UtteranceQuery()
    change(&query)
    let export = try LabelExport(
      IndexReader(folder["index.sqlite"]), query, format: format, isSafe: isSafe, secondsPerTurn: secondsPerTurn)
    _ = try export.write(to: nil, replacing: false, descriptor: descriptor)
    return try String(contentsOf: file, encoding: .utf8)
  }

  /// Exports into a place below the folder.
  @discardableResult
  func write(
    _ format: ExportFormat, to path: String, replacing: Bool = false, secondsPerTurn: Double? = nil
  ) throws -> ExportSummary {
    let reader = try IndexReader(folder["index.sqlite"])
    let export = try LabelExport(reader, UtteranceQuery(), format: format, secondsPerTurn: secondsPerTurn)
    return try export.write(to: folder.url.path + "/" + path, replacing: replacing)
  }

  /// The names of the files below a folder, hidden ones included, in order.
  func names(in path: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder[path].path).sorted()
  }

  func content(of path: String) throws -> String { try String(contentsOf: folder[path], encoding: .utf8) }
}
