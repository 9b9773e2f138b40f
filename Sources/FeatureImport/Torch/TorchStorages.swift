import DialogueDomain

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
      throw InterchangeError(
        "the tensor's elements are missing", at: place, expected: "an entry \(printable(name))",
        remedy: "Save the file again.")
    }
    let content = try archive.content(of: entry)
    let type = storage.type.withByteOrder(bigEndian: isBigEndian)
    guard let array = NumericArray(type: type, shape: [storage.count], bytes: content) else {
      throw InterchangeError(
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
      throw InterchangeError(
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

  private static func outside(_ place: String, _ count: Int) -> InterchangeError {
    InterchangeError(
      "the tensor reaches outside its storage", at: place, expected: "a view of \(count) elements",
      remedy: "Save the file again.")
  }
}
