import AMBDSGDN
import Foundation

extension EncoderConfiguration {
  /// Every trained tensor of the encoder under its published name, in the published order.
  public var tensors: [TensorLayout] {
    [
      TensorLayout("embeddings.word_embeddings.weight", [vocabulary, hidden], .normal(deviation: 0.02)),
      TensorLayout("embeddings.position_embeddings.weight", [positions, hidden], .normal(deviation: 0.02)),
      TensorLayout("embeddings.token_type_embeddings.weight", [types, hidden], .normal(deviation: 0.02)),
    ] + layerNorm("embeddings.LayerNorm") + (0..<layers).flatMap { layer("encoder.layer.\($0)") }
  }

  private func layer(_ name: String) -> [TensorLayout] {
    ["query", "key", "value"].flatMap { linear("\(name).attention.self.\($0)", hidden, hidden) }
      + linear("\(name).attention.output.dense", hidden, hidden) + layerNorm("\(name).attention.output.LayerNorm")
      + linear("\(name).intermediate.dense", hidden, intermediate)
      + linear("\(name).output.dense", intermediate, hidden) + layerNorm("\(name).output.LayerNorm")
  }

  private func linear(_ name: String, _ input: Int, _ output: Int) -> [TensorLayout] {
    [
      TensorLayout("\(name).weight", [output, input], .normal(deviation: 0.02), transposed: true),
      TensorLayout("\(name).bias", [output], .constant(0)),
    ]
  }

  private func layerNorm(_ name: String) -> [TensorLayout] {
    [
      TensorLayout("\(name).weight", [hidden], .constant(1)), TensorLayout("\(name).bias", [hidden], .constant(0)),
    ]
  }
}

extension ParameterSet {
  /// An encoder's weights from a safetensors file, in single or half precision.
  ///
  /// Names may be those of the bare encoder or carry the prefix of a model around it (`bert.`, `0.auto_model.`); norms
  /// may be called `gamma` and `beta`, as in older files. Tensors of other parts, such as a pooler, are passed over.
  ///
  /// - Parameter path: for messages.
  /// - Throws: `ModelError`, naming the tensor that is missing, of another shape or not finite.
  public init(_ configuration: EncoderConfiguration, file: SafetensorsFile, path: String) throws {
    let names = EncoderTensorNames(file)
    try self.init(layouts: configuration.tensors) { layout in
      let name = names.published(layout.name)
      guard let entry = file.entries[name], let values = file.floats(name) else {
        throw ModelError.missingTensor(file: path, tensor: name)
      }
      guard entry.shape == layout.shape else {
        throw ModelError.shape(file: path, tensor: name, found: entry.shape, expected: layout.shape)
      }
      return values
    }
    for layout in layouts where self[layout.name].value.firstNotFinite != nil {
      let name = names.published(layout.name)
      let element = file.floats(name)?.firstIndex { !$0.isFinite } ?? 0
      throw ModelError.notFinite(file: path, tensor: name, element: element)
    }
  }
}

/// What one file calls the encoder's tensors.
private struct EncoderTensorNames {
  private let present: Set<String>
  private let prefix: String

  init(_ file: SafetensorsFile) {
    let present = Set(file.entries.keys)
    self.present = present
    prefix =
      ["", "bert.", "0.auto_model.", "auto_model.", "model."].first {
        present.contains($0 + "embeddings.word_embeddings.weight")
      } ?? ""
  }

  func published(_ name: String) -> String {
    let usual = prefix + name
    let older = usual.replacing("LayerNorm.weight", with: "LayerNorm.gamma")
      .replacing("LayerNorm.bias", with: "LayerNorm.beta")
    return !present.contains(usual) && present.contains(older) ? older : usual
  }
}
