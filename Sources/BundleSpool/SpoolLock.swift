import AmbqConfiguration
import Foundation
import OperatingSystem

/// Held by the one daemon of a spool, for as long as this object lives; the kernel lets go of it however that ends.
public final class SpoolLock: Sendable {
  private let descriptor: Int32

  /// - Throws: `SpoolError` naming the process that holds the lock, or `StorageError`.
  public init(_ layout: SpoolLayout) throws {
    descriptor = open(layout.lock.path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw StorageError("opening the lock", layout.lock) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let code = errno
      let holder = Self.text(descriptor)
      close(descriptor)
      guard code == EWOULDBLOCK else { throw StorageError("locking", layout.lock, code: code) }
      throw SpoolError(
        .io, "another ambd works on this spool", at: layout.root.path,
        found: holder.isEmpty ? nil : "process \(holder)",
        remedy: "Stop that one first, or give this one a spool of its own with --spool.")
    }
    let own = "\(getpid())\n"
    _ = ftruncate(descriptor, 0)
    _ = own.withCString { pwrite(descriptor, $0, strlen($0), 0) }
  }

  deinit {
    close(descriptor)
  }

  private static func text(_ descriptor: Int32) -> String {
    var bytes = [UInt8](repeating: 0, count: 32)
    let count = pread(descriptor, &bytes, bytes.count, 0)
    return String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
  }
}
