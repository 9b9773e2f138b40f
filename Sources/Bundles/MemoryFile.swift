import CHDF5
import Foundation

/// An anonymous file in memory, handed from process to process by its descriptor.
///
/// It is read with `pread`, not mapped: whatever the other process does to it, this one only gets fewer bytes.
struct MemoryFile {
  let descriptor: Int32

  /// Appends the bytes of an array.
  func append<Value: BitwiseCopyable>(_ values: [Value]) throws {
    try values.withUnsafeBytes { bytes in
      var written = 0
      while written < bytes.count {
        let count = Glibc.write(descriptor, bytes.baseAddress?.advanced(by: written), bytes.count - written)
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else { throw BundleError.unreadable("handing over the bundle", code: errno) }
        written += count
      }
    }
  }

  /// `count` values starting at a byte offset.
  ///
  /// - Throws: `BundleError` when the file does not hold that many.
  func read<Value: BitwiseCopyable>(_ count: Int, at offset: Int, of type: Value.Type) throws -> [Value] {
    var status = stat()
    let size = count.multipliedReportingOverflow(by: MemoryLayout<Value>.stride)
    guard count >= 0, offset >= 0, !size.overflow, fstat(descriptor, &status) == 0, Int(status.st_size) >= offset,
      Int(status.st_size) - offset >= size.partialValue
    else { throw BundleError.readerGarbled("a reply that ends early") }
    return try [Value](unsafeUninitializedCapacity: count) { buffer, initialized in
      let bytes = UnsafeMutableRawBufferPointer(buffer)
      var filled = 0
      while filled < size.partialValue {
        let count = pread(
          descriptor, bytes.baseAddress?.advanced(by: filled), size.partialValue - filled, offset + filled)
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else { throw BundleError.readerGarbled("a reply that ends early") }
        filled += count
      }
      initialized = count
    }
  }
}
