import DialogueDomain

/// A model directory that cannot be used, and why.
public enum ModelError: ExplainedError {
  /// A file that the directory must hold is not there; models that lie within it are named.
  case missingFile(directory: String, name: String, models: [String] = [])
  /// `config.json` is not JSON.
  case configurationNotJSON(file: String)
  /// A key of `config.json` is missing or holds something else.
  case configuration(file: String, key: String, found: String, expected: String)
  /// The weights are not a safetensors file.
  case notSafetensors(file: String, found: String)
  /// The header of the weights and their bytes disagree.
  case damagedTensor(file: String, tensor: String, found: String, expected: String)
  /// A tensor of an element type that this program does not read.
  case unsupportedType(file: String, tensor: String, found: String)
  /// A tensor that the network needs is not there.
  case missingTensor(file: String, tensor: String)
  /// A tensor that the network does not know.
  case unknownTensor(file: String, tensor: String, nearest: String?)
  /// A tensor of another shape than the network's.
  case shape(file: String, tensor: String, found: [Int], expected: [Int])
  /// A weight that is NaN or infinite; weights are counted row by row from 0.
  case notFinite(file: String, tensor: String, element: Int)

  /// So many of a folder's models are named; a few are enough to see what is meant.
  private static let namedModels = 5

  public var explanation: Explanation {
    switch self {
    case .missingFile(let directory, let name, let models):
      Explanation(
        .missingInput, "no \(name) in the model directory", at: directory,
        remedy: models.isEmpty
          ? "A model directory holds config.json and model.safetensors; check the path."
          : "Name one of the models in it: \(models.prefix(Self.namedModels).joined(separator: ", "))"
            + (models.count > Self.namedModels ? " and \(models.count - Self.namedModels) more." : "."))
    case .configurationNotJSON(let file):
      Explanation(.data, "the configuration is not a JSON object", at: file, remedy: "Restore the file.")
    case .configuration(let file, let key, let found, let expected):
      Explanation(.data, "the configuration's \(key) cannot be used", at: file, found: found, expected: expected)
    case .notSafetensors(let file, let found):
      Explanation(
        .data, "not a safetensors file, or a damaged one", at: file, found: found,
        remedy: "Copy the model again; compare sizes and digests with the original.")
    case .unsupportedType(let file, let tensor, let found):
      Explanation(
        .data, "the tensor's element type is not supported", at: "\(file): \(tensor)", found: found,
        expected: "one of \(TensorType.allCases.map(\.rawValue).joined(separator: ", "))",
        remedy: "Convert the tensor to float32 where the model is written.")
    case .damagedTensor(let file, let tensor, let found, let expected):
      Explanation(
        .data, "the entry of a tensor is damaged", at: "\(file): \(tensor)", found: found, expected: expected,
        remedy: "Copy the model again; compare sizes and digests with the original.")
    case .missingTensor(let file, let tensor):
      Explanation(
        .data, "a tensor that config.json calls for is missing", at: "\(file): \(tensor)",
        remedy: "Check that config.json and model.safetensors belong together.")
    case .unknownTensor(let file, let tensor, let nearest):
      Explanation(
        .data, "a tensor that config.json does not call for", at: "\(file): \(tensor)",
        expected: nearest.map { "perhaps \($0)" },
        remedy: "Check that config.json and model.safetensors belong together.")
    case .shape(let file, let tensor, let found, let expected):
      Explanation(
        .data, "a tensor's shape is not what config.json calls for", at: "\(file): \(tensor)", found: "\(found)",
        expected: "\(expected)", remedy: "Check that config.json and model.safetensors belong together.")
    case .notFinite(let file, let tensor, let element):
      Explanation(
        .data, "a weight is not a finite number", at: "\(file): \(tensor) element \(element)",
        remedy: "The model was damaged or its training diverged; use another one.")
    }
  }
}
