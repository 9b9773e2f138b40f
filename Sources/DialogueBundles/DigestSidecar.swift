import Foundation

/// The optional `<bundle>.sha256` beside a bundle: proof that the copy is whole.
///
/// Whoever moves a bundle to another folder moves its sidecar first, or the proof is lost.
public enum DigestSidecar {
  /// The sidecar's place for a bundle: `friday.h5.sha256` for `friday.h5`.
  public static func url(for bundle: URL) -> URL {
    bundle.appendingPathExtension("sha256")
  }

  /// Compares a digest with the sidecar's.
  ///
  /// - Returns: whether there is a sidecar, so that the content is known to be what its maker meant.
  /// - Throws: `BundleError` when the sidecar disagrees or holds no digest.
  static func vouches(for digest: String, of bundle: URL) throws -> Bool {
    let sidecar = url(for: bundle)
    let name = sidecar.lastPathComponent
    guard let content = try read(sidecar) else { return false }
    guard !content.isEmpty else {
      throw BundleError.stillBeingWritten(found: "an empty \(name)", remedy: "Write the digest; it is tried again.")
    }
    let text = String(decoding: content, as: UTF8.self)
    let word = text.prefix { !$0.isWhitespace }
    guard word.count == 64, word.allSatisfy(\.isHexDigit), word.allSatisfy(\.isASCII) else {
      let start = text.prefix(20).filter { !$0.isNewline }
      throw BundleError.digestUnreadable(sidecar: name, found: "\"\(start)\"")
    }
    guard word.lowercased() == digest else {
      throw BundleError.digestMismatch(found: digest, expected: word.lowercased(), sidecar: name)
    }
    return true
  }

  /// The first bytes of the sidecar, or nil where there is none.
  private static func read(_ sidecar: URL) throws -> [UInt8]? {
    let descriptor = open(sidecar.path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      guard errno == ENOENT else {
        throw BundleError.unreadable("opening \(sidecar.lastPathComponent)", code: errno)
      }
      return nil
    }
    defer { close(descriptor) }
    var content = [UInt8](repeating: 0, count: 512)
    let count = Glibc.read(descriptor, &content, content.count)
    guard count >= 0 else { throw BundleError.unreadable("reading \(sidecar.lastPathComponent)", code: errno) }
    return Array(content.prefix(count))
  }
}
