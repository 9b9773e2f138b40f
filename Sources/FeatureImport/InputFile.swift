import Foundation
import OperatingSystem

/// A file read whole into memory, so that nothing changes under a reader that has checked it.
enum InputFile {
  /// - Throws: `StorageError` when the file cannot be opened or read.
  static func bytes(of url: URL) throws -> [UInt8] {
    let descriptor = open(url.path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw StorageError("opening", url) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw StorageError("reading the size", url) }
    guard status.st_mode & S_IFMT != S_IFDIR else { throw StorageError("reading", url, code: EISDIR) }

    var bytes: [UInt8] = []
    bytes.reserveCapacity(Int(status.st_size))
    var block = [UInt8](repeating: 0, count: 1 << 20)
    while true {
      let count = block.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw StorageError("reading", url) }
      if count == 0 { return bytes }
      bytes.append(contentsOf: block[..<count])
    }
  }
}

/// A place in a run of bytes that moves forward and never past the end.
struct ByteCursor {
  let bytes: ArraySlice<UInt8>
  private(set) var position: Int

  /// - Parameter position: an index of `bytes`; one outside it leaves nothing to read.
  init(_ bytes: ArraySlice<UInt8>, at position: Int) {
    self.bytes = bytes
    self.position = position < bytes.startIndex ? bytes.endIndex : min(position, bytes.endIndex)
  }

  /// Bytes that are left.
  var remaining: Int { bytes.endIndex - position }

  /// The next byte, or nil at the end.
  mutating func byte() -> UInt8? {
    guard position < bytes.endIndex else { return nil }
    defer { position += 1 }
    return bytes[position]
  }

  /// The next `count` bytes, or nil where fewer are left.
  mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
    guard count >= 0, count <= remaining else { return nil }
    defer { position += count }
    return bytes[position..<position + count]
  }

  /// Moves on; false, without moving, where fewer bytes are left.
  mutating func skip(_ count: Int) -> Bool {
    take(count) != nil
  }

  /// An unsigned number of up to 8 bytes, least significant first; nil where it is cut off or beyond `Int`.
  mutating func littleEndian(_ count: Int) -> Int? {
    guard let field = take(count) else { return nil }
    return Int(exactly: field.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
  }

  /// The bytes up to the next line feed, which is read and left out; nil where there is none.
  mutating func line() -> ArraySlice<UInt8>? {
    guard let end = bytes[position...].firstIndex(of: 0x0A) else { return nil }
    defer { position = end + 1 }
    return bytes[position..<end]
  }

  /// Whether `bytes` has `pattern` at an offset, which may lie anywhere.
  static func matches(_ bytes: [UInt8], at offset: Int, _ pattern: [UInt8]) -> Bool {
    offset >= 0 && offset + pattern.count <= bytes.count && bytes[offset...].starts(with: pattern)
  }
}
