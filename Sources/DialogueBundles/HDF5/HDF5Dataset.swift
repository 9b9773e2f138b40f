import CHDF5

/// A dataset of a bundle: its shape and element type, checked to hold its own data, and its values, read whole or in bands of
/// rows.
final class HDF5Dataset {
  let path: String
  /// Lengths of the dimensions; none for a scalar, nil for a dataset without a data space.
  let shape: [Int]?
  let element: HDF5Element
  let storage: HDF5Storage
  private let dataset: HDF5Object
  private let type: HDF5Object
  private let transfer: HDF5Object
  private let budget: DecodingBudget
  /// Whether parts that were never written make the file an incomplete copy.
  var refusesUnwritten = false

  /// - Throws: `BundleError` when the data lie elsewhere or behind a filter that is not allowed; `HDF5Failure`.
  init(_ dataset: HDF5Object, path: String, budget: DecodingBudget) throws {
    self.dataset = dataset
    self.path = path
    self.budget = budget
    storage = try HDF5Storage(of: dataset, path: path, limit: budget.limit)
    shape = try HDF5Shape.lengths(of: try HDF5Object(H5Dget_space(dataset.identifier)), at: path, limit: budget.limit)
    type = try HDF5Object(H5Dget_type(dataset.identifier))
    element = try HDF5Element(type.identifier)
    transfer = try HDF5Object(H5Pcreate(hdf5_dataset_transfer_class()))
    // The library clears a buffer for values in conversion: its usual mebibyte takes longer than reading a small dataset.
    try checked(H5Pset_buffer(transfer.identifier, 1 << 16, nil, nil))
  }

  /// Checks that all of a table's values can be read.
  ///
  /// - Throws: `BundleError` where they are more than one file may hold, or where some were never written.
  func checkFloats() throws {
    let elements = try elementCount()
    // What is decoded counts, however little of it is held at once.
    if element == .float16 { try budget.charge(elements, of: MemoryLayout<UInt16>.stride, at: path) }
    try budget.charge(elements, of: MemoryLayout<Float>.stride, at: path)
    if elements > 0 { try refuseUnwritten() }
  }

  /// How many of a table's rows are best read at once: about so many bytes of them, and whole chunks, which the library unpacks
  /// whole.
  func rowsAtOnce(bytes: Int, columns: Int) -> Int {
    // A file may claim any number of columns.
    let rows = max(1, bytes / MemoryLayout<Float>.stride / max(1, columns))
    guard let chunk = storage.chunk?.first, chunk > 0 else { return rows }
    return (rows + chunk - 1) / chunk * chunk
  }

  /// Some rows of a table of float16, 32 or 64 values, in single precision; `checkFloats` comes first.
  func floats(rows: Range<Int>) throws -> [Float] {
    guard element == .float16 else { return try values(rows, as: hdf5_native_float(), placeholder: Float.self) }
    let memory = try HDF5Object(hdf5_half(hdf5_native_float()))
    let halves = try values(rows, as: memory.identifier, placeholder: UInt16.self)
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
  func names() throws -> [String] { try strings(Name.checked) }

  /// Strings of fixed or variable length, each made into what `check` says, which is told where it stands.
  func strings<Text>(_ check: (UnsafeRawBufferPointer, _ place: String) throws -> Text) throws -> [Text] {
    switch element {
    case .variableString: try variableStrings(check)
    case .fixedString(let bytes, let padding): try fixedStrings(bytes, padding, check)
    default: throw HDF5Failure("not strings")
    }
  }

  /// Refuses values of which parts have no place in the file: they were never written, the library reads fill values in their
  /// place, and no checksum tells.
  private func refuseUnwritten() throws {
    guard refusesUnwritten, let shape, !shape.isEmpty, !storage.isCompact else { return }
    guard let chunk = storage.chunk else {
      guard H5Dget_storage_size(dataset.identifier) == 0 else { return }
      throw BundleError.incompleteCopy(at: path, found: "values that were never written", expected: "all of its values")
    }
    var written: hsize_t = 0
    let space = try HDF5Object(H5Dget_space(dataset.identifier))
    try checked(H5Dget_num_chunks(dataset.identifier, space.identifier, &written))
    let all = zip(shape, chunk).reduce(1) { $0 * (($1.0 + $1.1 - 1) / max(1, $1.1)) }
    guard written < all else { return }
    throw BundleError.incompleteCopy(
      at: path, found: "\(all - Int(written)) of \(all) chunks never written", expected: "all of its values")
  }

  private func elementCount() throws -> Int {
    try HDF5Shape.elements(shape, at: path, limit: budget.limit)
  }

  private func values<Value: BitwiseCopyable>(as memory: hid_t, placeholder: Value.Type) throws -> [Value] {
    let elements = try elementCount()
    try budget.charge(elements, of: MemoryLayout<Value>.stride, at: path)
    if elements > 0 { try refuseUnwritten() }
    return try [Value](unsafeUninitializedCapacity: elements) { buffer, count in
      if elements > 0 {
        try checked(
          H5Dread(
            dataset.identifier, memory, hdf5_everything(), hdf5_everything(), transfer.identifier, buffer.baseAddress))
      }
      count = elements
    }
  }

  /// Some rows of a table.
  private func values<Value: BitwiseCopyable>(
    _ rows: Range<Int>, as memory: hid_t, placeholder: Value.Type
  ) throws -> [Value] {
    guard let shape, shape.count == 2, !rows.isEmpty, shape[1] > 0 else { return [] }
    let file = try HDF5Object(H5Dget_space(dataset.identifier))
    let (start, count) = ([hsize_t(rows.lowerBound), 0], [hsize_t(rows.count), hsize_t(shape[1])])
    try checked(H5Sselect_hyperslab(file.identifier, H5S_SELECT_SET, start, nil, count, nil))
    let space = try HDF5Object(H5Screate_simple(2, count, nil))
    // Said as all of it where it is: the library then has less to look for.
    let isAll = rows == 0..<shape[0]
    return try [Value](unsafeUninitializedCapacity: rows.count * shape[1]) { buffer, initialized in
      try checked(
        H5Dread(
          dataset.identifier, memory, isAll ? hdf5_everything() : space.identifier,
          isAll ? hdf5_everything() : file.identifier, transfer.identifier, buffer.baseAddress))
      initialized = rows.count * shape[1]
    }
  }

  private func variableStrings<Text>(_ check: (UnsafeRawBufferPointer, String) throws -> Text) throws -> [Text] {
    let elements = try elementCount()
    try budget.charge(elements, of: MemoryLayout<UnsafePointer<CChar>?>.stride, at: path)
    guard elements > 0 else { return [] }
    try refuseUnwritten()
    var memory = hdf5_string_memory(last: nil, remaining: budget.remaining)
    defer { hdf5_string_free_all(&memory) }
    return try withUnsafeMutablePointer(to: &memory) { memory in
      try checked(hdf5_set_string_memory(transfer.identifier, memory))
      var strings = [UnsafePointer<CChar>?](repeating: nil, count: elements)
      try checked(
        H5Dread(
          dataset.identifier, type.identifier, hdf5_everything(), hdf5_everything(), transfer.identifier, &strings))
      try budget.charge(budget.remaining - memory.pointee.remaining, of: 1, at: path)
      return try strings.enumerated().map { row, string in
        try check(Name.bytes(string), "\(path) row \(row)")
      }
    }
  }

  private func fixedStrings<Text>(
    _ size: Int, _ padding: HDF5Element.Padding, _ check: (UnsafeRawBufferPointer, String) throws -> Text
  ) throws -> [Text] {
    let elements = try elementCount()
    let (total, overflow) = elements.multipliedReportingOverflow(by: size)
    try budget.charge(overflow ? Int.max : total, of: 1, at: path)
    guard total > 0 else { return [] }
    try refuseUnwritten()
    var characters = [UInt8](repeating: 0, count: total)
    try checked(
      H5Dread(
        dataset.identifier, type.identifier, hdf5_everything(), hdf5_everything(), transfer.identifier, &characters))
    return try characters.withUnsafeBytes { characters in
      try (0..<elements).map { row in
        let field = UnsafeRawBufferPointer(rebasing: characters[(row * size)..<((row + 1) * size)])
        return try check(Name.text(of: field, padding), "\(path) row \(row)")
      }
    }
  }
}

/// Where and how a dataset's values lie in the file.
struct HDF5Storage {
  /// Bytes of the file that hold the values of a contiguous dataset; nil for chunked and compact ones.
  let contiguous: Range<Int>?
  /// Lengths of a chunk's dimensions; nil for a dataset without chunks.
  let chunk: [Int]?
  /// The values lie in the file's metadata.
  let isCompact: Bool
  /// Each chunk carries a checksum, so values that were read are values that were written.
  let isChecksummed: Bool

  /// - Throws: `BundleError` when the values lie outside the file, are a view of others or need a foreign filter.
  init(of dataset: HDF5Object, path: String, limit: Int) throws {
    let creation = try HDF5Object(H5Dget_create_plist(dataset.identifier))
    let layout = H5Pget_layout(creation.identifier)
    if layout == H5D_VIRTUAL { throw BundleError.virtualDataset(at: path) }
    if try checked(H5Pget_external_count(creation.identifier)) > 0 { throw BundleError.externalStorage(at: path) }
    isChecksummed = try Self.filters(creation, path: path).contains(H5Z_FILTER_FLETCHER32)
    chunk = layout == H5D_CHUNKED ? try Self.chunk(dataset, creation, path: path, limit: limit) : nil
    isCompact = layout == H5D_COMPACT
    contiguous = layout == H5D_CONTIGUOUS ? Self.range(of: dataset) : nil
  }

  private static func filters(_ creation: HDF5Object, path: String) throws -> [H5Z_filter_t] {
    let builtIn = [
      H5Z_FILTER_DEFLATE, H5Z_FILTER_SHUFFLE, H5Z_FILTER_FLETCHER32, H5Z_FILTER_SZIP, H5Z_FILTER_NBIT,
      H5Z_FILTER_SCALEOFFSET,
    ]
    return try (0..<(try checked(H5Pget_nfilters(creation.identifier)))).map { index in
      var (flags, elements, configuration): (UInt32, Int, UInt32) = (0, 0, 0)
      var name = [CChar](repeating: 0, count: 64)
      let filter = H5Pget_filter2(
        creation.identifier, UInt32(index), &flags, &elements, nil, name.count, &name, &configuration)
      try checked(filter)
      guard builtIn.contains(filter) else {
        let text = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        throw BundleError.unknownFilter(
          at: path, filter: text.isEmpty ? "filter number \(filter)" : "filter number \(filter), \"\(text)\"")
      }
      guard try checked(H5Zfilter_avail(filter)) > 0 else {
        throw BundleError.unknownFilter(at: path, filter: "filter number \(filter), which this HDF5 library lacks")
      }
      return filter
    }
  }

  /// A chunk is unpacked whole, whatever part of it the dataset uses.
  private static func chunk(
    _ dataset: HDF5Object, _ creation: HDF5Object, path: String, limit: Int
  ) throws -> [Int] {
    var lengths = [hsize_t](repeating: 0, count: Int(H5S_MAX_RANK))
    let rank = Int(try checked(H5Pget_chunk(creation.identifier, Int32(lengths.count), &lengths)))
    let type = try HDF5Object(H5Dget_type(dataset.identifier))
    let shape = lengths.prefix(rank).map { Int(clamping: $0) }
    let elements = try HDF5Shape.elements(Array(shape), at: path, limit: limit)
    try DecodingBudget(limit).charge(elements, of: H5Tget_size(type.identifier), at: path)
    return Array(shape)
  }

  private static func range(of dataset: HDF5Object) -> Range<Int>? {
    guard let start = Int(exactly: H5Dget_offset(dataset.identifier)),
      let size = Int(exactly: H5Dget_storage_size(dataset.identifier)), start <= Int.max - size
    else { return nil }
    return start..<(start + size)
  }
}

/// IEEE 754 half precision to single precision, exactly, in a loop that compilers turn into vector instructions.
///
/// The library's own conversion takes some fifty times longer, a processor's conversion instruction is not in every
/// machine, and the compiler's routine for machines without is called once per element.
enum HalfPrecision {
  /// Writes the value of each half into the single of the same index.
  static func widen(_ halves: UnsafeBufferPointer<UInt16>, into singles: UnsafeMutableBufferPointer<Float>) {
    // The exponent's bias is 15 in a half and 127 in a single; the product is exact, subnormal halves included.
    let rebias = Float(sign: .plus, exponent: 112, significand: 1)
    for index in 0..<min(halves.count, singles.count) {
      let half = UInt32(halves[index])
      let magnitude = (half & 0x7FFF) << 13
      let scaled = (Float(bitPattern: magnitude) * rebias).bitPattern
      // An exponent of all ones stays all ones: infinity or not a number.
      let special: UInt32 = magnitude >= 0x0F80_0000 ? 0x7F80_0000 : 0
      singles[index] = Float(bitPattern: scaled | special | (half & 0x8000) << 16)
    }
  }
}
