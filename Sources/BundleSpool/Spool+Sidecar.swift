import DialogueDomain
import Foundation

extension Spool {
  private static let sidecarEnding = SpoolCompanion.digest.ending

  /// Moves the digest file beside a bundle after the bundle, where there is one: `friday.h5.sha256`, by which the reader
  /// proves a copy whole.
  ///
  /// As well as can be: a bundle without it is read all the same.
  func moveSidecar(_ bundle: FileName, in folder: URL, to target: URL) {
    _ = sidecar(of: bundle).withPath(in: folder) { rename($0, target.path + Self.sidecarEnding) }
  }

  /// Removes the digest file of a bundle that has been removed.
  func removeSidecar(_ bundle: FileName, in folder: URL) {
    _ = sidecar(of: bundle).withPath(in: folder) { unlink($0) }
  }

  private func sidecar(of bundle: FileName) -> FileName {
    FileName(bytes: bundle.bytes + Self.sidecarEnding.utf8)
  }
}
