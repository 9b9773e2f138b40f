import Foundation

/// The `.npy` format of numpy, versions 1, 2 and 3: one array of numbers.
public enum NumpyFile {
  private static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

  /// Reads the array in a file.
  ///
  /// - Throws: `StorageError` when the file cannot be read, `InterchangeError` when it is not such an array.
  public static func read(_ url: URL) throws -> NumericArray {
    try read(InputFile.bytes(of: url)[...], location: url.path)
  }

  /// Reads an array from the bytes of an `.npy` file; bytes after the array are left alone, as numpy leaves them.
  ///
  /// - Parameter location: what to call the bytes in messages.
  public static func read(_ bytes: ArraySlice<UInt8>, location: String) throws -> NumericArray {
    guard bytes.count >= 10, bytes.prefix(6).elementsEqual(magic) else {
      throw InterchangeError(
        "not an .npy file", at: location, found: bytes.isEmpty ? "an empty file" : nil,
        expected: "the bytes \\x93NUMPY at its start", remedy: "Save the array with numpy.save.")
    }
    let version = bytes[bytes.startIndex + 6]
    guard (1...3).contains(version) else {
      throw InterchangeError("unknown .npy version", at: location, found: "\(version)", expected: "1, 2 or 3")
    }
    // Version 1 has two bytes for the header's length, the others four.
    let lengthSize = version == 1 ? 2 : 4
    let start = 8 + lengthSize
    let length = bytes.dropFirst(8).prefix(lengthSize).reversed().reduce(0) { $0 << 8 | Int($1) }
    guard bytes.count >= start + length else {
      throw InterchangeError(
        "the file ends within its header", at: location, found: "\(bytes.count) bytes",
        expected: "at least \(start + length)", remedy: "Copy it again.")
    }
    let headerBytes = bytes.dropFirst(start).prefix(length)
    guard length <= 65_536, headerBytes.allSatisfy({ $0 < 0x80 }) else {
      throw InterchangeError(
        "the header is not the one numpy writes", at: location, found: "\(length) bytes, not all of them ASCII")
    }
    let header = try NumpyHeader(parsing: String(decoding: headerBytes, as: UTF8.self), location: location)

    let content = bytes.dropFirst(start + length)
    guard let size = NumericArray.byteCount(type: header.type, shape: header.shape), size <= content.count,
      let array = NumericArray(
        type: header.type, shape: header.shape, isFortranOrder: header.isFortranOrder, bytes: content.prefix(size))
    else {
      throw InterchangeError(
        "the file ends within its array", at: location, found: "\(content.count) bytes of elements",
        expected: "\(describe(header.shape)) elements of type \(header.type)", remedy: "Copy it again.")
    }
    return array
  }

  /// The bytes of an `.npy` file, version 1, that holds single-precision numbers with the last axis fastest.
  ///
  /// - Parameters:
  ///   - values: as many as the shape has elements.
  ///   - shape: elements along each axis.
  public static func bytes(of values: [Float], shape: [Int]) -> [UInt8] {
    precondition(values.count == shape.reduce(1, *), "one value per element of the shape")
    let extents = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
    var header = "{'descr': '<f4', 'fortran_order': False, 'shape': (\(extents)), }"
    // The array starts at a multiple of 64 bytes, and the header ends with a line feed.
    header += String(repeating: " ", count: (64 - (10 + header.utf8.count + 1) % 64) % 64) + "\n"
    var bytes = magic + [1, 0, UInt8(header.utf8.count & 0xFF), UInt8(header.utf8.count >> 8)] + Array(header.utf8)
    bytes.reserveCapacity(bytes.count + values.count * 4)
    for value in values {
      let bits = value.bitPattern
      bytes.append(UInt8(truncatingIfNeeded: bits))
      bytes.append(UInt8(truncatingIfNeeded: bits >> 8))
      bytes.append(UInt8(truncatingIfNeeded: bits >> 16))
      bytes.append(UInt8(truncatingIfNeeded: bits >> 24))
    }
    return bytes
  }
}

/// A shape as a message prints it: `120×1024`.
func describe(_ shape: [Int]) -> String {
  shape.isEmpty ? "a single number" : shape.map(String.init).joined(separator: "×")
}
