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
