import DialogueDomain
import Foundation

/// A `state_dict` saved by `torch.save`: a ZIP archive of a pickle that describes tensors and the files that hold them.
///
/// The pickle goes through the restricted unpickler; nothing in it is run.
public enum TorchArchive {
  /// Reads the tensors of a file, in its order.
  ///
  /// - Throws: `StorageError` when the file cannot be read, `PickleError` or `FeatureImportError` when it is damaged, asks
  ///   for anything but tensors, or holds no `state_dict`.
  public static func tensors(_ url: URL) throws -> [NamedTensor] {
    try tensors(InputFile.bytes(of: url), location: url.path)
  }

  /// Reads the tensors of a file in memory.
  ///
  /// - Parameter location: what to call the bytes in messages.
  /// - Throws: `PickleError` or `FeatureImportError`, as for a file.
  public static func tensors(_ bytes: [UInt8], location: String) throws -> [NamedTensor] {
    guard ZipArchive.isArchive(bytes) else {
      let isOldFormat = ByteCursor.matches(bytes, at: 2, [0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8])
      throw FeatureImportError(
        "not a PyTorch archive", at: location,
        found: isOldFormat ? "the format of PyTorch before 1.6" : nil, expected: "a ZIP archive with a data.pkl",
        remedy: "Save it again with torch.save(model.state_dict(), …), or as safetensors.")
    }
    let archive = try ZipArchive(bytes, location: location)
    guard let program = archive.entries.first(where: { $0.name == "data.pkl" || $0.name.hasSuffix("/data.pkl") }) else {
      throw FeatureImportError(
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
      throw FeatureImportError("the file holds no state_dict", at: location, found: value.summary, expected: expected)
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
      throw FeatureImportError(
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

/// The storages of a PyTorch archive and the tensors that view them.
struct TorchStorages {
  private let archive: ZipArchive
  /// The folder of `data.pkl` within the archive, with its slash.
  private let folder: String
  private let isBigEndian: Bool
  private var loaded: [String: [Float]] = [:]
  /// Elements that may still be handed out: views that share a storage could otherwise multiply without end.
  private var budget: Int

  init(_ archive: ZipArchive, folder: String, size: Int) throws {
    self.archive = archive
    self.folder = folder
    let order = try archive.entry(named: folder + "byteorder").map(archive.content(of:))
    isBigEndian = order.map { String(decoding: $0, as: UTF8.self) } == "big"
    budget = (16 << 20) + size * 4
  }

  /// The elements of a view, gathered.
  mutating func tensor(named name: String, _ reference: TorchTensorReference) throws -> NamedTensor {
    let place = "\(archive.location): \(printable(name))"
    let storage = try elements(of: reference.storage, place: place)
    let indices = try self.indices(of: reference, count: storage.count, place: place)
    return NamedTensor(name: name, shape: reference.shape, values: indices.map { storage[$0] })
  }

  private mutating func elements(of storage: TorchStorageReference, place: String) throws -> [Float] {
    if let values = loaded[storage.key] { return values }
    let name = folder + "data/" + storage.key
    guard let entry = archive.entry(named: name) else {
      throw FeatureImportError(
        "the tensor's elements are missing", at: place, expected: "an entry \(printable(name))",
        remedy: "Save the file again.")
    }
    let content = try archive.content(of: entry)
    let type = storage.type.withByteOrder(bigEndian: isBigEndian)
    guard let array = NumericArray(type: type, shape: [storage.count], bytes: content) else {
      throw FeatureImportError(
        "the tensor's elements are not as many as it says", at: place, found: "\(content.count) bytes",
        expected: "\(storage.count) elements of type \(type)", remedy: "Save the file again.")
    }
    let values = array.floats()
    loaded[storage.key] = values
    return values
  }

  /// Which element of the storage each element of the tensor is, the last axis varying fastest.
  private mutating func indices(of reference: TorchTensorReference, count: Int, place: String) throws -> [Int] {
    var elements = 1
    var last = reference.offset
    for (extent, stride) in zip(reference.shape, reference.strides) {
      let (product, overflow) = elements.multipliedReportingOverflow(by: extent)
      let (span, overflows) = max(extent - 1, 0).multipliedReportingOverflow(by: stride)
      let (end, ends) = last.addingReportingOverflow(span)
      guard !overflow, !overflows, !ends else { throw Self.outside(place, count) }
      elements = product
      last = end
    }
    if elements == 0 { return [] }
    guard last < count else { throw Self.outside(place, count) }
    budget -= elements
    guard budget >= 0 else {
      throw FeatureImportError(
        "the tensors are larger than their file can justify", at: place,
        remedy: "Call .contiguous() on expanded tensors before saving.")
    }
    var indices = [reference.offset]
    indices.reserveCapacity(elements)
    // Axis by axis: each index so far becomes `extent` indices.
    for (extent, stride) in zip(reference.shape, reference.strides) {
      indices = indices.flatMap { base in (0..<extent).map { base + $0 * stride } }
    }
    return indices
  }

  private static func outside(_ place: String, _ count: Int) -> FeatureImportError {
    FeatureImportError(
      "the tensor reaches outside its storage", at: place, expected: "a view of \(count) elements",
      remedy: "Save the file again.")
  }
}

/// A tensor as a PyTorch pickle describes it: a view of a storage that lies elsewhere in the archive.
public struct TorchTensorReference: Sendable, Hashable {
  /// The numbers it views.
  public let storage: TorchStorageReference
  /// Elements of the storage before the tensor's first one.
  public let offset: Int
  /// Elements along each axis; empty for a single number.
  public let shape: [Int]
  /// Elements of the storage from one index of each axis to the next.
  public let strides: [Int]
}

/// A run of numbers in a PyTorch archive: the entry `data/<key>`.
public struct TorchStorageReference: Sendable, Hashable {
  /// The entry's name within `data/`.
  public let key: String
  /// The type of its numbers.
  public let type: NumericType
  /// Number of elements.
  public let count: Int
}
