import Foundation

/// One end of the socket between the isolated reader and its child: a path goes one way, a reply the other.
struct ReaderChannel {
  /// Why there is nothing more to receive.
  enum Failure: Error {
    /// The other end is closed.
    case closed
    /// The deadline passed.
    case timeout
  }

  let descriptor: Int32
  /// When to give up; nil to wait for ever.
  var deadline: ContinuousClock.Instant?

  /// Both ends of a new socket; neither outlives an `exec`.
  ///
  /// - Throws: `BundleError.readerUnavailable`.
  static func pair() throws -> (ours: Int32, theirs: Int32) {
    var ends: [Int32] = [-1, -1]
    guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
      throw BundleError.readerUnavailable(String(cString: strerror(errno)))
    }
    return (ends[0], ends[1])
  }

  /// Sends the memory of an array.
  ///
  /// - Returns: false when there is nobody at the other end.
  func send<Value: BitwiseCopyable>(_ values: [Value]) -> Bool {
    values.withUnsafeBytes { bytes in
      var sent = 0
      while sent < bytes.count {
        // Without the flag, a dead child would end its parent by SIGPIPE.
        let count = Glibc.send(
          descriptor, bytes.baseAddress?.advanced(by: sent), bytes.count - sent, Int32(MSG_NOSIGNAL))
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else { return false }
        sent += count
      }
      return true
    }
  }

  /// Receives exactly `count` values.
  ///
  /// - Throws: `Failure`.
  func receive<Value: BitwiseCopyable>(_ count: Int, of type: Value.Type) throws -> [Value] {
    try [Value](unsafeUninitializedCapacity: count) { buffer, initialized in
      let bytes = UnsafeMutableRawBufferPointer(buffer)
      var filled = 0
      while filled < count * MemoryLayout<Value>.stride {
        filled += try receive(into: UnsafeMutableRawBufferPointer(rebasing: bytes[filled...]))
      }
      initialized = count
    }
  }

  /// Receives at least one byte.
  func receive(into bytes: UnsafeMutableRawBufferPointer) throws -> Int {
    while true {
      if let deadline { try wait(until: deadline) }
      let count = recv(descriptor, bytes.baseAddress, bytes.count, 0)
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw Failure.closed }
      return count
    }
  }

  private func wait(until deadline: ContinuousClock.Instant) throws {
    while true {
      let left = (deadline - ContinuousClock.now) / .milliseconds(1)
      guard left > 0 else { throw Failure.timeout }
      var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      let ready = poll(&request, 1, Int32(min(left.rounded(.up), 60_000)))
      if ready > 0 { return }
      guard ready == 0 || errno == EINTR else { throw Failure.closed }
    }
  }
}
