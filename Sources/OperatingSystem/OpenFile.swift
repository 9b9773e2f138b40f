import CSystemCalls
import Foundation

/// An open descriptor, closed with its last user.
public final class OpenFile: Sendable {
  /// For reading, and where the file is in memory for writing.
  public let descriptor: Int32

  private init(_ descriptor: Int32) { self.descriptor = descriptor }

  deinit { close(descriptor) }

  /// An empty file without a name, in memory.
  ///
  /// - Throws: `StorageError` where the system grants none.
  public static func inMemory() throws -> OpenFile {
    let descriptor = cs_memory_file()
    guard descriptor >= 0 else { throw StorageError("making a file in memory", URL(fileURLWithPath: "/proc/self/fd")) }
    return OpenFile(descriptor)
  }

  /// Opens a plain file for reading; nil where there is none of that name, or a link or something else has it.
  ///
  /// - Throws: `StorageError` for a file that is there and cannot be opened.
  public static func reading(_ url: URL) throws -> OpenFile? {
    let descriptor = open(url.path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    guard descriptor >= 0 else {
      if [ENOENT, ENOTDIR, ELOOP, ENXIO, ENAMETOOLONG].contains(errno) { return nil }
      throw StorageError("opening", url)
    }
    let file = OpenFile(descriptor)
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    return file
  }

  /// Bytes that it holds.
  ///
  /// - Throws: `StorageError`.
  public var count: Int {
    get throws {
      var status = stat()
      guard fstat(descriptor, &status) == 0 else {
        throw StorageError("looking at a file", URL(fileURLWithPath: "/proc/self/fd/\(descriptor)"))
      }
      return Int(status.st_size)
    }
  }
}
