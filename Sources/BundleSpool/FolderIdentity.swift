import Foundation

/// Which folder a path leads to: changes when the folder is replaced or a filesystem is mounted over it.
public struct FolderIdentity: Sendable, Hashable {
  private let device: UInt64
  private let inode: UInt64

  /// Nil where there is no such folder.
  public init?(_ folder: URL) {
    var status = stat()
    guard stat(folder.path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { return nil }
    device = UInt64(status.st_dev)
    inode = UInt64(status.st_ino)
  }
}
