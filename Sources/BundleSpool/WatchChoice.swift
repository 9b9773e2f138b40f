import AmbqConfiguration
import Foundation
import OperatingSystem

/// The way arrivals are noticed, and why it was chosen.
public struct WatchChoice {
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
