import Foundation

/// The `.npy` format of numpy, versions 1, 2 and 3: one array of numbers.
public enum NumpyFile {
  private static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

  /// Reads the array in a file.
  ///
  /// - Throws: `StorageError` when the file cannot be read, `FeatureImportError` when it is not such an array.
  public static func read(_ url: URL) throws -> NumericArray {
    try read(InputFile.bytes(of: url)[...], location: url.path)
  }

  /// Reads an array from the bytes of an `.npy` file; bytes after the array are left alone, as numpy leaves them.
  ///
  /// - Parameter location: what to call the bytes in messages.
  /// - Throws: `FeatureImportError` when they are not such an array.
  public static func read(_ bytes: ArraySlice<UInt8>, location: String) throws -> NumericArray {
    guard bytes.count >= 10, bytes.prefix(6).elementsEqual(magic) else {
      throw FeatureImportError(
        "not an .npy file", at: location, found: bytes.isEmpty ? "an empty file" : nil,
        expected: "the bytes \\x93NUMPY at its start", remedy: "Save the array with numpy.save.")
    }
    let version = bytes[bytes.startIndex + 6]
    guard (1...3).contains(version) else {
      throw FeatureImportError("unknown .npy version", at: location, found: "\(version)", expected: "1, 2 or 3")
    }
    // Version 1 has two bytes for the header's length, the others four.
    let lengthSize = version == 1 ? 2 : 4
    let start = 8 + lengthSize
    let length = bytes.dropFirst(8).prefix(lengthSize).reversed().reduce(0) { $0 << 8 | Int($1) }
    guard bytes.count >= start + length else {
      throw FeatureImportError(
        "the file ends within its header", at: location, found: "\(bytes.count) bytes",
        expected: "at least \(start + length)", remedy: "Copy it again.")
    }
    let headerBytes = bytes.dropFirst(start).prefix(length)
    guard length <= 65_536, headerBytes.allSatisfy({ $0 < 0x80 }) else {
      throw FeatureImportError(
        "the header is not the one numpy writes", at: location, found: "\(length) bytes, not all of them ASCII")
    }
    let header = try NumpyHeader(parsing: String(decoding: headerBytes, as: UTF8.self), location: location)

    let content = bytes.dropFirst(start + length)
    guard let size = NumericArray.byteCount(type: header.type, shape: header.shape), size <= content.count,
      let array = NumericArray(
        type: header.type, shape: header.shape, isFortranOrder: header.isFortranOrder, bytes: content.prefix(size))
    else {
      throw FeatureImportError(
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
    values.map(\.bitPattern.littleEndian).withUnsafeBytes { bytes.append(contentsOf: $0) }
    return bytes
  }
}

/// A shape as a message prints it: `120×1024`.
func describe(_ shape: [Int]) -> String {
  shape.isEmpty ? "a single number" : shape.map(String.init).joined(separator: "×")
}

/// The `.npz` format of numpy: a ZIP archive of `.npy` arrays, stored or compressed.
public struct NumpyArchive: Sendable {
  private let archive: ZipArchive

  /// Opens an archive; its arrays are read when asked for.
  ///
  /// - Throws: `StorageError` when the file cannot be read, `FeatureImportError` when it is no ZIP archive.
  public init(_ url: URL) throws {
    try self.init(InputFile.bytes(of: url), location: url.path)
  }

  /// Opens an archive in memory.
  ///
  /// - Parameter location: what to call the bytes in messages.
  /// - Throws: `FeatureImportError` when they are no ZIP archive.
  public init(_ bytes: [UInt8], location: String) throws {
    archive = try ZipArchive(bytes, location: location)
  }

  /// The arrays' names, without `.npy`, in the archive's order.
  public var names: [String] {
    archive.entries.map(\.name).filter { $0.hasSuffix(".npy") }.map { String($0.dropLast(4)) }
  }

  /// Reads one array; nil where there is none of that name.
  ///
  /// - Throws: `FeatureImportError` when the entry is damaged or no array of numbers.
  public func array(named name: String) throws -> NumericArray? {
    guard let entry = archive.entry(named: name + ".npy") else { return nil }
    return try NumpyFile.read(
      archive.content(of: entry), location: "\(archive.location): \(printable(entry.name))")
  }
}

/// The header of an `.npy` file, a Python dictionary display such as `{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }`.
struct NumpyHeader {
  var type: NumericType
  var isFortranOrder: Bool
  var shape: [Int]

  /// Reads the display without evaluating it.
  ///
  /// - Parameter location: the file, for messages.
  /// - Throws: `FeatureImportError` that says which entry is wrong.
  init(parsing text: String, location: String) throws {
    var scanner = PythonLiteralScanner(text)
    guard let entries = scanner.dictionary() else {
      throw FeatureImportError(
        "the header is not the one numpy writes", at: location, found: printable(text),
        expected: "{'descr': …, 'fortran_order': …, 'shape': …}")
    }
    guard case .text(let descriptor)? = entries["descr"] else {
      throw FeatureImportError(
        "the array is not of plain numbers", at: location,
        found: entries["descr"] == nil ? "no descr" : "a record type",
        expected: "float, integer or boolean elements", remedy: "Save the features as a float32 array.")
    }
    guard let type = NumericType(descriptor: descriptor) else {
      throw FeatureImportError(
        "the array is not of plain numbers", at: location, found: "elements of type \(printable(descriptor))",
        expected: "f2, f4, f8, i1 … i8, u1 … u8 or b1", remedy: "Save the features as a float32 array.")
    }
    guard case .boolean(let isFortranOrder)? = entries["fortran_order"], case .tuple(let shape)? = entries["shape"]
    else {
      throw FeatureImportError("the header lacks fortran_order or shape", at: location, found: printable(text))
    }
    self.type = type
    self.isFortranOrder = isFortranOrder
    self.shape = shape
  }
}

/// Reads the few Python displays that an `.npy` header is made of.
private struct PythonLiteralScanner {
  enum Value: Equatable {
    case text(String)
    case boolean(Bool)
    case tuple([Int])
    /// A list, as the element type of records is written.
    case list
  }

  private var rest: Substring

  init(_ text: String) {
    rest = Substring(text)
  }

  /// A dictionary from strings to values, with nothing but blanks after it; nil for anything else.
  mutating func dictionary() -> [String: Value]? {
    guard take("{") else { return nil }
    var entries: [String: Value] = [:]
    while !take("}") {
      guard let key = string(), take(":"), let value = value(), entries.updateValue(value, forKey: key) == nil else {
        return nil
      }
      // A list of records is not taken apart: its type is refused whatever it holds.
      if value == .list { return entries }
      guard take(",") || rest.first == "}" else { return nil }
    }
    skipBlanks()
    return rest.isEmpty ? entries : nil
  }

  private mutating func value() -> Value? {
    skipBlanks()
    switch rest.first {
    case "'", "\"": return string().map(Value.text)
    case "(": return tuple().map(Value.tuple)
    case "[": return .list
    default:
      if take("True") { return .boolean(true) }
      return take("False") ? .boolean(false) : nil
    }
  }

  private mutating func string() -> String? {
    skipBlanks()
    guard let quote = rest.first, quote == "'" || quote == "\"" else { return nil }
    rest.removeFirst()
    guard let end = rest.firstIndex(of: quote) else { return nil }
    defer { rest = rest[rest.index(after: end)...] }
    return String(rest[..<end])
  }

  private mutating func tuple() -> [Int]? {
    guard take("(") else { return nil }
    var numbers: [Int] = []
    while !take(")") {
      skipBlanks()
      let digits = rest.prefix { $0.isASCII && $0.isNumber }
      guard let number = Int(digits) else { return nil }
      rest = rest.dropFirst(digits.count)
      numbers.append(number)
      // Python 2 wrote long integers as 3L.
      _ = take("L")
      guard take(",") || rest.first == ")" else { return nil }
    }
    return numbers
  }

  private mutating func take(_ token: String) -> Bool {
    skipBlanks()
    guard rest.hasPrefix(token) else { return false }
    rest = rest.dropFirst(token.count)
    return true
  }

  private mutating func skipBlanks() {
    rest = rest.drop { $0 == " " || $0 == "\n" || $0 == "\t" }
  }
}
