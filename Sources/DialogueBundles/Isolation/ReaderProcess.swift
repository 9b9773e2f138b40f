import Foundation

/// A child process that reads one bundle and ends; whoever drops it stops it and leaves no zombie behind.
struct ReaderProcess: ~Copyable {
  let process: pid_t
  private let channel: Int32

  /// A child that waits for a path, forked by another.
  ///
  /// - Throws: `BundleError.readerUnavailable`, or `ReaderChannel.Failure` where the forker does not answer.
  init(forkedBy forker: borrowing ReaderForker, by deadline: ContinuousClock.Instant) throws {
    let ends = try ReaderChannel.pair()
    defer { close(ends.theirs) }
    do {
      process = try forker.fork(channel: ends.theirs, by: deadline)
    } catch {
      close(ends.ours)
      throw error
    }
    channel = ends.ours
  }

  /// A child that has been started, which has the other end of `channel`.
  init(process: pid_t, channel: Int32) {
    self.process = process
    self.channel = channel
  }

  deinit {
    close(channel)
    // Ended or not, it has not been waited for, so the number is still its own.
    kill(process, SIGKILL)
    _ = Self.wait(for: process)
  }

  /// The socket to it.
  var socket: Int32 { channel }

  /// Gives the child its path.
  ///
  /// - Returns: false when the child is no longer there.
  borrowing func ask(for path: String) -> Bool {
    ReaderChannel(descriptor: channel).send(Array(path.utf8) + [0])
  }

  /// Receives the child's reply.
  ///
  /// - Throws: `ReaderChannel.Failure` when none or half of one comes, and what `receive` throws.
  borrowing func reply<Reply>(
    by deadline: ContinuousClock.Instant, _ receive: (ReaderChannel) throws -> Reply
  ) throws -> Reply {
    try receive(ReaderChannel(descriptor: channel, deadline: deadline))
  }

  /// Stops the child where it still runs.
  ///
  /// - Returns: its status, as `waitpid` gives it.
  consuming func end() -> Int32 {
    let (process, channel) = (process, channel)
    discard self
    close(channel)
    // One that closed its end by ending has its status already, and this changes nothing.
    kill(process, SIGKILL)
    return Self.wait(for: process)
  }

  private static func wait(for process: pid_t) -> Int32 {
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0 && errno == EINTR {}
    return status
  }
}
