import Foundation

extension Spool {
  /// Deletes the bundles that have been in `done` for more than `days`; labels and index rows stay.
  ///
  /// - Parameter days: 0 keeps everything.
  /// - Returns: how many were deleted.
  /// - Throws: `StorageError` when the folder cannot be read.
  public func removeDone(olderThan days: Int, at now: Date) throws -> Int {
    guard days > 0 else { return 0 }
    let oldest = now.addingTimeInterval(-86_400 * Double(days))
    var removed = 0
    for name in try FolderListing.names(in: layout.done) {
      guard let entry = FolderEntry(name, in: layout.done), IntakeRule(entry) == .bundle, entry.changed < oldest
      else { continue }
      if name.withPath(in: layout.done, { unlink($0) }) == 0 { removed += 1 }
      removeSidecar(name, in: layout.done)
    }
    return removed
  }
}
