import AmbqConfiguration
import DialogueDomain
import Foundation
import Logging
import Synchronization

/// Goes round the nights that lack a report and writes them, in a thread of its own, so that scoring does not wait.
final class ReportRounds: Sendable {
  private struct State {
    var schedule: ReportSchedule?
    var isRunning = false
    var isStopping = false
  }

  private let state = Mutex(State())

  /// When to look next: at the end of the night, and now and then in between for probes that have been done.
  func next(after now: Date, _ settings: AmbdConfiguration, _ calendar: Calendar) -> Date {
    guard settings.report.enabled else { return .distantFuture }
    let regular = now.addingTimeInterval(settings.watch.rescanSeconds)
    return min(regular, ReportSchedule(at: settings.report.at, calendar: calendar).nextEnd(after: now))
  }

  /// Begins a round, unless the one before has not ended.
  ///
  /// - Parameter run: takes the round's work to where it is to run.
  func begin(
    at now: Date, _ settings: AmbdConfiguration, _ calendar: Calendar, _ writer: any ReportWriter, _ logger: Logger,
    run: (@escaping @Sendable () -> Void) -> Void
  ) {
    guard settings.report.enabled else { return }
    let schedule = state.withLock { state -> ReportSchedule? in
      if state.isRunning || state.isStopping { return nil }
      state.isRunning = true
      let known = state.schedule
      let isSame =
        known?.at == settings.report.at && known?.calendar.timeZone == calendar.timeZone
        && known?.keepDays == settings.report.keepDays
      if let known, isSame { return known }
      return ReportSchedule(at: settings.report.at, calendar: calendar, keepDays: settings.report.keepDays)
    }
    guard let schedule else { return }
    run { [self] in
      let after = ReportRound(schedule, writer, settings, logger).run(at: now) { state.withLock { $0.isStopping } }
      state.withLock {
        $0.schedule = after
        $0.isRunning = false
      }
    }
  }

  /// Waits for the night that is being written; those after it come with the next start.
  func stop() {
    state.withLock { $0.isStopping = true }
    while state.withLock(\.isRunning) { Thread.sleep(forTimeInterval: 0.01) }
  }

  func clockWasSetBack() {
    state.withLock { $0.schedule?.clockWasSetBack() }
  }
}

/// One round over the open nights.
struct ReportRound {
  private var schedule: ReportSchedule
  private let writer: any ReportWriter
  private let settings: AmbdConfiguration
  private let logger: Logger

  init(_ schedule: ReportSchedule, _ writer: any ReportWriter, _ settings: AmbdConfiguration, _ logger: Logger) {
    self.schedule = schedule
    self.writer = writer
    self.settings = settings
    self.logger = logger
  }

  /// Writes what is due.
  ///
  /// A night that cannot be written is tried again by the next round, and is no bar to the others.
  ///
  /// - Parameter isStopping: asked before each night.
  /// - Returns: the schedule, which knows more settled nights.
  func run(at now: Date, isStopping: () -> Bool = { false }) -> ReportSchedule {
    var schedule = schedule
    for night in schedule.open(at: now) where !isStopping() {
      do {
        let supply = try writer.supply(of: night)
        if schedule.isDue(supply, written: try writer.written(night)) {
          let start = ContinuousClock.now
          try writer.write(night, settings, schedule.calendar)
          logger.info(
            "wrote the nightly report",
            metadata: [
              "night": "\(night.date.text)", "bundles": .stringConvertible(supply.bundles),
              "failures": .stringConvertible(supply.failures), "not_probed": .stringConvertible(supply.pending),
              "ms": .stringConvertible((ContinuousClock.now - start) / .milliseconds(1)),
            ])
        }
        schedule.note(night, supply, at: now)
      } catch {
        let explanation = (error as? any ExplainedError)?.explanation ?? Explanation(.io, "\(error)")
        logger.error(
          "no nightly report: \(explanation.what)",
          metadata: explanation.logged.merging(["night": "\(night.date.text)"]) { $1 })
      }
    }
    removeOld(at: now)
    return schedule
  }

  private func removeOld(at now: Date) {
    guard let first = schedule.firstKept(at: now) else { return }
    do {
      let removed = try writer.removeReports(before: first)
      guard removed > 0 else { return }
      logger.info(
        "deleted old reports",
        metadata: ["nights": .stringConvertible(removed), "keep_days": .stringConvertible(schedule.keepDays)])
    } catch {
      logger.warning("old reports cannot be deleted", metadata: ["error": "\(error)"])
    }
  }
}
