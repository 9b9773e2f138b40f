import CInotifyTools
import Foundation
import OperatingSystem

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
        folder, for: IN_CLOSE_WRITE | IN_MOVED_TO | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR)
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
