import CHDF5
import Foundation

/// An HDF5 file composed in memory, byte for byte the same whenever the same calls are made.
final class HDF5Composer {
  let file: HDF5Object

  /// How a dataset's values are packed.
  struct Packing {
    /// Rows per chunk.
    var chunkRows: Int
    /// The deflate level, 0 to 9.
    var compression: Int
  }

  init() throws {
    hdf5_silence()
    let access = try HDF5Object(H5Pcreate(hdf5_file_access_class()))
    try checked(H5Pset_fapl_core(access.identifier, 1 << 20, false))
    // Two open files in memory with one name would be one file to the library.
    file = try HDF5Object(
      H5Fcreate(UUID().uuidString, hdf5_truncate(), hdf5_default(), access.identifier))
  }

  func group(_ path: String) throws {
    _ = try HDF5Object(H5Gcreate2(file.identifier, path, hdf5_default(), hdf5_default(), hdf5_default()))
  }

  /// Writes a dataset whose values have the layout `memory` here and the layout `stored` in the file.
  ///
  /// - Parameter packing: chunks that are shuffled, compressed and checksummed; nil for one plain piece.
  func write<Value: BitwiseCopyable>(
    _ values: [Value], _ shape: [Int], memory: hid_t, stored: hid_t, packing: Packing? = nil, at path: String
  ) throws {
    let lengths = shape.map { hsize_t($0) }
    let space = try HDF5Object(H5Screate_simple(Int32(lengths.count), lengths, nil))
    let creation = try HDF5Object(H5Pcreate(hdf5_dataset_creation_class()))
    // A time of writing would make equal content differ.
    try checked(H5Pset_obj_track_times(creation.identifier, false))
    if let packing, !lengths.contains(0) {
      let chunk = [hsize_t(max(1, min(packing.chunkRows, shape[0])))] + lengths.dropFirst()
      try checked(H5Pset_chunk(creation.identifier, Int32(chunk.count), chunk))
      if packing.compression > 0 {
        try checked(H5Pset_shuffle(creation.identifier))
        try checked(H5Pset_deflate(creation.identifier, UInt32(packing.compression)))
      }
      try checked(H5Pset_fletcher32(creation.identifier))
    }
    let dataset = try HDF5Object(
      H5Dcreate2(
        file.identifier, path, stored, space.identifier, hdf5_default(), creation.identifier, hdf5_default()))
    guard !values.isEmpty else { return }
    try checked(
      H5Dwrite(dataset.identifier, memory, hdf5_everything(), hdf5_everything(), hdf5_default(), values))
  }

  /// Writes strings as UTF-8 of fixed length, which chunks and checksums cover; those of variable length lie elsewhere.
  func write(names: [String], packing: Packing? = nil, at path: String) throws {
    let (type, characters) = try Self.fields(names)
    try write(
      characters, [names.count], memory: type.identifier, stored: type.identifier, packing: packing, at: path)
  }

  func attribute(_ name: String, _ text: String) throws {
    let (type, characters) = try Self.fields([text])
    try attribute(name, characters, try HDF5Object(H5Screate(H5S_SCALAR)), memory: type.identifier)
  }

  func attribute(_ name: String, _ texts: [String]) throws {
    let (type, characters) = try Self.fields(texts)
    let space = try HDF5Object(H5Screate_simple(1, [hsize_t(texts.count)], nil))
    try attribute(name, characters, space, memory: type.identifier)
  }

  func attribute(_ name: String, _ value: Int64) throws {
    try attribute(name, [value], try HDF5Object(H5Screate(H5S_SCALAR)), memory: hdf5_native_int64())
  }

  /// The whole file as it would lie on disk.
  func content() throws -> Data {
    try checked(H5Fflush(file.identifier, H5F_SCOPE_LOCAL))
    let size = try checked(H5Fget_file_image(file.identifier, nil, 0))
    var content = Data(count: size)
    try content.withUnsafeMutableBytes { bytes in
      _ = try checked(H5Fget_file_image(file.identifier, bytes.baseAddress, bytes.count))
    }
    return content
  }

  private func attribute<Value: BitwiseCopyable>(
    _ name: String, _ values: [Value], _ space: HDF5Object, memory: hid_t
  ) throws {
    let attribute = try HDF5Object(
      H5Acreate2(file.identifier, name, memory, space.identifier, hdf5_default(), hdf5_default()))
    guard !values.isEmpty else { return }
    try checked(H5Awrite(attribute.identifier, memory, values))
  }

  /// Texts side by side in fields as long as the longest, filled up with zeros, and the type of such a field.
  private static func fields(_ texts: [String]) throws -> (HDF5Object, [UInt8]) {
    let size = max(1, texts.map(\.utf8.count).max() ?? 1)
    var characters = [UInt8](repeating: 0, count: size * texts.count)
    for (index, text) in texts.enumerated() {
      characters.replaceSubrange((index * size)..<(index * size + text.utf8.count), with: text.utf8)
    }
    let type = try HDF5Object(H5Tcopy(hdf5_c_string()))
    try checked(H5Tset_size(type.identifier, size))
    try checked(H5Tset_strpad(type.identifier, H5T_STR_NULLPAD))
    try checked(H5Tset_cset(type.identifier, H5T_CSET_UTF8))
    return (type, characters)
  }
}
