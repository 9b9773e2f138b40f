import AMBDSGDN
import DialogueBundles
import DialogueDomain
import Foundation
import Tensors

/// Which labels are to be explained, and which bytes and model made them.
public struct ExplanationRequest: Sendable {
  /// The bundle or transcript.
  public var file: URL
  /// The dialogue's id.
  public var dialogue: String
  /// The only utterance to tell of, counted from 0; nil for all.
  public var turn: Int?
  /// SHA-256 of the bytes that were scored; nil for whatever lies there.
  public var bundleDigest: String?
  /// SHA-256 of the model that scored them; nil for the one that scores such files now.
  public var modelDigest: String?

  /// A request for a dialogue of a file, as it lies there.
  public init(file: URL, dialogue: String, turn: Int? = nil, bundleDigest: String? = nil, modelDigest: String? = nil) {
    self.file = file
    self.dialogue = dialogue
    self.turn = turn
    self.bundleDigest = bundleDigest
    self.modelDigest = modelDigest
  }

  /// Reads the file once more and has the model say how it came by the labels.
  ///
  /// - Parameters:
  ///   - models: the models of the model directory.
  ///   - folder: that directory, for messages.
  ///   - source: reads the file.
  ///   - threads: for the arithmetic.
  /// - Throws: `ExplanationError` where file or model are not those that made the labels, an `ExplainedError` of reading.
  public func answer(
    by models: ModelFolder, in folder: URL, reading source: any BundleSource, threads: Int = Processor.cores
  ) throws -> DialogueExplanation {
    let known = models.all.map(\.digest)
    if let modelDigest, !known.contains(modelDigest) {
      throw ExplanationError.otherModel(folder.path, found: known, expected: modelDigest)
    }
    let reading = try source.read(file)
    let name = file.lastPathComponent
    if let bundleDigest, reading.digest != bundleDigest {
      throw ExplanationError.otherBytes(name, found: reading.digest, expected: bundleDigest)
    }
    let model = models.model(for: reading.bundle)
    // The same words may have become features of another kind: an encoder has been tuned since.
    if let modelDigest, model.digest != modelDigest {
      throw ExplanationError.otherModel(folder.path, found: [model.digest], expected: modelDigest)
    }
    try model.configuration.check(reading.bundle, named: name)
    guard let place = reading.bundle.dialogues.firstIndex(where: { $0.id == dialogue }) else {
      throw ExplanationError.noDialogue(name, dialogue)
    }
    let count = reading.bundle.dialogues[place].rows.count
    if let turn, !(0..<count).contains(turn) {
      throw ExplanationError.noTurn(name, dialogue, turn, count: count)
    }
    return model.explanation(
      of: reading.bundle, dialogue: place, digest: reading.digest, turn: turn, threads: threads)
  }
}

/// Why labels cannot be explained.
public enum ExplanationError: ExplainedError, Equatable {
  /// No model of the folder made the labels.
  case otherModel(String, found: [String], expected: String)
  /// The file is not the one that was scored.
  case otherBytes(String, found: String, expected: String)
  /// The file holds no such dialogue.
  case noDialogue(String, String)
  /// The dialogue has no such turn.
  case noTurn(String, String, Int, count: Int)

  public var explanation: Explanation {
    switch self {
    case .otherModel(let folder, let found, let expected):
      Explanation(
        .data, "another model made these labels", at: folder,
        found: "digest \(found.map(Self.short).joined(separator: " and "))", expected: Self.short(expected),
        remedy: "Name the folder of the model that made them with --model-folder, or have the bundle scored anew.")
    case .otherBytes(let file, let found, let expected):
      Explanation(
        .data, "the file holds other bytes than were scored", at: file, found: "digest \(Self.short(found))",
        expected: Self.short(expected), remedy: "Put the bundle that was scored back into done.")
    case .noDialogue(let file, let dialogue):
      Explanation(.data, "the bundle holds no dialogue '\(dialogue)'", at: file)
    case .noTurn(let file, let dialogue, let turn, let count):
      Explanation(
        .usage, "dialogue '\(dialogue)' has no such turn", at: file, found: "\(turn)", expected: "0 to \(count - 1)")
    }
  }

  private static func short(_ digest: String) -> String { String(digest.prefix(8)) }
}
