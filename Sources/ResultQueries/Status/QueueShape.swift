import AmbqConfiguration
import DialogueDomain
import Foundation
import Glibc

/// How many bundles wait in each folder of a spool, and how long the oldest has.
struct QueueShape {
  struct Folder: Equatable {
    let name: String
    let count: Int
    /// When the file that has been in the folder longest came there.
    let oldest: Date?
  }

  /// Only the folders that exist.
  let folders: [Folder]

  init(_ spool: SpoolLayout) {
    let all = [spool.incoming, spool.active, spool.deferred, spool.hold, spool.failed, spool.done]
    folders = all.compactMap(Self.look)
  }

  /// Counts what the daemon would take for a bundle: files alone, by their names.
  private static func look(_ url: URL) -> Folder? {
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: url.path) else { return nil }
    var count = 0
    var oldest: Date?
    for name in names where BundleFileName(name.utf8) == .bundle {
      var status = stat()
      guard lstat(url.appendingPathComponent(name).path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
        continue
      }
      count += 1
      // A rename changes this time, so that it says when the file came into the folder; its age is the producer's.
      let came = Date(timeIntervalSince1970: Double(status.st_ctim.tv_sec))
      oldest = min(oldest ?? came, came)
    }
    return Folder(name: url.lastPathComponent, count: count, oldest: oldest)
  }
}
