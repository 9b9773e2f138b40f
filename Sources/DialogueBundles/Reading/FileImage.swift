import DialogueDomain
import Foundation

/// The bytes of one file, read once, so that what is hashed is what is decoded.
///
/// A memory map would do without the copy, but a file cut short by another process would then kill this one.
final class FileImage {
  let bytes: UnsafeRawBufferPointer
  private let buffer: UnsafeMutableRawBufferPointer

  /// Reads a whole file.
  ///
  /// - Throws: `BundleError`: no such file, not a regular one, larger than `limit`, locked by a writer, or changing.
  init(_ url: URL, limit: Int) throws {
    // Non-blocking, so that a named pipe is refused rather than waited for.
    let descriptor = open(url.path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw BundleError.unreadable("opening the file", code: errno) }
    defer { close(descriptor) }
    let before = try Self.status(descriptor)
    guard before.st_mode & S_IFMT == S_IFREG else { throw BundleError.notAFile }
    let size = Int(before.st_size)
    guard size <= limit else { throw BundleError.tooLarge(found: "a file of \(size) bytes", limit: limit) }
    try Self.refuseLocked(descriptor)

    buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 16)
    bytes = UnsafeRawBufferPointer(buffer)
    var filled = 0
    while filled < size {
      let count = Glibc.read(descriptor, buffer.baseAddress?.advanced(by: filled), size - filled)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw BundleError.unreadable("reading the file", code: errno) }
      guard count > 0 else { break }
      filled += count
    }
    let after = try Self.status(descriptor)
    let unchanged =
      filled == size && after.st_size == before.st_size && after.st_mtim.tv_sec == before.st_mtim.tv_sec
      && after.st_mtim.tv_nsec == before.st_mtim.tv_nsec
    guard unchanged else {
      throw BundleError.stillBeingWritten(
        found: "content that changed while it was read", remedy: "Rename it into place when it is whole.")
    }
  }

  /// Bytes that are in memory already.
  init(copying content: UnsafeRawBufferPointer) {
    buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: content.count, alignment: 16)
    buffer.copyMemory(from: content)
    bytes = UnsafeRawBufferPointer(buffer)
  }

  deinit {
    buffer.deallocate()
  }

  /// Where the run of zero bytes at the end starts: `bytes.count` when the last byte is not zero.
  var zeroTailStart: Int {
    var end = bytes.count
    while end >= 8, bytes.loadUnaligned(fromByteOffset: end - 8, as: UInt64.self) == 0 { end -= 8 }
    while end > 0, bytes[end - 1] == 0 { end -= 1 }
    return end
  }

  private static func status(_ descriptor: Int32) throws -> stat {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw BundleError.unreadable("asking for the size", code: errno) }
    return status
  }

  /// HDF5 writers hold an exclusive `flock`; on filesystems without locks nothing can be learnt.
  private static func refuseLocked(_ descriptor: Int32) throws {
    guard flock(descriptor, LOCK_SH | LOCK_NB) != 0, errno == EWOULDBLOCK else { return }
    throw BundleError.stillBeingWritten(
      found: "a lock held by the program that writes it", remedy: "Close the file there; it is tried again.")
  }
}

/// The first bytes of an HDF5 file, read without the library, which reports a short or unfinished file less clearly.
struct Superblock {
  /// "\u{89}HDF\r\n\u{1a}\n", which starts every HDF5 file.
  static let signature: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]

  /// The size that the file should have; nil where the superblock is of an unknown kind, which the library will refuse.
  let endOfFile: Int?
  /// A writer marked the file as open and has not closed it (superblock version 3 only).
  let isMarkedOpen: Bool

  /// Refuses files that are empty, not HDF5, cut short or marked as open for writing.
  static func check(_ image: FileImage) throws {
    let bytes = image.bytes
    guard !bytes.isEmpty else { throw BundleError.empty }
    guard let start = locate(in: bytes) else { throw unlike(image) }
    let superblock = try Superblock(bytes, at: start)
    // First, because a file that is still open may well be shorter than it will be.
    if superblock.isMarkedOpen {
      throw BundleError.stillBeingWritten(
        found: "the mark of a writer that has not closed it",
        remedy: "Close the file there; it is tried again. If the writer died, check the data and run h5clear -s on it.")
    }
    if let end = superblock.endOfFile, bytes.count < end {
      throw BundleError.truncated(size: bytes.count, expected: "\(end) bytes, by the file's own header")
    }
  }

  /// - Parameter start: offset of the signature.
  init(_ bytes: UnsafeRawBufferPointer, at start: Int) throws {
    func byte(_ offset: Int) throws -> Int {
      guard start + offset < bytes.count else {
        throw BundleError.truncated(size: bytes.count, expected: "an HDF5 header, which is longer")
      }
      return Int(bytes[start + offset])
    }
    func address(_ offset: Int, size: Int) throws -> Int? {
      var value: UInt64 = 0
      for index in 0..<size { value |= UInt64(try byte(offset + index)) << UInt64(8 * index) }
      return Int(exactly: value)
    }
    // Addresses follow each other: base, free space (or extension), end of file.
    switch try byte(8) {
    case let version where version <= 1:
      let size = try byte(13)
      endOfFile = [2, 4, 8].contains(size) ? try address((version == 0 ? 24 : 28) + 2 * size, size: size) : nil
      isMarkedOpen = false
    case let version where version <= 3:
      let size = try byte(9)
      endOfFile = [2, 4, 8].contains(size) ? try address(12 + 2 * size, size: size) : nil
      // Bit 0: open for writing; bit 2: open for writing with concurrent readers.
      isMarkedOpen = version == 3 ? try byte(11) & 0b101 != 0 : false
    default:
      endOfFile = nil
      isMarkedOpen = false
    }
  }

  /// The signature stands at 0 or, after a user block, at 512, 1024, 2048 and so on.
  private static func locate(in bytes: UnsafeRawBufferPointer) -> Int? {
    var start = 0
    while start + signature.count <= bytes.count {
      if bytes[start..<(start + signature.count)].elementsEqual(signature) { return start }
      start = start == 0 ? 512 : start * 2
    }
    return nil
  }

  /// The error for a file without a signature.
  private static func unlike(_ image: FileImage) -> BundleError {
    let bytes = image.bytes
    if bytes.count < signature.count, signature.starts(with: bytes) {
      return .truncated(size: bytes.count, expected: "an HDF5 header, which is longer")
    }
    if image.zeroTailStart == 0 {
      return .incompleteCopy(found: "\(bytes.count) zero bytes and nothing else", expected: "an HDF5 file")
    }
    let start = bytes.prefix(16)
    let format = ForeignFormat(start: bytes.prefix(256))
    if start.allSatisfy({ (0x20..<0x7F).contains($0) }) {
      return .notHDF5(start: "\"\(String(decoding: start, as: UTF8.self))\"", format: format)
    }
    return .notHDF5(
      start: "bytes " + start.prefix(8).map { String($0, radix: 16) }.joined(separator: " "), format: format)
  }
}
