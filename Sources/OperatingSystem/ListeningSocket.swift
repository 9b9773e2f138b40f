import DialogueDomain
import Foundation

/// A Unix socket that listens at a path, for its owner and group alone.
public final class ListeningSocket: Sendable {
  /// Where it lies.
  public let url: URL
  /// Bound and listening; whoever takes it over closes it.
  public let descriptor: Int32
  /// The file's device, number and moment (numbers are used again), so that only our own is removed.
  private let identity: [UInt64]

  /// Readable and writable for owner and group.
  private static let mode: mode_t = 0o660

  /// Makes the socket, in place of one at which nobody listens any more.
  ///
  /// - Throws: `SocketError` where somebody listens there, something else lies there or the path is too long; `StorageError`.
  public init(at url: URL, backlog: Int32 = 128) throws {
    self.url = url
    guard let address = Self.address(url.path) else { throw SocketError.tooLong(url) }
    try Self.makeRoom(at: url, address)
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw StorageError("making a socket", url) }
    // The mask, and not the mode afterwards alone: there must be no moment in which others can connect.
    let mask = umask(0o777 & ~Self.mode)
    let isBound = Self.with(address) { bind(descriptor, $0, $1) } == 0
    let code = errno
    umask(mask)
    guard isBound else {
      close(descriptor)
      throw code == EADDRINUSE ? SocketError.live(url) : StorageError("making a socket", url, code: code)
    }
    guard chmod(url.path, Self.mode) == 0, listen(descriptor, backlog) == 0, let identity = Self.identity(url) else {
      let error = StorageError("listening", url)
      close(descriptor)
      unlink(url.path)
      throw error
    }
    (self.descriptor, self.identity) = (descriptor, identity)
  }

  /// Removes the file, unless another has taken its place.
  public func remove() {
    if Self.identity(url) == identity { unlink(url.path) }
  }

  /// Removes a socket that nobody listens at.
  private static func makeRoom(at url: URL, _ address: sockaddr_un) throws {
    var status = stat()
    guard lstat(url.path, &status) == 0 else { return }
    guard status.st_mode & S_IFMT == S_IFSOCK else { throw SocketError.occupied(url) }
    let probe = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard probe >= 0 else { throw StorageError("making a socket", url) }
    defer { close(probe) }
    // A full queue of connections means that somebody listens, and must not be waited for.
    _ = fcntl(probe, F_SETFL, O_NONBLOCK)
    if with(address, { connect(probe, $0, $1) }) == 0 || errno != ECONNREFUSED { throw SocketError.live(url) }
    guard unlink(url.path) == 0 || errno == ENOENT else { throw StorageError("replacing the socket", url) }
  }

  private static func identity(_ url: URL) -> [UInt64]? {
    var status = stat()
    guard lstat(url.path, &status) == 0 else { return nil }
    return [
      UInt64(status.st_dev), UInt64(status.st_ino), UInt64(bitPattern: Int64(status.st_mtim.tv_sec)),
      UInt64(status.st_mtim.tv_nsec),
    ]
  }

  /// Nil for a path that no socket's address can hold.
  private static func address(_ path: String) -> sockaddr_un? {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.utf8)
    let isCopied = withUnsafeMutableBytes(of: &address.sun_path) { place in
      guard bytes.count < place.count else { return false }
      place.copyBytes(from: bytes)
      return true
    }
    return isCopied ? address : nil
  }

  private static func with(_ address: sockaddr_un, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
    withUnsafePointer(to: address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_un>.size)) }
    }
  }
}

/// A socket cannot be made at a path.
public struct SocketError: ExplainedError {
  public let explanation: Explanation

  static func live(_ url: URL) -> SocketError {
    SocketError(
      explanation: Explanation(
        .usage, "somebody listens at this socket already", at: url.path,
        remedy: "Use the one that is there, end it, or name another path."))
  }

  static func occupied(_ url: URL) -> SocketError {
    SocketError(
      explanation: Explanation(
        .usage, "something that is no socket lies where the socket is to be", at: url.path, remedy: "Name another path."
      ))
  }

  static func tooLong(_ url: URL) -> SocketError {
    SocketError(
      explanation: Explanation(
        .usage, "the path is too long for a socket", at: url.path, found: "\(url.path.utf8.count) bytes",
        expected: "at most 107", remedy: "Name a shorter path, as in /run/user/1000/ambq.sock."))
  }
}
