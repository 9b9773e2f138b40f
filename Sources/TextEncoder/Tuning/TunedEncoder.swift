import AMBDSGDN
import DialogueDomain
import Foundation
import OperatingSystem
import Tensors

/// What tuning made of an encoder: adapters or layers, the encoder that they belong to, and how words are read.
///
/// A model that was trained on its vectors carries it in its folder, as `encoder.json` and `encoder.safetensors`.
public struct TunedEncoder: Sendable {
  /// The encoder that was tuned: its name and width.
  public let base: String
  /// SHA-256 over the files of the encoder that was tuned.
  public let baseDigest: String
  /// Adapters, or the weights of layers in place of the encoder's own.
  public let parameters: ParameterSet
  /// Preceding turns that are read before an utterance.
  public let contextTurns: Int
  /// SHA-256 over `encoder.safetensors`; empty for one that was not written yet.
  public let digest: String

  static let descriptionFile = "encoder.json"
  static let tensorsFile = "encoder.safetensors"
  private static let format = "amb-dsgdn-encoder"

  /// What tuning made of an encoder in memory.
  public init(of encoder: TextEncoder, parameters: ParameterSet, contextTurns: Int) {
    base = encoder.extractor
    baseDigest = encoder.digest
    self.parameters = parameters
    self.contextTurns = contextTurns
    digest = FileDigest.sha256(
      Data(
        (parameters.all.map { FileDigest.sha256(Data($0.value.values.flatMap { $0.bitPattern.bytes })) }).joined().utf8)
    )
  }

  /// What the vectors are called: the encoder's name, which tuning, and the width.
  public var extractor: String {
    let parts = base.split(separator: "/", maxSplits: 1)
    return "\(parts.first ?? "")+\(digest.prefix(8))\(parts.count > 1 ? "/\(parts[1])" : "")"
  }

  /// The description in `encoder.json`.
  private struct Description: Codable {
    var format = TunedEncoder.format
    var version = 1
    var base: String
    var baseDigest: String
    var contextTurns: Int
    var rank: Int?
    var digest: String

    enum CodingKeys: String, CodingKey {
      case format, version, base, rank, digest
      case baseDigest = "base_digest"
      case contextTurns = "context_turns"
    }
  }

  /// Whether a model's folder carries one.
  public static func isIn(_ folder: URL) -> Bool {
    FileManager.default.fileExists(atPath: folder.appendingPathComponent(descriptionFile).path)
  }

  /// Which folder of a model directory carries one: that of its model for words, where there is such a model.
  public static func folder(in directory: URL) -> URL? {
    ModelFolder.wordsFolder(in: directory) ?? (isIn(directory) ? directory : nil)
  }

  /// What tells the tuning in one model directory from another; empty where there is none.
  public static func fingerprint(in directory: URL) -> String {
    guard let folder = folder(in: directory) else { return "" }
    return (try? Data(contentsOf: folder.appendingPathComponent(descriptionFile))).map { FileDigest.sha256($0) } ?? ""
  }

  /// Writes both files; those that lie there are replaced.
  ///
  /// - Throws: `StorageError` where one cannot be written.
  public func write(to folder: URL) throws {
    try SafetensorsWriter.write(parameters.tensors, to: folder.appendingPathComponent(Self.tensorsFile))
    let rank = parameters.layouts.first { $0.name.hasSuffix(".lora_down") }?.shape.first
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let description = Description(
      base: base, baseDigest: baseDigest, contextTurns: contextTurns, rank: rank, digest: digest)
    try DurableFile.write(
      try encoder.encode(description) + Data("\n".utf8), to: folder.appendingPathComponent(Self.descriptionFile))
  }

  /// Removes both files where they lie.
  public static func remove(from folder: URL) {
    for name in [descriptionFile, tensorsFile] {
      try? FileManager.default.removeItem(at: folder.appendingPathComponent(name))
    }
  }

  /// Reads what a model's folder carries.
  ///
  /// - Parameter encoder: the untuned one.
  /// - Throws: `EncoderError`, `ModelError` or `StorageError`: another encoder's, damaged, or of another version.
  public init(from folder: URL, for encoder: TextEncoder) throws {
    let url = folder.appendingPathComponent(Self.descriptionFile)
    let json = try MappedFile(url).withBytes { Data($0) }
    guard let description = try? JSONDecoder().decode(Description.self, from: json), description.format == Self.format,
      description.version == 1, (0...20).contains(description.contextTurns), (1...1024).contains(description.rank ?? 1)
    else {
      throw EncoderError.configuration(
        file: url.path, key: "tuning", found: "something else", expected: "\(Self.format), version 1")
    }
    guard description.baseDigest == encoder.digest else {
      throw EncoderError.otherBase(
        file: url.path, found: "\(encoder.extractor) (\(encoder.digest.prefix(8)))",
        expected: "\(description.base) (\(description.baseDigest.prefix(8)))")
    }
    let tensorsURL = folder.appendingPathComponent(Self.tensorsFile)
    let file = try SafetensorsFile(tensorsURL)
    let configuration = encoder.network.configuration
    let layouts =
      description.rank.map { configuration.adapterTensors(rank: $0) } ?? configuration.layerTensors
    parameters = try ParameterSet(layouts: layouts) { layout in
      guard let entry = file.entries[layout.name], let values = file.floats(layout.name) else {
        throw ModelError.missingTensor(file: tensorsURL.path, tensor: layout.name)
      }
      guard entry.shape == layout.shape else {
        throw ModelError.shape(file: tensorsURL.path, tensor: layout.name, found: entry.shape, expected: layout.shape)
      }
      if let element = values.firstIndex(where: { !$0.isFinite }) {
        throw ModelError.notFinite(file: tensorsURL.path, tensor: layout.name, element: element)
      }
      return values
    }
    base = description.base
    baseDigest = description.baseDigest
    contextTurns = description.contextTurns
    digest = description.digest
  }
}

extension TextEncoder {
  /// The encoder as tuning left it, its adapters worked into its weights.
  public func tuned(_ tuning: TunedEncoder) -> TextEncoder {
    TextEncoder(
      network: BertEncoder(network.configuration, network.parameters.tuned(by: tuning.parameters).frozen()),
      tokenizer: tokenizer, extractor: tuning.extractor, digest: digest, contextTurns: tuning.contextTurns
    ).computed(in: precision)
  }
}

extension UInt32 {
  fileprivate var bytes: [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: self >> UInt32(8 * $0)) } }
}
