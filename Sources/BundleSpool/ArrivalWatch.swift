/// Something happened that the daemon must look at.
public enum WatchNotice: Sendable, Hashable {
  /// A file was renamed into the folder.
  case renamedIn(FileName)
  /// A writer closed a file in the folder.
  case closed(FileName)
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
  func wait(_ seconds: Double?) throws -> [WatchNotice]
}
