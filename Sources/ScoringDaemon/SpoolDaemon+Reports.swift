import Foundation

extension SpoolDaemon {
  /// Begins the nightly reports that are due, beside the work; a run that ends when all is done writes them last.
  func attendToReports(_ now: Date) {
    guard now >= nextReport else { return }
    guard let reports, !endsWhenDrained else {
      nextReport = .distantFuture
      return
    }
    let calendar = surroundings.calendar()
    nextReport = reportRounds.next(after: now, settings, calendar)
    reportRounds.begin(at: now, settings, calendar, reports, logger, run: surroundings.aside)
  }

  /// Writes the nightly reports that are due before it returns: for a run that ends when all is done.
  func writeReports() {
    guard let reports else { return }
    reportRounds.begin(at: surroundings.now(), settings, surroundings.calendar(), reports, logger) { $0() }
  }
}
