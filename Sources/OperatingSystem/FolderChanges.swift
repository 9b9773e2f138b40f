import Foundation

/// Waits until something changes in a folder, without asking again and again.
///
/// Where the kernel cannot tell (it has no watches left, or another machine writes into a shared folder), waiting ends
/// after a while all the same, so that whoever waits looks for itself.
public final class FolderChanges {
  /// What ended the waiting.
  public enum Outcome: Sendable, Hashable {
    /// Something in the folder has changed, or the time is up.
    case lookAgain
    /// Nobody reads the output any more.
    case readerGone
  }

  /// Negative where the kernel does not tell.
  private let descriptor: Int32
  /// The writes of one commit come close together: they are waited for once.
  private static let settling: useconds_t = 20_000
  private static let longestWithoutWatch = 1000

  /// Begins to watch: what changes from now on ends the next waiting.
  public init(in folder: URL) {
    descriptor = inotify_init1(Int32(IN_NONBLOCK | IN_CLOEXEC))
    guard descriptor >= 0 else { return }
    let changes = IN_MODIFY | IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO
    isWatching = inotify_add_watch(descriptor, folder.path, UInt32(changes)) >= 0
  }

  private var isWatching = false

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  /// Waits for a change.
  ///
  /// - Parameters:
  ///   - milliseconds: how long at most.
  ///   - output: a descriptor that is written to; where it is a pipe whose reader goes away, waiting ends.
  public func wait(atMost milliseconds: Int, output: Int32) -> Outcome {
    var watched = [
      pollfd(fd: isWatching ? descriptor : -1, events: Int16(POLLIN), revents: 0),
      // Without events to ask for, poll tells of errors only: of a pipe, that nobody reads it.
      pollfd(fd: output, events: 0, revents: 0),
    ]
    let longest = isWatching ? milliseconds : min(milliseconds, Self.longestWithoutWatch)
    guard poll(&watched, nfds_t(watched.count), Int32(longest)) > 0 else { return .lookAgain }
    if watched[1].revents & Int16(POLLERR | POLLNVAL) != 0 { return .readerGone }
    usleep(Self.settling)
    drain()
    return .lookAgain
  }

  /// Forgets what has been told: one look answers all of it.
  private func drain() {
    let size = 1 << 16
    let events = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 8)
    defer { events.deallocate() }
    while read(descriptor, events.baseAddress, size) > 0 {}
  }
}
