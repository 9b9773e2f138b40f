import AmbqConfiguration
import Foundation
import OperatingSystem

/// Something happened that the daemon must look at.
public enum WatchNotice: Sendable, Hashable {
  /// A file was renamed into the folder.
  case renamedIn(FileName)
  /// A writer closed a file in the folder.
  case closed(FileName)
  /// A name appeared: a file that is about to be written, or one that was linked here whole.
  case created(FileName)
  /// The kernel dropped notices: the folder must be listed again.
  case overflow
  /// The folder was removed, renamed or unmounted: there will be no more notices.
  case folderGone
  /// A signal arrived.
  case signal(Int32)
}

/// Waits for notices.
///
/// Not sendable: one thread owns it, because libinotifytools keeps its state in globals.
public protocol ArrivalWatch: AnyObject {
  /// Whether arrivals are told of; if not, the folder must be listed again and again.
  var tellsOfArrivals: Bool { get }

  /// Blocks until there is a notice or the time is over.
  ///
  /// - Parameter seconds: nil waits for ever.
  /// - Returns: all notices there are; none when the time is over.
  /// - Throws: whatever the waiting itself fails with.
  func wait(_ seconds: Double?) throws -> [WatchNotice]
}

/// The way arrivals are noticed, and why it was chosen.
public struct WatchChoice {
  /// The watch that was chosen.
  public let watch: any ArrivalWatch
  /// Says why the folder is polled; nil where it is not.
  public let reason: String?
  /// Whether polling stands in for something that went wrong.
  public let isFallback: Bool

  /// A way chosen by the caller.
  public init(_ watch: any ArrivalWatch, _ reason: String?, isFallback: Bool = false) {
    self.watch = watch
    self.reason = reason
    self.isFallback = isFallback
  }

  /// Chooses by the configured mode, the filesystem, and what the kernel grants.
  public init(_ folder: URL, mode: AmbdConfiguration.Watch.Mode, filesystem: FilesystemKind, signals: SignalPipe) {
    if mode == .poll {
      self.init(PollingWatch(signals: signals), "watch.mode is poll")
      return
    }
    if mode == .auto && !filesystem.tellsOfChanges {
      self.init(
        PollingWatch(signals: signals),
        "the spool is on \(filesystem.name), where the kernel does not tell of every arrival")
      return
    }
    do {
      self.init(try InotifyWatch(folder, signals: signals), nil)
    } catch {
      self.init(PollingWatch(signals: signals), error.explanation.message, isFallback: true)
    }
  }
}

/// Tells of signals only: the daemon lists the folder by the clock.
public final class PollingWatch: ArrivalWatch {
  private let signals: SignalPipe

  /// - Parameter signals: what ends the wait.
  public init(signals: SignalPipe) {
    self.signals = signals
  }

  public var tellsOfArrivals: Bool { false }

  public func wait(_ seconds: Double?) -> [WatchNotice] {
    pollReadable([signals.reading], seconds: seconds)
    return signals.drain().map { .signal($0) }
  }
}
