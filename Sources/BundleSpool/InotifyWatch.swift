import CInotifyTools
import Foundation
import OperatingSystem
import Synchronization

/// Tells of arrivals in one folder as the kernel does, and of signals.
public final class InotifyWatch: ArrivalWatch {
  private let queue: InotifyQueue
  private let signals: SignalPipe

  /// - Throws: `SpoolError` that explains the limit that was met.
  public init(_ folder: URL, signals: SignalPipe) throws(SpoolError) {
    self.signals = signals
    do {
      queue = try InotifyQueue()
      try queue.watch(
        folder, for: IN_CLOSE_WRITE | IN_MOVED_TO | IN_CREATE | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR)
    } catch {
      throw Self.explain(error.code, folder)
    }
  }

  public var tellsOfArrivals: Bool { true }

  public func wait(_ seconds: Double?) -> [WatchNotice] {
    // The library may hold events in its buffer that poll does not see.
    var notices = arrivals()
    if notices.isEmpty {
      pollReadable([queue.descriptor, signals.reading], seconds: seconds)
      notices = arrivals()
    }
    return signals.drain().map { .signal($0) } + notices
  }

  private func arrivals() -> [WatchNotice] {
    queue.drain().compactMap { event in
      if event.has(IN_Q_OVERFLOW) { return .overflow }
      if event.has(IN_DELETE_SELF | IN_MOVE_SELF | IN_UNMOUNT | IN_IGNORED) { return .folderGone }
      guard let name = event.name, !event.has(IN_ISDIR) else { return nil }
      if event.has(IN_MOVED_TO) { return .renamedIn(name) }
      if event.has(IN_CLOSE_WRITE) { return .closed(name) }
      if event.has(IN_CREATE) { return .created(name) }
      return nil
    }
  }

  static func explain(_ code: Int32, _ folder: URL) -> SpoolError {
    let reason = String(cString: strerror(code))
    return switch code {
    case ENOSPC:
      SpoolError(
        .io, "the kernel's limit of watched folders is reached", at: folder.path, found: reason,
        remedy: "Raise it: sysctl fs.inotify.max_user_watches=1048576.")
    case EMFILE, ENFILE:
      SpoolError(
        .io, "the limit of inotify instances or of open files is reached", at: folder.path, found: reason,
        remedy: "Raise it: sysctl fs.inotify.max_user_instances=1024, or LimitNOFILE= of the service.")
    case EBUSY:
      SpoolError(.io, "this process watches another folder already", at: folder.path)
    default:
      SpoolError(.io, "the folder cannot be watched", at: folder.path, found: reason)
    }
  }
}

/// The kernel's notices through libinotifytools: one queue for the process, because the library's state is global.
///
/// The library neither gives its descriptor away nor waits for less than a second, so the descriptor is found among
/// this process's open files and polled.
final class InotifyQueue {
  /// Why the library could not be used: the system's error number.
  struct Refusal: Error {
    let code: Int32
  }

  struct Event {
    let mask: UInt32
    let name: FileName?

    func has(_ bits: Int32) -> Bool { mask & UInt32(bitPattern: bits) != 0 }
  }

  /// Whether some object uses the library now; says in Swift what the library's own globals enforce.
  private static let isTaken = Mutex(false)

  let descriptor: Int32

  init() throws(Refusal) {
    let isFree = Self.isTaken.withLock { taken in
      defer { taken = true }
      return !taken
    }
    guard isFree else { throw Refusal(code: EBUSY) }
    let before = Self.inotifyDescriptors()
    guard inotifytools_initialize() == 1 else {
      let code = inotifytools_error()
      Self.isTaken.withLock { $0 = false }
      throw Refusal(code: code == 0 ? EMFILE : code)
    }
    guard let found = Self.inotifyDescriptors().subtracting(before).max() else {
      inotifytools_cleanup()
      Self.isTaken.withLock { $0 = false }
      throw Refusal(code: EBADF)
    }
    descriptor = found
    _ = fcntl(found, F_SETFD, FD_CLOEXEC)
  }

  deinit {
    inotifytools_cleanup()
    Self.isTaken.withLock { $0 = false }
  }

  func watch(_ folder: URL, for events: Int32) throws(Refusal) {
    guard inotifytools_watch_file(folder.path, events) == 1 else {
      let code = inotifytools_error()
      throw Refusal(code: code == 0 ? EIO : code)
    }
  }

  /// All events there are, without waiting; names are copied out of the library's buffer at once.
  func drain() -> [Event] {
    var events: [Event] = []
    while let event = inotifytools_next_events(0, 1) {
      let name = cinotify_event_name(event).map { pointer in
        FileName(bytes: UnsafeRawBufferPointer(start: pointer, count: strlen(pointer)))
      }
      events.append(Event(mask: event.pointee.mask, name: name))
    }
    return events
  }

  private static func inotifyDescriptors() -> Set<Int32> {
    let folder = "/proc/self/fd"
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return Set(
      names.compactMap(Int32.init).filter { number in
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\(number)")) == "anon_inode:inotify"
      })
  }
}
