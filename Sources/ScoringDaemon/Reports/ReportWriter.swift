import AmbqConfiguration
import Foundation

/// Nightly reports as the daemon needs them: it knows when, another room knows what.
///
/// Called from a thread of its own.
public protocol ReportWriter: Sendable {
  /// What there is to report on a night.
  func supply(of night: Night) throws -> NightSupply

  /// What the written report of a night was made from; nil where there is none that can be read.
  func written(_ night: Night) throws -> NightSupply?

  /// Writes a night's report, durably, in place of an earlier one.
  func write(_ night: Night, _ settings: AmbdConfiguration, _ calendar: Calendar) throws

  /// Removes the reports of nights before a date.
  ///
  /// - Returns: how many nights that were.
  func removeReports(before date: CalendarDay) throws -> Int
}

/// How much a night holds: enough to tell whether a report is up to date.
public struct NightSupply: Sendable, Hashable {
  public var bundles: Int
  public var failures: Int
  /// Bundles whose probes are still to run.
  public var pending: Int

  public init(bundles: Int, failures: Int, pending: Int) {
    self.bundles = bundles
    self.failures = failures
    self.pending = pending
  }

  public var isEmpty: Bool { bundles == 0 && failures == 0 }
}
