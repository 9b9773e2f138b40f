import CHDF5

/// Where and how a dataset's values lie in the file.
struct HDF5Storage {
  /// Bytes of the file that hold the values of a contiguous dataset; nil for chunked and compact ones.
  let contiguous: Range<Int>?
  /// Each chunk carries a checksum, so values that were read are values that were written.
  let isChecksummed: Bool

  /// - Throws: `BundleError` when the values lie outside the file, are a view of others or need a foreign filter.
  init(of dataset: HDF5Object, path: String, limit: Int) throws {
    let creation = try HDF5Object(H5Dget_create_plist(dataset.identifier))
    let layout = H5Pget_layout(creation.identifier)
    if layout == H5D_VIRTUAL { throw BundleError.virtualDataset(at: path) }
    if try checked(H5Pget_external_count(creation.identifier)) > 0 { throw BundleError.externalStorage(at: path) }
    isChecksummed = try Self.filters(creation, path: path).contains(H5Z_FILTER_FLETCHER32)
    if layout == H5D_CHUNKED { try Self.checkChunk(dataset, creation, path: path, limit: limit) }
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
  private static func checkChunk(
    _ dataset: HDF5Object, _ creation: HDF5Object, path: String, limit: Int
  ) throws {
    var lengths = [hsize_t](repeating: 0, count: Int(H5S_MAX_RANK))
    let rank = Int(try checked(H5Pget_chunk(creation.identifier, Int32(lengths.count), &lengths)))
    let type = try HDF5Object(H5Dget_type(dataset.identifier))
    let shape = lengths.prefix(rank).map { Int(clamping: $0) }
    let elements = try HDF5Shape.elements(Array(shape), at: path, limit: limit)
    try DecodingBudget(limit).charge(elements, of: H5Tget_size(type.identifier), at: path)
  }

  private static func range(of dataset: HDF5Object) -> Range<Int>? {
    guard let start = Int(exactly: H5Dget_offset(dataset.identifier)),
      let size = Int(exactly: H5Dget_storage_size(dataset.identifier)), start <= Int.max - size
    else { return nil }
    return start..<(start + size)
  }
}
