import Foundation
import GRDB

/// Where an index may lie, and whose it is.
extension IndexWriter {
  /// Checks the place of an index that may not be there yet; nothing is made.
  ///
  /// The folder must exist: were it made, a disk that is not mounted would go unnoticed and an empty index take its place.
  ///
  /// - Throws: `IndexError` for a network filesystem and for a folder that does not exist.
  public static func checkPlace(of url: URL) throws {
    if let type = NetworkFilesystem.type(holding: url) { throw IndexError.networkFilesystem(url, type: type) }
    guard identity(url.deletingLastPathComponent()) != nil else { throw IndexError.missingFolder(url) }
  }

  /// Checks that the index serves no other spool: paths in it are relative to one.
  ///
  /// A spool may have moved, so another that is gone does not count. An index in the spool itself belongs to it, even where
  /// it is a copy that names the original.
  ///
  /// - Throws: `IndexError` where the last daemon on this index worked on another spool that still exists.
  public func checkSpool(_ spool: URL) throws {
    let last = try IndexError.explained(url) {
      try queue.read { try String.fetchOne($0, sql: "SELECT spool FROM daemon") }
    }
    let own = Self.identity(spool)
    guard let last, let other = Self.identity(URL(fileURLWithPath: last)), other != own,
      Self.identity(url.deletingLastPathComponent()) != own
    else { return }
    throw IndexError.anotherSpool(url, found: last, expected: spool.path)
  }

  /// Device and inode of a folder; nil where there is none.
  private static func identity(_ folder: URL) -> [UInt64]? {
    var status = stat()
    guard stat(folder.path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { return nil }
    return [UInt64(status.st_dev), UInt64(status.st_ino)]
  }
}
