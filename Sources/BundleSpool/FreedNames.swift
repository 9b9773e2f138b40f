import DialogueDomain
import Foundation
import OperatingSystem
import Synchronization

/// Names in `active` whose bundles have moved on by a rename that may not have reached the disk.
///
/// Renames are not synced one by one. But where a name is used again before that, a power cut that keeps the later rename and
/// not the earlier one would leave the earlier bundle without any name: POSIX promises no order. So such a name waits for a
/// sync of the folder, which costs something only where names come again.
final class FreedNames: Sendable {
  private let names = Mutex<Set<String>>([])
  /// Memory stays bounded: at so many the folder is synced before the next claim.
  private static let most = 10_000

  /// A bundle of this name is leaving the folder.
  func free(_ name: BundleName) {
    names.withLock { _ = $0.insert(name.text) }
  }

  /// Makes the renames durable where a bundle of this name has left the folder since the last time.
  ///
  /// - Throws: `StorageError` when the folder cannot be synced.
  func prepare(_ name: BundleName, in folder: URL) throws {
    guard names.withLock({ $0.contains(name.text) || $0.count >= Self.most }) else { return }
    try DurableFile.syncFolder(folder)
    names.withLock { $0.removeAll() }
  }
}
