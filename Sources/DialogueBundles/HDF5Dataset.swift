import CHDF5

/// A dataset of a bundle: its shape and element type, checked to hold its own data, and its values read whole.
final class HDF5Dataset {
  let path: String
  /// Lengths of the dimensions; none for a scalar, nil for a dataset without a data space.
  let shape: [Int]?
  let element: HDF5Element
  let storage: HDF5Storage
  private let dataset: HDF5Object
  private let type: HDF5Object
  private let budget: DecodingBudget

  /// - Throws: `BundleError` when the data lie elsewhere or behind a filter that is not allowed; `HDF5Failure`.
  init(_ dataset: HDF5Object, path: String, budget: DecodingBudget) throws {
    self.dataset = dataset
    self.path = path
    self.budget = budget
    storage = try HDF5Storage(of: dataset, path: path, limit: budget.limit)
    shape = try HDF5Shape.lengths(of: try HDF5Object(H5Dget_space(dataset.identifier)), at: path, limit: budget.limit)
    type = try HDF5Object(H5Dget_type(dataset.identifier))
    element = try HDF5Element(type.identifier)
  }

  /// Float16, 32 or 64 values in single precision.
  func floats() throws -> [Float] {
    guard element == .float16 else { return try values(as: hdf5_native_float(), placeholder: Float.self) }
    let memory = try HDF5Object(hdf5_half(hdf5_native_float()))
    let halves = try values(as: memory.identifier, placeholder: UInt16.self)
    try budget.charge(halves.count, of: MemoryLayout<Float>.stride, at: path)
    return [Float](unsafeUninitializedCapacity: halves.count) { singles, count in
      halves.withUnsafeBufferPointer { HalfPrecision.widen($0, into: singles) }
      count = halves.count
    }
  }

  /// Float16, 32 or 64 values in double precision.
  func doubles() throws -> [Double] {
    try values(as: hdf5_native_double(), placeholder: Double.self)
  }

  /// Integer values; those above the range of 64 signed bits become its largest.
  func integers() throws -> [Int64] {
    try values(as: hdf5_native_int64(), placeholder: Int64.self)
  }

  /// Unsigned integer values.
  func unsignedIntegers() throws -> [UInt64] {
    try values(as: hdf5_native_uint64(), placeholder: UInt64.self)
  }

  /// Strings of fixed or variable length, each checked to be fit for a name.
  func names() throws -> [String] {
    switch element {
    case .variableString: try variableNames()
    case .fixedString(let bytes, let padding): try fixedNames(bytes, padding)
    default: throw HDF5Failure("not strings")
    }
  }

  private func elementCount() throws -> Int {
    try HDF5Shape.elements(shape, at: path, limit: budget.limit)
  }

  private func values<Value: BitwiseCopyable>(as memory: hid_t, placeholder: Value.Type) throws -> [Value] {
    let elements = try elementCount()
    try budget.charge(elements, of: MemoryLayout<Value>.stride, at: path)
    return try [Value](unsafeUninitializedCapacity: elements) { buffer, count in
      if elements > 0 {
        try checked(
          H5Dread(dataset.identifier, memory, hdf5_everything(), hdf5_everything(), hdf5_default(), buffer.baseAddress))
      }
      count = elements
    }
  }

  private func variableNames() throws -> [String] {
    let elements = try elementCount()
    try budget.charge(elements, of: MemoryLayout<UnsafePointer<CChar>?>.stride, at: path)
    guard elements > 0 else { return [] }
    var memory = hdf5_string_memory(last: nil, remaining: budget.remaining)
    defer { hdf5_string_free_all(&memory) }
    return try withUnsafeMutablePointer(to: &memory) { memory in
      let transfer = try HDF5Object(H5Pcreate(hdf5_dataset_transfer_class()))
      try checked(hdf5_set_string_memory(transfer.identifier, memory))
      var strings = [UnsafePointer<CChar>?](repeating: nil, count: elements)
      try checked(
        H5Dread(
          dataset.identifier, type.identifier, hdf5_everything(), hdf5_everything(), transfer.identifier, &strings))
      try budget.charge(budget.remaining - memory.pointee.remaining, of: 1, at: path)
      return try strings.enumerated().map { row, string in
        try Name.checked(Name.bytes(string), at: "\(path) row \(row)")
      }
    }
  }

  private func fixedNames(_ size: Int, _ padding: HDF5Element.Padding) throws -> [String] {
    let elements = try elementCount()
    let (total, overflow) = elements.multipliedReportingOverflow(by: size)
    try budget.charge(overflow ? Int.max : total, of: 1, at: path)
    guard total > 0 else { return [] }
    var characters = [UInt8](repeating: 0, count: total)
    try checked(
      H5Dread(
        dataset.identifier, type.identifier, hdf5_everything(), hdf5_everything(), hdf5_default(), &characters))
    return try characters.withUnsafeBytes { characters in
      try (0..<elements).map { row in
        let field = UnsafeRawBufferPointer(rebasing: characters[(row * size)..<((row + 1) * size)])
        return try Name.checked(Name.text(of: field, padding), at: "\(path) row \(row)")
      }
    }
  }
}
