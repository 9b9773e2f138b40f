import OperatingSystem

/// Tells of signals only: the daemon lists the folder by the clock.
public final class PollingWatch: ArrivalWatch {
  private let signals: SignalPipe

  public init(signals: SignalPipe) {
    self.signals = signals
  }

  public var tellsOfArrivals: Bool { false }

  public func wait(_ seconds: Double?) -> [WatchNotice] {
    pollReadable([signals.reading], seconds: seconds)
    return signals.drain().map { .signal($0) }
  }
}
