import AmbqConfiguration
import Foundation

/// How long to wait before another try, and when to stop trying.
public struct DeferralPolicy: Sendable, Hashable {
  /// Seconds before the second try.
  public var start: Double
  /// Each further wait is this many times the last.
  public var factor: Double
  /// No wait is longer than this many seconds.
  public var limit: Double
  /// Seconds after the first trouble at which the next trouble is the last.
  public var giveUpAfter: Double

  public init(start: Double, factor: Double, limit: Double, giveUpAfter: Double) {
    self.start = start
    self.factor = factor
    self.limit = limit
    self.giveUpAfter = giveUpAfter
  }

  public init(_ settings: AmbdConfiguration.Deferral) {
    self.init(
      start: settings.startSeconds, factor: settings.factor, limit: settings.limitSeconds,
      giveUpAfter: settings.giveUpSeconds)
  }

  /// Seconds to wait after `tries` tries in vain.
  public func wait(afterTries tries: Int) -> Double {
    min(limit, start * pow(factor, Double(max(tries - 1, 0))))
  }
}
