import DialogueDomain
import Foundation
import OperatingSystem

/// A safetensors file, mapped into memory: tensors are read where they lie.
///
/// The format is an 8-byte length, a JSON header that names each tensor's type, shape and byte range, then the bytes.
/// Everything the header says is checked against the file before any tensor is read.
public struct SafetensorsFile: Sendable {
  /// One tensor's header entry, its range counted from the start of the file.
  public struct Entry: Sendable, Hashable {
    /// What its elements are.
    public let type: TensorType
    /// Its sizes, the slowest index first.
    public let shape: [Int]
    let range: Range<Int>

    /// Elements in all.
    public var count: Int { shape.reduce(1, *) }
  }

  /// The tensors by name.
  public let entries: [String: Entry]
  private let file: MappedFile

  /// - Throws: `ModelError.notSafetensors` or `.damagedTensor` where header and file do not agree; `StorageError` where
  ///   the file cannot be read.
  public init(_ url: URL) throws {
    let file = try MappedFile(url)
    let name = url.lastPathComponent
    guard file.count >= 8 else { throw ModelError.notSafetensors(file: name, found: "\(file.count) bytes") }
    let length = file.withBytes { UInt64(littleEndian: $0.loadUnaligned(as: UInt64.self)) }
    guard length <= Self.longestHeader, Int(length) <= file.count - 8 else {
      throw ModelError.notSafetensors(
        file: name, found: "a header of \(length) bytes in a file of \(file.count) bytes")
    }
    let header: [String: HeaderEntry]
    do {
      header = try JSONDecoder().decode(
        [String: HeaderEntry].self, from: file.withBytes { Data($0[8..<(8 + Int(length))]) })
    } catch {
      throw ModelError.notSafetensors(file: name, found: "a header that cannot be read")
    }
    let start = 8 + Int(length)
    var entries: [String: Entry] = [:]
    for (tensor, entry) in header {
      guard case .tensor(let type, let shape, let offsets) = entry else { continue }
      entries[tensor] = try Self.check(
        tensor, type: type, shape: shape, offsets: offsets, dataBytes: file.count - start, start: start, file: name)
    }
    try Self.checkCoverage(entries, start: start, end: file.count, file: name)
    self.entries = entries
    self.file = file
  }

  /// A tensor's elements as single-precision numbers, row-major; nil where the file has no such tensor.
  public func floats(_ name: String) -> [Float]? {
    guard let entry = entries[name] else { return nil }
    return file.withBytes {
      entry.type.floats(UnsafeRawBufferPointer(rebasing: $0[entry.range]), count: entry.count)
    }
  }

  /// A tensor's elements as double-precision numbers, row-major; nil where the file has no such tensor.
  public func doubles(_ name: String) -> [Double]? {
    guard let entry = entries[name] else { return nil }
    return file.withBytes {
      entry.type.doubles(UnsafeRawBufferPointer(rebasing: $0[entry.range]), count: entry.count)
    }
  }

  /// SHA-256 of the whole file.
  public var digest: String { FileDigest.sha256(file) }

  private static let longestHeader: UInt64 = 100_000_000

  private static func check(
    _ tensor: String, type: String, shape: [Int], offsets: [Int], dataBytes: Int, start: Int, file: String
  ) throws -> Entry {
    guard let known = TensorType(rawValue: type) else {
      throw ModelError.unsupportedType(file: file, tensor: tensor, found: type)
    }
    guard offsets.count == 2, offsets[0] >= 0, offsets[0] <= offsets[1], offsets[1] <= dataBytes else {
      throw ModelError.damagedTensor(
        file: file, tensor: tensor, found: "byte range \(offsets)", expected: "a range within \(dataBytes) bytes")
    }
    var size = known.size
    for dimension in shape {
      let product = size.multipliedReportingOverflow(by: dimension)
      guard dimension >= 0, !product.overflow else {
        throw ModelError.damagedTensor(file: file, tensor: tensor, found: "shape \(shape)", expected: "a smaller one")
      }
      size = product.partialValue
    }
    guard size == offsets[1] - offsets[0] else {
      throw ModelError.damagedTensor(
        file: file, tensor: tensor, found: "\(offsets[1] - offsets[0]) bytes",
        expected: "\(size) bytes for \(type) \(shape)")
    }
    return Entry(type: known, shape: shape, range: (start + offsets[0])..<(start + offsets[1]))
  }

  /// The format allows neither holes nor overlaps: bytes that belong to no tensor or to two are a sign of damage.
  private static func checkCoverage(_ entries: [String: Entry], start: Int, end: Int, file: String) throws {
    var position = start
    for (tensor, entry) in entries.sorted(by: {
      ($0.value.range.lowerBound, $0.value.range.upperBound, $0.key) < (
        $1.value.range.lowerBound, $1.value.range.upperBound, $1.key
      )
    }) {
      guard entry.range.lowerBound == position else {
        throw ModelError.damagedTensor(
          file: file, tensor: tensor, found: "data at byte \(entry.range.lowerBound)", expected: "at \(position)")
      }
      position = entry.range.upperBound
    }
    guard position == end else {
      throw ModelError.notSafetensors(file: file, found: "\(end - position) bytes that belong to no tensor")
    }
  }
}

/// A header value: a tensor, or the free-form `__metadata__`.
private enum HeaderEntry: Decodable {
  case tensor(type: String, shape: [Int], offsets: [Int])
  case metadata

  enum CodingKeys: String, CodingKey {
    case type = "dtype"
    case shape
    case offsets = "data_offsets"
  }

  init(from decoder: any Decoder) throws {
    if decoder.codingPath.last?.stringValue == "__metadata__" {
      self = .metadata
      return
    }
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self = .tensor(
      type: try container.decode(String.self, forKey: .type), shape: try container.decode([Int].self, forKey: .shape),
      offsets: try container.decode([Int].self, forKey: .offsets))
  }
}

/// The element types of safetensors files that this program reads.
public enum TensorType: String, CaseIterable, Sendable {
  /// Double precision.
  case double = "F64"
  /// Single precision.
  case float = "F32"
  /// Half precision (IEEE 754).
  case half = "F16"
  /// The upper half of single precision.
  case brainFloat = "BF16"
  /// Whole numbers of 64 bits.
  case int64 = "I64"
  /// Whole numbers of 32 bits.
  case int32 = "I32"
  /// Whole numbers from 0 to 255.
  case byte = "U8"

  /// Bytes per element.
  var size: Int {
    switch self {
    case .double, .int64: 8
    case .float, .int32: 4
    case .half, .brainFloat: 2
    case .byte: 1
    }
  }

  func floats(_ bytes: UnsafeRawBufferPointer, count: Int) -> [Float] {
    switch self {
    case .float where UInt32(1).littleEndian == 1: copied(bytes, count)
    case .float: elements(bytes, count) { Float(bitPattern: UInt32(littleEndian: $0)) }
    case .half: elements(bytes, count) { Float(Float16(bitPattern: UInt16(littleEndian: $0))) }
    case .brainFloat: elements(bytes, count) { Float(brainFloat: UInt16(littleEndian: $0)) }
    default: doubles(bytes, count: count).map(Float.init)
    }
  }

  func doubles(_ bytes: UnsafeRawBufferPointer, count: Int) -> [Double] {
    switch self {
    case .double: elements(bytes, count) { Double(bitPattern: UInt64(littleEndian: $0)) }
    case .int64: elements(bytes, count) { (value: Int64) in Double(Int64(littleEndian: value)) }
    case .int32: elements(bytes, count) { (value: Int32) in Double(Int32(littleEndian: value)) }
    case .byte: elements(bytes, count) { (value: UInt8) in Double(value) }
    default: floats(bytes, count: count).map(Double.init)
    }
  }

  /// Where the processor's numbers lie in memory as in the file.
  private func copied(_ bytes: UnsafeRawBufferPointer, _ count: Int) -> [Float] {
    [Float](unsafeUninitializedCapacity: count) { floats, filled in
      UnsafeMutableRawBufferPointer(floats).copyMemory(from: bytes)
      filled = count
    }
  }

  private func elements<Stored: BitwiseCopyable, Element>(
    _ bytes: UnsafeRawBufferPointer, _ count: Int, _ convert: (Stored) -> Element
  ) -> [Element] {
    (0..<count).map { convert(bytes.loadUnaligned(fromByteOffset: $0 * size, as: Stored.self)) }
  }
}
