import COpenSSL
import Foundation

/// SHA-256 over file contents: the identity of bundles and models.
public enum FileDigest {
  /// The digest as 64 lower-case hexadecimal digits.
  public static func sha256(_ bytes: some ContiguousBytes) -> String {
    bytes.withUnsafeBytes { sha256($0) }
  }

  /// The digest of a mapped file's content.
  public static func sha256(_ file: MappedFile) -> String {
    file.withBytes { sha256($0) }
  }

  /// The digest of raw memory, without copying it.
  public static func sha256(_ bytes: UnsafeRawBufferPointer) -> String {
    let hash = RunningHash()
    hash.update(bytes)
    return hash.finish()
  }

  /// The digest of bytes that come piece by piece.
  public static func sha256(pieces: some Sequence<Data>) -> String {
    let hash = RunningHash()
    for piece in pieces { piece.withUnsafeBytes { hash.update($0) } }
    return hash.finish()
  }

  /// The digest of a file's content, read in pieces: a file cut short meanwhile is an error or a digest, not a crash.
  ///
  /// - Throws: `StorageError` when the file cannot be opened or read.
  public static func sha256(contentsOf url: URL) throws -> String {
    let descriptor = open(url.path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { throw StorageError("opening", url) }
    defer { close(descriptor) }
    let hash = RunningHash()
    let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
    defer { piece.deallocate() }
    while true {
      let count = read(descriptor, piece.baseAddress, piece.count)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw StorageError("reading", url) }
      if count == 0 { return hash.finish() }
      hash.update(UnsafeRawBufferPointer(rebasing: piece[..<count]))
    }
  }
}

/// SHA-256 over bytes that come piece by piece, by the system's OpenSSL.
private final class RunningHash {
  private let context = EVP_MD_CTX_new()

  init() {
    // Fails only where memory has run out, and nothing can be done then.
    precondition(EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1, "SHA-256 can be started")
  }

  deinit {
    EVP_MD_CTX_free(context)
  }

  func update(_ bytes: UnsafeRawBufferPointer) {
    EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
  }

  /// The digest in lower-case hexadecimal digits; nothing can be added after it.
  func finish() -> String {
    var digest = [UInt8](repeating: 0, count: 32)
    EVP_DigestFinal_ex(context, &digest, nil)
    return digest.map { byte in
      let digits = String(byte, radix: 16)
      return digits.count == 1 ? "0" + digits : digits
    }.joined()
  }
}
