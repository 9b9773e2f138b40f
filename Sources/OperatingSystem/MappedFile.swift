import Foundation

/// A file mapped into memory, read-only, for as long as this object lives.
public final class MappedFile: @unchecked Sendable {
  /// The file.
  public let url: URL
  private let bytes: UnsafeRawBufferPointer

  /// - Throws: `StorageError` when the file cannot be opened or mapped.
  public init(_ url: URL) throws {
    self.url = url
    let descriptor = open(url.path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw StorageError("opening", url) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw StorageError("reading the size", url) }
    let size = Int(status.st_size)
    if size == 0 {
      bytes = UnsafeRawBufferPointer(start: nil, count: 0)
      return
    }
    guard let address = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0), address != MAP_FAILED else {
      throw StorageError("mapping", url)
    }
    bytes = UnsafeRawBufferPointer(start: address, count: size)
  }

  /// Bytes.
  public var count: Int { bytes.count }

  /// Reads the content in place; the memory is mapped for as long as `body` runs.
  public func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
    try withExtendedLifetime(self) { try body(bytes) }
  }

  deinit {
    if let address = bytes.baseAddress {
      munmap(UnsafeMutableRawPointer(mutating: address), bytes.count)
    }
  }
}
