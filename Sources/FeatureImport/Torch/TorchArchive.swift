import DialogueDomain
import Foundation

/// A `state_dict` saved by `torch.save`: a ZIP archive of a pickle that describes tensors and the files that hold them.
///
/// The pickle goes through the restricted unpickler; nothing in it is run.
public enum TorchArchive {
  /// Reads the tensors of a file, in its order.
  ///
  /// - Throws: `StorageError` when the file cannot be read, `PickleError` or `InterchangeError` when it is damaged, asks
  ///   for anything but tensors, or holds no `state_dict`.
  public static func tensors(_ url: URL) throws -> [NamedTensor] {
    try tensors(InputFile.bytes(of: url), location: url.path)
  }

  /// Reads the tensors of a file in memory.
  ///
  /// - Parameter location: what to call the bytes in messages.
  public static func tensors(_ bytes: [UInt8], location: String) throws -> [NamedTensor] {
    guard ZipArchive.isArchive(bytes) else {
      let isOldFormat = ByteCursor.matches(bytes, at: 2, [0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8])
      throw InterchangeError(
        "not a PyTorch archive", at: location,
        found: isOldFormat ? "the format of PyTorch before 1.6" : nil, expected: "a ZIP archive with a data.pkl",
        remedy: "Save it again with torch.save(model.state_dict(), …), or as safetensors.")
    }
    let archive = try ZipArchive(bytes, location: location)
    guard let program = archive.entries.first(where: { $0.name == "data.pkl" || $0.name.hasSuffix("/data.pkl") }) else {
      throw InterchangeError(
        "not a PyTorch archive", at: location, found: "a ZIP archive without data.pkl",
        remedy: "Save it with torch.save(model.state_dict(), …).")
    }
    let value = try Unpickler.value(
      of: archive.content(of: program), source: "\(location): \(printable(program.name))", allowing: .torch)
    var storages = try TorchStorages(
      archive, folder: String(program.name.dropLast("data.pkl".count)), size: bytes.count)
    return try stateDictionary(value, location: location).map { name, reference in
      try storages.tensor(named: name, reference)
    }
  }

  /// The tensors of a `state_dict`, or of the one that a training checkpoint holds beside other things.
  private static func stateDictionary(
    _ value: PickleValue, location: String
  ) throws -> [(String, TorchTensorReference)] {
    let expected = "a dictionary of tensors"
    guard case .dictionary(let dictionary) = value else {
      throw InterchangeError("the file holds no state_dict", at: location, found: value.summary, expected: expected)
    }
    let direct = tensors(in: dictionary)
    if !direct.isEmpty { return direct }

    let nested = dictionary.entries.compactMap { entry -> (name: String, tensors: [(String, TorchTensorReference)])? in
      guard case .text(let name) = entry.key, case .dictionary(let inner) = entry.value else { return nil }
      let found = tensors(in: inner)
      return found.isEmpty ? nil : (name, found)
    }
    let usual = ["state_dict", "model_state_dict", "model"]
    if let chosen = nested.first(where: { usual.contains($0.name) }) { return chosen.tensors }
    guard nested.count == 1, let only = nested.first else {
      throw InterchangeError(
        "the file holds \(nested.isEmpty ? "no" : "more than one") state_dict", at: location,
        found: "the keys " + dictionary.entries.prefix(12).map(\.key.summary).joined(separator: ", "),
        expected: expected, remedy: "Save model.state_dict() alone.")
    }
    return only.tensors
  }

  private static func tensors(in dictionary: PickleDictionary) -> [(String, TorchTensorReference)] {
    dictionary.entries.compactMap { entry in
      guard case .text(let name) = entry.key, case .tensor(let tensor) = entry.value else { return nil }
      return (name, tensor)
    }
  }
}
