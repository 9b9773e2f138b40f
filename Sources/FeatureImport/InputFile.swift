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
