import AmbqConfiguration
import DialogueDomain
import Foundation
import Logging
import NightReports
import ResultIndex
import Synchronization

/// Writes the reports of the nights that lack one, in a thread of its own, so that scoring does not wait.
final class NightlyReports: Sendable {
  private struct State {
    /// When to look next.
    var next: Date
    var schedule: ReportSchedule?
    var isRunning = false
    var isStopping = false
    var verdict: Verdict.State?
  }

  private let layout: SpoolLayout
  private let state: Mutex<State>

  init(_ layout: SpoolLayout, at now: Date) {
    self.layout = layout
    state = Mutex(State(next: now))
  }

  /// When to look next: at the end of the night, and now and then in between for probes that have been done.
  var next: Date { state.withLock { $0.next } }

  /// What the last report says of its night; nil before the first look, and where there is none.
  var verdict: Verdict.State? { state.withLock { $0.verdict } }

  /// Has the nights looked at from a moment on.
  func look(at now: Date) { state.withLock { $0.next = now } }

  func clockWasSetBack(to now: Date) {
    state.withLock {
      $0.next = now
      $0.schedule?.clockWasSetBack()
    }
  }

  /// Begins to write the reports that are due, beside the work, unless that is under way.
  func beginIfDue(at now: Date, _ parts: DaemonParts, _ surroundings: DaemonSurroundings) {
    guard now >= next else { return }
    let (settings, calendar) = (parts.settings, surroundings.calendar())
    look(at: Self.next(after: now, settings, calendar))
    write(at: now, settings, calendar, parts.logger, surroundings.messages, on: surroundings.aside)
  }

  /// Writes the reports that are due before it returns: for a run that ends when all is done.
  func writeDue(at now: Date, _ parts: DaemonParts, _ surroundings: DaemonSurroundings) {
    write(at: now, parts.settings, surroundings.calendar(), parts.logger, surroundings.messages) { $0() }
  }

  /// Waits for the night that is being written; those after it come with the next start.
  func stop() {
    state.withLock { $0.isStopping = true }
    while state.withLock(\.isRunning) { Thread.sleep(forTimeInterval: 0.01) }
  }

  private static func next(after now: Date, _ settings: AmbdConfiguration, _ calendar: Calendar) -> Date {
    guard settings.report.enabled else { return .distantFuture }
    let regular = now.addingTimeInterval(settings.watch.rescanSeconds)
    return min(regular, ReportSchedule(at: settings.report.at, calendar: calendar).nextEnd(after: now))
  }

  private func write(
    at now: Date, _ settings: AmbdConfiguration, _ calendar: Calendar, _ logger: Logger, _ messages: Messenger,
    on thread: (@escaping @Sendable () -> Void) -> Void
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
    thread { [self] in
      let round = ReportRound(layout: layout, settings: settings, logger: logger) {
        messages.tell($0, at: now, settings, logger)
      }
      let after = round.run(schedule, at: now) { state.withLock { $0.isStopping } }
      let verdict = NightReportFiles(layout.nightReports).lastVerdict
      state.withLock {
        $0.schedule = after
        $0.verdict = verdict
        $0.isRunning = false
      }
    }
  }
}

/// Looks once at each night that may lack a report, over one connection to the index.
struct ReportRound {
  let layout: SpoolLayout
  let settings: AmbdConfiguration
  let logger: Logger
  /// Called with a night that has been judged, or judged otherwise than before.
  var tell: @Sendable (DaemonEvent) -> Void = { _ in }

  private var files: NightReportFiles { NightReportFiles(layout.nightReports) }

  /// Writes what is due.
  ///
  /// A night that cannot be written is tried again by the next round, and does not keep the others from being written.
  ///
  /// - Parameter isStopping: asked before each night.
  /// - Returns: the schedule, which knows more settled nights.
  func run(_ schedule: ReportSchedule, at now: Date, isStopping: () -> Bool = { false }) -> ReportSchedule {
    var after = schedule
    let nights = schedule.open(at: now)
    do {
      let reader = nights.isEmpty ? nil : try IndexReader(layout.index, matching: settings.labels.matching)
      for night in nights where !isStopping() {
        guard let reader else { break }
        do {
          let counts = try NightCounts(of: night, in: reader)
          if schedule.isDue(counts, written: files.counts(of: night)) {
            let before = files.verdict(of: night)?.state
            try write(night, counts, from: reader, schedule.calendar)
            // Of the nights before, written after a pause, nobody needs to be told.
            if night.date == schedule.last(before: now).date { tell(night, before: before) }
          }
          after.note(night, counts, at: now)
        } catch {
          report(error, ["night": "\(night.date.text)"])
        }
      }
    } catch {
      report(error, [:])
    }
    removeOld(schedule, at: now)
    leadToReports()
    return after
  }

  private func tell(_ night: Night, before: Verdict.State?) {
    guard let verdict = files.verdict(of: night), verdict.state != before else { return }
    tell(
      .night(
        date: night.date.text, verdict: verdict.state,
        broken: verdict.checks.filter { $0.state == .broken }.map(\.line),
        page: files.page(of: night).path))
  }

  private func write(_ night: Night, _ counts: NightCounts, from reader: IndexReader, _ calendar: Calendar) throws {
    let start = ContinuousClock.now
    try files.write(night, NightGathering(reader, settings, calendar))
    logger.info(
      "wrote the nightly report",
      metadata: [
        "night": "\(night.date.text)", "bundles": .stringConvertible(counts.bundles),
        "failures": .stringConvertible(counts.failures), "not_probed": .stringConvertible(counts.pending),
        "ms": .stringConvertible((ContinuousClock.now - start) / .milliseconds(1)),
      ])
  }

  private func report(_ error: any Error, _ metadata: Logger.Metadata) {
    let explanation = Explanation(of: error, otherwise: .io)
    logger.error("no nightly report: \(explanation.what)", metadata: explanation.logged.merging(metadata) { $1 })
  }

  /// Reports of an earlier version have no page that leads to them.
  private func leadToReports() {
    guard files.lacksIndex else { return }
    do {
      try files.writeIndex()
    } catch {
      logger.warning("the index of the reports cannot be written", metadata: ["error": "\(error)"])
    }
  }

  private func removeOld(_ schedule: ReportSchedule, at now: Date) {
    guard let first = schedule.firstKept(at: now) else { return }
    do {
      let removed = try files.remove(before: first)
      guard removed > 0 else { return }
      logger.info(
        "deleted old reports",
        metadata: ["nights": .stringConvertible(removed), "keep_days": .stringConvertible(schedule.keepDays)])
    } catch {
      logger.warning("old reports cannot be deleted", metadata: ["error": "\(error)"])
    }
  }
}
