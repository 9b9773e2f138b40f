import DialogueDomain
import Foundation
import OperatingSystem

/// Digest files that a crash has parted from their bundles: the two are renamed one after the other.
extension Spool {
  /// More is no digest file.
  private static let longestSidecar = 4096

  /// Puts each digest file of the daemon's own folders beside which no bundle lies where the bundle is whose digest it tells,
  /// and what tells none of a bundle here into `hold`: left where it is, it would be taken for that of the next bundle of its
  /// name.
  ///
  /// - Throws: `StorageError` when one of the folders cannot be read.
  func rejoinSidecars() throws {
    for folder in [layout.active, layout.deferred, layout.failed, layout.done] {
      for name in try FolderListing.names(in: folder) {
        guard let bundle = Self.bundle(ofSidecar: name), FolderEntry.isGone(bundle, in: folder),
          FolderEntry(name, in: folder)?.kind == .file
        else { continue }
        let target = try place(of: bundle, forSidecar: name, in: folder)
        name.withPath(in: folder) { Self.renameFile($0, target.path) }
      }
    }
  }

  private static func bundle(ofSidecar name: FileName) -> FileName? {
    let ending = Array(SpoolCompanion.digest.ending.utf8)
    guard name.bytes.count > ending.count, name.bytes.suffix(ending.count).elementsEqual(ending) else { return nil }
    return FileName(bytes: name.bytes.dropLast(ending.count))
  }

  private func place(of bundle: FileName, forSidecar name: FileName, in folder: URL) throws -> URL {
    let text = sidecarText(name, in: folder)
    let stem = Array(BundleName(bundle).stem.prefix { $0 != "~" }.utf8)
    for candidate in [layout.active, layout.incoming, layout.deferred, layout.failed, layout.done] {
      // Under its own name, or with a mark behind it where that was taken.
      for other in try FolderListing.names(in: candidate).sorted() where other.bytes.starts(with: stem) {
        guard let entry = FolderEntry(other, in: candidate), IntakeRule(entry) == .bundle,
          entry.signature.size <= Self.mostHashed,
          let digest = other.withPath(
            in: candidate, { try? FileDigest.sha256(contentsOf: URL(fileURLWithPath: String(cString: $0))) }),
          text.contains(digest)
        else { continue }
        return candidate.appendingPathComponent(other.shown + SpoolCompanion.digest.ending, isDirectory: false)
      }
    }
    return layout.hold.appendingPathComponent(name.shown + ".stale", isDirectory: false)
  }

  /// In lower case; of what cannot be read, nothing.
  private func sidecarText(_ name: FileName, in folder: URL) -> String {
    let descriptor = name.withPath(in: folder) { open($0, O_RDONLY | O_NOFOLLOW | O_CLOEXEC) }
    guard descriptor >= 0 else { return "" }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: Self.longestSidecar)
    let count = max(read(descriptor, &bytes, bytes.count), 0)
    return String(decoding: bytes.prefix(count), as: UTF8.self).lowercased()
  }
}
