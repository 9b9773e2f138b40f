import AmbqConfiguration
import BundleSpool
import Foundation
import OperatingSystem

/// The world around the daemon, which tests replace: time, space, notices, the service manager.
public struct DaemonSurroundings {
  /// What time it is.
  public var now: () -> Date = { Date() }
  /// Bytes that may still be written to the filesystem of a folder; nil where that cannot be told.
  public var freeBytes: (URL) -> Int64? = Self.freeBytes
  /// Chooses how arrivals in a folder are noticed.
  public var watch: (URL, AmbdConfiguration.Watch.Mode, FilesystemKind, SignalPipe) -> WatchChoice = {
    WatchChoice($0, mode: $1, filesystem: $2, signals: $3)
  }
  /// Called before every durable step of every bundle; see `BundlePipeline.checkpoint`.
  public var checkpoint: (PipelineStep) throws -> Void = { _ in }
  /// Runs work beside the main loop, at the lowest priority.
  public var background: (@escaping @Sendable () -> Void) -> Void = Self.background
  /// Who tells the service manager how things are.
  public var notifier: ServiceNotifier
  /// Who tells people.
  var messages = Messenger()
  /// The calendar whose clocks say when a night ends.
  public var calendar: () -> Calendar = { .local }
  /// Runs something beside the work.
  public var aside: (@escaping @Sendable () -> Void) -> Void = { work in Thread.detachNewThread { work() } }
  /// Takes a bundle out of `incoming`.
  public var claim: (Spool, FolderEntry) throws -> ClaimedBundle? = { try $0.claim($1) }
  /// Bundles that are read at the same time, ahead of scoring; 0 has each read in its turn.
  public var readers = 2
  /// Whether a crash of this process leaves a mark for the next run.
  public var notesCrashes = false
  /// The most names of `incoming` kept in memory.
  public var capacity = 20_000

  /// The surroundings of a real daemon.
  public init(environment: [String: String] = ProcessInfo.processInfo.environment) {
    notifier = ServiceNotifier(environment: environment)
  }

  private static func background(_ work: @escaping @Sendable () -> Void) {
    Thread.detachNewThread {
      // Of this thread alone: Linux counts threads as processes here.
      _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 19)
      work()
    }
  }

  private static func freeBytes(of folder: URL) -> Int64? {
    var status = statvfs()
    guard statvfs(folder.path, &status) == 0 else { return nil }
    return Int64(clamping: UInt64(status.f_bavail) * UInt64(status.f_frsize))
  }
}
