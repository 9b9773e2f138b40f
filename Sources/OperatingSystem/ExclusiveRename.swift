import CSystem
import Foundation

/// Moves a file to a name that nothing has yet, atomically where the filesystem can.
public enum ExclusiveRename {
  /// Moves `source` to `target`, which must not exist, on the same filesystem.
  ///
  /// - Throws: `StorageError`, with the code `EEXIST` where `target` exists.
  public static func move(_ source: URL, to target: URL) throws {
    let code = source.path.withCString { from in target.path.withCString { attempt(from, $0) } }
    guard code == 0 else { throw StorageError("renaming to \(target.path)", source, code: code) }
  }

  /// The same for paths that need not be UTF-8: 0, or the system's error number.
  public static func attempt(_ source: UnsafePointer<CChar>, _ target: UnsafePointer<CChar>) -> Int32 {
    if cs_rename_no_replace(source, target) == 0 { return 0 }
    // Network and FUSE filesystems that cannot say "without replacing" answer EINVAL.
    guard errno == EINVAL || errno == ENOSYS else { return errno }
    if link(source, target) == 0 { return unlink(source) == 0 ? 0 : errno }
    guard errno == EPERM || errno == EOPNOTSUPP || errno == ENOSYS else { return errno }
    // No hard links either: look first. Only a hand at work in the same instant could still be overwritten.
    var status = stat()
    if lstat(target, &status) == 0 { return EEXIST }
    return rename(source, target) == 0 ? 0 : errno
  }

  /// Swaps two existing names of one filesystem.
  ///
  /// - Throws: `StorageError`; its code is `EINVAL` where the filesystem cannot swap.
  public static func exchange(_ first: URL, with second: URL) throws {
    guard cs_rename_exchange(first.path, second.path) == 0 else {
      throw StorageError("exchanging with \(second.path)", first)
    }
  }
}
