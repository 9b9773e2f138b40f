import BundleSpool
import Foundation
import OperatingSystem

/// A folder of one attempt's own on a local disk, removed with this object.
///
/// What killed attempts have left is removed by the next one: a lock that the kernel lets go with its process tells which.
public final class ScratchFolder: Sendable {
  /// Where it is.
  public let url: URL
  private let lock: Int32
  private static let mark = "ambq-shard."
  /// A folder that is just being made has no lock yet.
  private static let youngest = 60.0

  /// Makes a folder.
  ///
  /// - Throws: `StorageError` where none can be made.
  public init(in place: URL) throws {
    Self.removeLitter(in: place)
    var template = place.appendingPathComponent(Self.mark + "XXXXXX").path.utf8CString.map { $0 }
    guard mkdtemp(&template) != nil else { throw StorageError("making a folder for scratch", place) }
    let bytes = template.dropLast().map { UInt8(bitPattern: $0) }
    url = URL(fileURLWithPath: String(decoding: bytes, as: UTF8.self), isDirectory: true)
    lock = open(url.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard lock >= 0, flock(lock, LOCK_EX | LOCK_NB) == 0 else { throw StorageError("locking", url) }
  }

  deinit {
    try? FileManager.default.removeItem(at: url)
    close(lock)
  }

  private static func removeLitter(in place: URL) {
    try? FolderListing.forEach(in: place) { name in
      guard let text = name.text, text.hasPrefix(mark), let entry = FolderEntry(name, in: place),
        entry.kind == .folder, Date().timeIntervalSince(entry.signature.modified) > youngest
      else { return }
      let folder = place.appendingPathComponent(text, isDirectory: true)
      let descriptor = open(folder.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW)
      guard descriptor >= 0 else { return }
      defer { close(descriptor) }
      if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { try? FileManager.default.removeItem(at: folder) }
    }
  }
}
