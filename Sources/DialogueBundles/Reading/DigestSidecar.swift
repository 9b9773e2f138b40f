import Foundation

/// The optional `<bundle>.sha256` beside a bundle: proof that the copy is whole.
///
/// Whoever moves a bundle to another folder moves its sidecar first, or the proof is lost. The lines of `sha256sum`, of its
/// `--tag`, of BSD's `sha256` and of `openssl dgst` are read. Nothing that it holds is quoted unless it is a digest: who may
/// write into the spool could otherwise have any file of the daemon's read out.
struct DigestSidecar {
  /// More than a digest with the longest file name, each byte of which is escaped.
  private static let longest = 1024

  /// The sidecar's place for a bundle: `friday.h5.sha256` for `friday.h5`.
  static func url(for bundle: URL) -> URL {
    bundle.deletingLastPathComponent().appendingPathComponent(bundle.lastPathComponent + SpoolCompanion.digest.ending)
  }

  private let name: String
  private let content: Result<[UInt8]?, BundleError>

  /// Reads the sidecar beside a bundle; what is wrong with it shows when it is asked.
  init(of bundle: URL) {
    let sidecar = Self.url(for: bundle)
    name = sidecar.lastPathComponent
    content = Result { () throws(BundleError) in try Self.read(sidecar) }
  }

  /// Compares a digest with the sidecar's.
  ///
  /// - Returns: whether there is a sidecar, so that the content is known to be what its maker meant.
  /// - Throws: `BundleError` when the sidecar disagrees, is no plain file or holds no digest.
  func vouches(for digest: String) throws -> Bool {
    guard let content = try content.get() else { return false }
    guard !content.isEmpty else {
      throw BundleError.stillBeingWritten(found: "an empty \(name)", remedy: "Write the digest; it is tried again.")
    }
    guard let stated = Self.statedDigest(String(decoding: content, as: UTF8.self)) else {
      throw BundleError.digestUnreadable(sidecar: name, found: "something else")
    }
    guard stated == digest else {
      throw BundleError.digestMismatch(found: digest, expected: stated, sidecar: name)
    }
    return true
  }

  /// The digest in the first line: `HEX`, `HEX  name`, `\HEX  escaped name`, `SHA256 (name) = HEX` or `SHA2-256(name)= HEX`.
  private static func statedDigest(_ text: String) -> String? {
    let unmarked = text.hasPrefix("\u{FEFF}") ? text.dropFirst() : text[...]
    let line = unmarked.prefix { !$0.isNewline }
    let isTagged = ["SHA256(", "SHA256 (", "SHA2-256(", "SHA2-256 ("].contains { line.hasPrefix($0) }
    let words = line.drop { $0 == "\\" }.split(whereSeparator: \.isWhitespace)
    guard let word = isTagged ? words.last : words.first, word.count == 64,
      word.allSatisfy({ $0.isASCII && $0.isHexDigit })
    else { return nil }
    return word.lowercased()
  }

  /// The first bytes of the sidecar, or nil where there is none.
  private static func read(_ sidecar: URL) throws(BundleError) -> [UInt8]? {
    let name = sidecar.lastPathComponent
    let descriptor = open(sidecar.path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW)
    guard descriptor >= 0 else {
      switch errno {
      case ENOENT: return nil
      case ELOOP: throw BundleError.digestUnreadable(sidecar: name, found: "a symbolic link")
      default: throw BundleError.unreadable("opening \(name)", code: errno)
      }
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw BundleError.unreadable("reading \(name)", code: errno) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw BundleError.digestUnreadable(sidecar: name, found: "no plain file")
    }
    var content = [UInt8](repeating: 0, count: longest)
    let count = Glibc.read(descriptor, &content, content.count)
    guard count >= 0 else { throw BundleError.unreadable("reading \(name)", code: errno) }
    return Array(content.prefix(count))
  }
}
