import Foundation

extension Spool {
  private static let sidecarEnding = ".sha256"

  /// Moves the digest file beside a bundle after the bundle, where there is one: `friday.h5.sha256`, by which the reader
  /// proves a copy whole.
  ///
  /// As well as can be: a bundle without it is read all the same.
  func moveSidecar(_ bundle: FileName, in folder: URL, to target: URL) {
    let sidecar = FileName(bytes: bundle.bytes + Self.sidecarEnding.utf8)
    _ = sidecar.withPath(in: folder) { rename($0, target.path + Self.sidecarEnding) }
  }
}
