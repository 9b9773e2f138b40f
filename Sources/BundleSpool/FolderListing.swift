import Foundation
import OperatingSystem

/// The names in a folder, as bytes: Foundation's listing loses names that are not UTF-8.
enum FolderListing {
  /// Calls `body` with each name but `.` and `..`, in the folder's own order.
  ///
  /// - Throws: `StorageError` when the folder cannot be read.
  static func forEach(in folder: URL, _ body: (FileName) throws -> Void) throws {
    guard let stream = opendir(folder.path) else { throw StorageError("listing the folder", folder) }
    defer { closedir(stream) }
    guard let offset = MemoryLayout<dirent>.offset(of: \.d_name) else { return }
    while true {
      errno = 0
      guard let entry = readdir(stream) else {
        guard errno == 0 else { throw StorageError("listing the folder", folder) }
        return
      }
      let start = UnsafeRawPointer(entry).advanced(by: offset).assumingMemoryBound(to: CChar.self)
      let bytes = UnsafeRawBufferPointer(start: start, count: strlen(start))
      let name = FileName(bytes: bytes)
      if name.bytes != [0x2E] && name.bytes != [0x2E, 0x2E] { try body(name) }
    }
  }

  static func names(in folder: URL) throws -> [FileName] {
    var names: [FileName] = []
    try forEach(in: folder) { names.append($0) }
    return names
  }
}
