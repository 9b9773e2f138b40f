import CZlib
import Foundation

/// A ZIP archive read from memory: what `.npz` and PyTorch's `.pt` files are.
///
/// Entries are stored or deflated; ZIP64 extents are understood. Every offset and length is checked against the file, and
/// the checksum of an entry against its content.
struct ZipArchive: Sendable {
  /// One file within the archive.
  struct Entry: Sendable, Hashable {
    let name: String
    fileprivate let method: UInt16
    fileprivate let flags: UInt16
    fileprivate let checksum: UInt32
    fileprivate let packedSize: Int
    fileprivate let size: Int
    fileprivate let headerOffset: Int
  }

  let location: String
  /// In the order of the central directory.
  let entries: [Entry]
  private let bytes: [UInt8]
  private let byName: [String: Int]

  /// Whether a file starts as a ZIP archive does.
  static func isArchive(_ bytes: [UInt8]) -> Bool {
    bytes.starts(with: [0x50, 0x4B, 0x03, 0x04]) || bytes.starts(with: [0x50, 0x4B, 0x05, 0x06])
  }

  /// Reads the directory of an archive.
  ///
  /// - Throws: `FeatureImportError` when the bytes are no archive, or one that is cut off, split, or repeats a name.
  init(_ bytes: [UInt8], location: String) throws {
    self.bytes = bytes
    self.location = location
    let directory = try ZipDirectory(bytes, location: location)
    var entries: [Entry] = []
    var byName: [String: Int] = [:]
    var packed = 0
    var position = directory.offset
    for _ in 0..<directory.count {
      let (entry, next) = try Self.entry(bytes, at: position, location: location)
      guard byName.updateValue(entries.count, forKey: entry.name) == nil else {
        throw FeatureImportError(
          "the archive holds two entries of one name", at: location, found: printable(entry.name))
      }
      // Entries that share bytes are how a small archive claims to unpack to a huge one.
      packed += entry.packedSize
      guard packed <= bytes.count else { throw Self.damaged(location, "entries that overlap") }
      entries.append(entry)
      position = next
    }
    self.entries = entries
    self.byName = byName
  }

  /// The entry of that name, or nil.
  func entry(named name: String) -> Entry? {
    byName[name].map { entries[$0] }
  }

  /// The content of an entry, its checksum verified.
  func content(of entry: Entry) throws -> ArraySlice<UInt8> {
    let place = "\(location): \(printable(entry.name))"
    guard entry.flags & 1 == 0 else {
      throw FeatureImportError("the entry is encrypted", at: place, remedy: "Save the archive without a password.")
    }
    var reader = ByteCursor(bytes[...], at: entry.headerOffset)
    guard reader.littleEndian(4) == 0x0403_4B50, reader.skip(22), let nameLength = reader.littleEndian(2),
      let extraLength = reader.littleEndian(2), reader.skip(nameLength + extraLength),
      let packed = reader.take(entry.packedSize)
    else { throw Self.damaged(place, "an entry that lies outside the file") }

    let content: ArraySlice<UInt8>
    switch entry.method {
    case 0:
      guard entry.packedSize == entry.size else { throw Self.damaged(place, "a stored entry of two sizes") }
      content = packed
    case 8:
      guard entry.size <= Inflate.largestSize else {
        throw FeatureImportError(
          "the compressed entry is too large", at: place, found: "\(entry.size) bytes",
          expected: "at most \(Inflate.largestSize)", remedy: "Save the archive without compression.")
      }
      guard let unpacked = Inflate.bytes(of: packed, count: entry.size) else {
        throw Self.damaged(place, "a compressed stream that does not unpack to its recorded size")
      }
      content = unpacked[...]
    default:
      throw FeatureImportError(
        "the entry is compressed by an unknown method", at: place, found: "method \(entry.method)",
        expected: "stored (0) or deflate (8)")
    }
    guard Inflate.checksum(content) == entry.checksum else { throw Self.damaged(place, "content of another checksum") }
    return content
  }

  /// Reads one record of the central directory; returns it and where the next one starts.
  private static func entry(_ bytes: [UInt8], at position: Int, location: String) throws -> (Entry, Int) {
    var reader = ByteCursor(bytes[...], at: position)
    guard reader.littleEndian(4) == 0x0201_4B50, reader.skip(4), let flags = reader.littleEndian(2),
      let method = reader.littleEndian(2), reader.skip(4), let checksum = reader.littleEndian(4),
      var packedSize = reader.littleEndian(4), var size = reader.littleEndian(4),
      let nameLength = reader.littleEndian(2), let extraLength = reader.littleEndian(2),
      let commentLength = reader.littleEndian(2), reader.skip(8), var offset = reader.littleEndian(4),
      let name = reader.take(nameLength), let extra = reader.take(extraLength), reader.skip(commentLength)
    else { throw damaged(location, "a directory record that is cut off") }

    try widen(&size, &packedSize, &offset, extra: extra, location: location)
    guard packedSize <= bytes.count, offset < bytes.count else {
      throw damaged(location, "an entry that lies outside the file")
    }
    let entry = Entry(
      name: String(decoding: name, as: UTF8.self), method: UInt16(method), flags: UInt16(flags),
      checksum: UInt32(checksum), packedSize: packedSize, size: size, headerOffset: offset)
    return (entry, reader.position)
  }

  /// Replaces 32-bit fields that are all ones by their 64-bit values from the ZIP64 extra field.
  private static func widen(
    _ size: inout Int, _ packedSize: inout Int, _ offset: inout Int, extra: ArraySlice<UInt8>, location: String
  ) throws {
    let marker = 0xFFFF_FFFF
    guard size == marker || packedSize == marker || offset == marker else { return }
    var reader = ByteCursor(extra, at: extra.startIndex)
    while let tag = reader.littleEndian(2), let length = reader.littleEndian(2), let field = reader.take(length) {
      guard tag == 1 else { continue }
      var wide = ByteCursor(field, at: field.startIndex)
      func next(_ value: Int) throws -> Int {
        guard value == marker else { return value }
        guard let widened = wide.littleEndian(8) else { throw damaged(location, "a ZIP64 field that is cut off") }
        return widened
      }
      size = try next(size)
      packedSize = try next(packedSize)
      offset = try next(offset)
      return
    }
  }

  fileprivate static func damaged(_ location: String, _ found: String) -> FeatureImportError {
    FeatureImportError("the archive is damaged", at: location, found: found, remedy: "Copy or save it again.")
  }
}

/// Where the central directory of an archive starts and how many records it holds.
private struct ZipDirectory {
  var offset: Int
  var count: Int

  init(_ bytes: [UInt8], location: String) throws {
    // The end record is 22 bytes and a comment of at most 65,535.
    let earliest = max(0, bytes.count - 22 - 65_535)
    let candidates = stride(from: bytes.count - 22, through: earliest, by: -1)
    guard let end = candidates.first(where: { ByteCursor.matches(bytes, at: $0, [0x50, 0x4B, 0x05, 0x06]) }) else {
      throw FeatureImportError(
        "not a complete ZIP archive", at: location, found: "no directory at its end", remedy: "Copy or save it again.")
    }
    var reader = ByteCursor(bytes[...], at: end + 4)
    guard let disk = reader.littleEndian(2), reader.skip(4), let count = reader.littleEndian(2), reader.skip(4),
      let offset = reader.littleEndian(4), disk == 0 || disk == 0xFFFF
    else { throw ZipArchive.damaged(location, "an archive split over several files") }
    self.count = count
    self.offset = offset

    if count == 0xFFFF || offset == 0xFFFF_FFFF {
      var locator = ByteCursor(bytes[...], at: end - 20)
      guard locator.littleEndian(4) == 0x0706_4B50, locator.skip(4), let record = locator.littleEndian(8) else {
        return
      }
      var wide = ByteCursor(bytes[...], at: record)
      guard wide.littleEndian(4) == 0x0606_4B50, wide.skip(28), let wideCount = wide.littleEndian(8), wide.skip(8),
        let wideOffset = wide.littleEndian(8)
      else { throw ZipArchive.damaged(location, "a ZIP64 directory that is cut off") }
      self.count = wideCount
      self.offset = wideOffset
    }
  }
}

/// Raw deflate streams, as ZIP archives hold them, undone by zlib.
enum Inflate {
  /// The most a stream is unpacked to, so that a small hostile file cannot fill the memory.
  static let largestSize = 1 << 30

  /// No deflate stream unpacks to more than this many times its size.
  private static let largestRatio = 1032

  /// The unpacked bytes; nil where the stream is damaged or does not unpack to exactly `count` bytes.
  static func bytes(of stream: ArraySlice<UInt8>, count: Int) -> [UInt8]? {
    guard count <= largestSize, count / largestRatio <= stream.count, stream.count <= Int(UInt32.max) else {
      return nil
    }
    var zlib = z_stream()
    let headerless = -MAX_WBITS
    guard inflateInit2_(&zlib, headerless, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else { return nil }
    defer { inflateEnd(&zlib) }
    // One byte more than asked, so that a stream that goes on shows.
    var output = [UInt8](repeating: 0, count: count + 1)
    let status = stream.withUnsafeBytes { source in
      output.withUnsafeMutableBytes { target in
        // zlib reads through this pointer only; its declaration predates const.
        zlib.next_in = UnsafeMutablePointer(mutating: source.bindMemory(to: UInt8.self).baseAddress)
        zlib.avail_in = UInt32(source.count)
        zlib.next_out = target.bindMemory(to: UInt8.self).baseAddress
        zlib.avail_out = UInt32(target.count)
        return inflate(&zlib, Z_FINISH)
      }
    }
    guard status == Z_STREAM_END, zlib.total_out == count else { return nil }
    output.removeLast()
    return output
  }

  /// CRC-32 as ZIP archives record it.
  static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    bytes.withUnsafeBytes { raw in
      UInt32(truncatingIfNeeded: crc32_z(0, raw.bindMemory(to: UInt8.self).baseAddress, raw.count))
    }
  }
}
