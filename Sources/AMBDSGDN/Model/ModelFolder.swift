import DialogueDomain
import Foundation

/// The models of one directory: the one that scores features and, where its folder `words` holds one, the one that scores
/// what was said.
///
/// The text features of the second come from a text encoder that was tuned for it, under a name of their own; a bundle
/// that carries that name is its. So transcripts get the better labels of tuned words, and bundles of published features
/// stay readable.
public struct ModelFolder: Sendable {
  /// Scores all that is not the other's.
  public let features: Model
  /// Scores the words that its own encoder has read.
  public let words: Model?

  /// Models in memory.
  public init(_ features: Model, words: Model? = nil) {
    self.features = features
    self.words = words
  }

  /// Reads a model directory and the one within it.
  ///
  /// - Throws: as `Model.init(directory:)`.
  public init(directory: URL) throws {
    features = try Model(directory: directory)
    words = try Self.wordsFolder(in: directory).map { try Model(directory: $0) }
  }

  /// The same models computed in a precision; see `Model.computed(in:)`.
  public func computed(in precision: Precision) -> ModelFolder {
    ModelFolder(features.computed(in: precision), words: words?.computed(in: precision))
  }

  /// Where a model directory keeps the model that scores words; nil where there is none.
  public static func wordsFolder(in directory: URL) -> URL? {
    let folder = directory.appendingPathComponent("words", isDirectory: true)
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: folder.path, isDirectory: &isFolder) && isFolder.boolValue
      ? folder : nil
  }

  /// Both, the one for features first.
  public var all: [Model] { [features] + (words.map { [$0] } ?? []) }

  /// The one that scores a bundle: its text features' extractor decides.
  public func model(for bundle: FeatureBundle) -> Model { model(for: BundleOutline(bundle)) }

  /// The one that scores the bundle of an outline.
  public func model(for bundle: BundleOutline) -> Model {
    guard let words, let extractor = bundle.extractors[.text],
      words.configuration.modalities[.text]?.extractor == extractor
    else { return features }
    return words
  }

  /// The one of a digest; nil where neither has it.
  public func model(digest: String) -> Model? { all.first { $0.digest == digest } }
}
