import AmbqConfiguration
import Foundation
import NightReports

/// Which nights lack a report: pure reckoning with the calendar, no cron.
///
/// A night with data gets its report once it is over, however long the machine slept meanwhile; a report that was made
/// while probes were pending is made again when they are done. Nights that need no more looking at are remembered.
struct ReportSchedule: Sendable {
  /// How many nights are looked back on: after a longer pause the older ones get no report.
  static let reach = 31
  /// A night is not done with before this: a bundle scored in its last moments may still be on its way into the index.
  static let grace = 600.0

  let at: ClockTime
  let calendar: Calendar
  /// Reports kept, in days; 0: for ever.
  let keepDays: Int
  private var settled: Set<CalendarDay> = []

  init(at: ClockTime, calendar: Calendar, keepDays: Int = 0) {
    self.at = at
    self.calendar = calendar
    self.keepDays = keepDays
  }

  /// The nights to look at, oldest first: all over, none settled.
  func open(at now: Date) -> [Night] {
    let last = self.last(before: now)
    let reach = keepDays > 0 ? min(keepDays, Self.reach) : Self.reach
    return (0..<reach).reversed().map { last.back($0, at: at, calendar) }.filter { !settled.contains($0.date) }
  }

  /// The last night that is over.
  func last(before now: Date) -> Night { Night.last(before: now, at: at, calendar) }

  /// Whether a night's report is to be written.
  func isDue(_ counts: NightCounts, written: NightCounts?) -> Bool {
    if counts.isEmpty { return false }
    guard let written else { return true }
    // Not while probes still run: it would have to be written yet again.
    return counts != written && counts.pending == 0
  }

  /// Notes what a night's report is made from now, so that a finished night is not looked at again.
  mutating func note(_ night: Night, _ counts: NightCounts, at now: Date) {
    guard counts.pending == 0, now >= night.end.addingTimeInterval(Self.grace) else { return }
    settled.insert(night.date)
  }

  /// When the next night is over.
  func nextEnd(after now: Date) -> Date {
    let last = Night.last(before: now, at: at, calendar)
    return Night(last.date.adding(days: 1), at: at, calendar).end
  }

  /// The first date whose reports are kept; nil where all are.
  func firstKept(at now: Date) -> CalendarDay? {
    keepDays > 0 ? CalendarDay(now, calendar).adding(days: -keepDays) : nil
  }

  /// The clock was set back: nights may fill up again.
  mutating func clockWasSetBack() {
    settled = []
  }
}
