import Foundation
import Logging
import OperatingSystem

/// What signals have asked the daemon to do.
final class SignalRequests {
  let pipe: SignalPipe
  private(set) var isStopping = false
  private var wantsReload = false

  init(_ pipe: SignalPipe) {
    self.pipe = pipe
  }

  func take(_ signal: Int32, _ logger: Logger) {
    guard signal != SIGHUP else {
      wantsReload = true
      return
    }
    logger.info("stopping", metadata: ["signal": .stringConvertible(signal)])
    isStopping = true
  }

  /// Whether the daemon has been told to stop, asked in the middle of a bundle.
  func hasStopArrived(_ logger: Logger) -> Bool {
    for signal in pipe.drain() { take(signal, logger) }
    return isStopping
  }

  /// Whether a reload was asked for since the last call.
  func takeReload() -> Bool {
    defer { wantsReload = false }
    return wantsReload
  }
}
