import DialogueDomain
import Foundation

/// The published network sizes.
public enum Preset: String, CaseIterable, Sendable {
  /// The published model of IEMOCAP's six classes.
  case iemocap
  /// The published model of MELD's seven classes.
  case meld

  /// The configuration behind the published numbers: text 1024 (RoBERTa), visual 342, audio 1582 or 300.
  public var configuration: ModelConfiguration {
    switch self {
    case .iemocap:
      ModelConfiguration(
        name: "iemocap", emotions: EmotionSet(["happy", "sad", "neutral", "angry", "excited", "frustrated"]),
        modalities: Self.modalities(audio: 1582), hidden: 512, window: 20, speakers: 2, speakerSlots: ["M": 0, "F": 1])
    case .meld:
      ModelConfiguration(
        name: "meld", emotions: EmotionSet(["neutral", "surprise", "fear", "sadness", "joy", "disgust", "anger"]),
        modalities: Self.modalities(audio: 300), hidden: 512, window: 6, speakers: 9)
    }
  }

  private static func modalities(audio: Int) -> [Modality: ModalityConfiguration] {
    [
      .text: ModalityConfiguration(width: 1024, extractor: "roberta-large/1024"),
      .visual: ModalityConfiguration(width: 342, extractor: "densenet/342"),
      .audio: ModalityConfiguration(width: audio, extractor: "opensmile/\(audio)"),
    ]
  }
}

/// The tensors of a published PyTorch `state_dict`, to be made into a model.
public struct PublishedState: Sendable {
  private var tensors: [String: NamedTensor] = [:]
  private let file: String

  /// - Parameters:
  ///   - tensors: under their published names.
  ///   - file: where the tensors come from, for messages.
  public init(_ tensors: [NamedTensor], file: String) {
    self.file = file
    let wrapping = Self.wrapping(of: tensors.map(\.name))
    for tensor in tensors {
      let name = String(tensor.name.dropFirst(wrapping.count))
      self.tensors[name] = NamedTensor(name: name, shape: tensor.shape, values: tensor.values)
    }
  }

  /// What stands before every name where a network was saved inside of another object: `module.` of data parallelism,
  /// `_orig_mod.` of compilation, `model.` of a training wrapper, one after the other.
  private static func wrapping(of names: [String]) -> String {
    var wrapping = ""
    while let next = ["module.", "_orig_mod.", "model."].first(where: { prefix in
      !names.isEmpty && names.allSatisfy { $0.hasPrefix(wrapping + prefix) }
    }) { wrapping += next }
    return wrapping
  }

  /// Reads a safetensors file.
  ///
  /// - Throws: `ModelError` where the file is damaged, `StorageError` where it cannot be read.
  public init(safetensors url: URL) throws {
    self.init(try Self.tensors(safetensors: url), file: url.path)
  }

  /// The tensors of a safetensors file, or of one shard, in the order of names.
  ///
  /// - Throws: as the initialiser.
  public static func tensors(safetensors url: URL) throws -> [NamedTensor] {
    let stored = try SafetensorsFile(url)
    return stored.entries.keys.sorted().compactMap { name in
      guard let entry = stored.entries[name], let values = stored.floats(name) else { return nil }
      return NamedTensor(name: name, shape: entry.shape, values: values)
    }
  }

  /// The parameters that a configuration calls for.
  ///
  /// Position tables are computed here and left out, as is a speaker embedding that no branch uses. Graph heads that a
  /// module list registered a second time, as `attentions.0` beside `attention_0`, are accepted where both agree.
  ///
  /// - Throws: `ModelError` for a tensor that is missing, unknown, of another shape or not finite.
  public func parameters(_ configuration: ModelConfiguration) throws -> ParameterSet {
    let layouts = configuration.tensors
    let known = Set(layouts.map(\.name))
    var found = tensors
    for (name, tensor) in tensors.sorted(by: { $0.key < $1.key }) where !known.contains(name) {
      if let single = Self.singleName(name), known.contains(single) {
        if let twin = tensors[single], !Self.agree(twin, tensor) {
          throw ModelError.damagedTensor(
            file: file, tensor: name, found: "other values than in \(single)", expected: "the same tensor twice")
        }
        found[single] = tensor
      } else if !name.hasSuffix(".pos_emb.pe"), name != TensorNames.speakerEmbedding {
        throw ModelError.unknownTensor(file: file, tensor: name, nearest: nearestName(to: name, among: known.sorted()))
      }
    }
    return try ParameterSet(configuration) { layout in
      guard let tensor = found[layout.name] else {
        throw ModelError.missingTensor(file: file, tensor: layout.name)
      }
      guard tensor.shape == layout.shape else {
        throw ModelError.shape(file: file, tensor: layout.name, found: tensor.shape, expected: layout.shape)
      }
      if let element = tensor.values.firstIndex(where: { !$0.isFinite }) {
        throw ModelError.notFinite(file: file, tensor: layout.name, element: element)
      }
      return tensor.values
    }
  }

  /// `gatT.attention_0.W` for `gatT.attentions.0.W`; nil for other names.
  private static func singleName(_ name: String) -> String? {
    let parts = name.components(separatedBy: ".attentions.")
    return parts.count == 2 ? "\(parts[0]).attention_\(parts[1])" : nil
  }

  private static func agree(_ left: NamedTensor, _ right: NamedTensor) -> Bool {
    left.shape == right.shape
      && zip(left.values, right.values).allSatisfy { $0.bitPattern == $1.bitPattern }
  }
}
