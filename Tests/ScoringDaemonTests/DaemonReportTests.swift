import AmbqConfiguration
import Foundation
import Synchronization
import Testing

@testable import ScoringDaemon

/// Nights in memory, and the reports written of them.
private final class FakeReports: ReportWriter {
  private struct State {
    var supplies: [String: NightSupply] = [:]
    var written: [String: NightSupply] = [:]
    var log: [String] = []
    var trouble: FakeError?
  }

  private let state = Mutex(State())

  /// Dates in the order they were written.
  var log: [String] { state.withLock { $0.log } }

  func fill(_ date: CalendarDay, _ supply: NightSupply) { state.withLock { $0.supplies[date.text] = supply } }

  func setTrouble(_ error: FakeError?) { state.withLock { $0.trouble = error } }

  func supply(of night: Night) -> NightSupply {
    state.withLock { $0.supplies[night.date.text] } ?? NightSupply(bundles: 0, failures: 0, pending: 0)
  }

  func written(_ night: Night) -> NightSupply? { state.withLock { $0.written[night.date.text] } }

  func write(_ night: Night, _ settings: AmbdConfiguration, _ calendar: Calendar) throws {
    try state.withLock { state in
      if let trouble = state.trouble { throw trouble }
      state.written[night.date.text] = state.supplies[night.date.text]
      state.log.append(night.date.text)
    }
  }

  func removeReports(before date: CalendarDay) -> Int { 0 }
}

struct DaemonReportTests {
  private let stage: DaemonStage
  private let reports = FakeReports()
  private let calendar: Calendar
  private let at: ClockTime

  init() throws {
    stage = try DaemonStage()
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = try #require(TimeZone(identifier: "Europe/Berlin"))
    self.calendar = calendar
    // Six hours ago, so that no story of a few hours runs into the next night by chance.
    let parts = calendar.dateComponents([.hour, .minute], from: stage.world.now.addingTimeInterval(-6 * 3600))
    at = ClockTime(hour: parts.hour ?? 0, minute: parts.minute ?? 0)
    stage.source.configuration.withLock { [at] in $0["report.at"] = at.text }
    stage.surroundings.calendar = { calendar }
    stage.surroundings.aside = { $0() }
    stage.reports = reports
  }

  private var world: VirtualWorld { stage.world }
  private let full = NightSupply(bundles: 2, failures: 0, pending: 0)

  /// The night that is over next, some nights on.
  private func night(_ number: Int) -> Night {
    Night.last(before: world.now, at: at, calendar).back(-number, at: at, calendar)
  }

  private func seconds(to night: Night) -> Double { night.end.timeIntervalSince(world.now) + world.elapsed }

  @Test func theReportIsWrittenWhenTheNightEnds() throws {
    let next = night(1)
    reports.fill(next.date, full)
    var written: [Double] = []
    let end = seconds(to: next)
    world.at(end - 1) { [reports] in
      written.append(Double(reports.log.count))
      return []
    }
    world.at(end + 1) { [reports] in
      written.append(Double(reports.log.count))
      return []
    }
    world.stop(at: end + 7200)
    #expect(try stage.daemon().run(once: false) == 0)
    #expect(written == [0, 1])
    #expect(reports.log == [next.date.text])
  }

  @Test func nightsMissedWhileTheMachineWasOffAreCaughtUpOnceEach() throws {
    for number in [-40, -5, -3, 0] { reports.fill(night(number).date, full) }
    world.stop(at: 3600)
    #expect(try stage.daemon().run(once: false) == 0)
    // The one forty nights ago is too long ago.
    #expect(reports.log == [-5, -3, 0].map { night($0).date.text })
  }

  @Test func aReportIsWrittenAgainOnceItsProbesAreDone() throws {
    let last = night(0)
    reports.fill(last.date, NightSupply(bundles: 2, failures: 0, pending: 1))
    world.at(3600) { [reports, full] in
      reports.fill(last.date, full)
      return []
    }
    world.stop(at: 7200)
    #expect(try stage.daemon().run(once: false) == 0)
    #expect(reports.log == [last.date.text, last.date.text])
  }

  @Test func aReportThatCannotBeWrittenIsTriedAgain() throws {
    let last = night(0)
    reports.fill(last.date, full)
    reports.setTrouble(.busy)
    world.at(1000) { [reports] in
      reports.setTrouble(nil)
      return []
    }
    world.stop(at: 3600)
    #expect(try stage.daemon().run(once: false) == 0)
    #expect(reports.log == [last.date.text])
    #expect(stage.log.count(of: "no nightly report") >= 1)
  }

  @Test func aClockSetBackDoesNotWriteTheSameReportAgain() throws {
    let last = night(0)
    reports.fill(last.date, full)
    world.at(1000) { [world] in
      world.setClock(by: -500)
      return []
    }
    world.stop(at: 3600)
    #expect(try stage.daemon().run(once: false) == 0)
    #expect(reports.log == [last.date.text])
  }

  @Test func onceWritesWhatIsDueBeforeItEnds() throws {
    reports.fill(night(0).date, full)
    #expect(try stage.daemon().run(once: true) == 0)
    #expect(reports.log == [night(0).date.text])
  }

  @Test func reportsCanBeSwitchedOff() throws {
    reports.fill(night(0).date, full)
    stage.source.configuration.withLock { $0["report.enabled"] = "false" }
    world.stop(at: 90_000)
    #expect(try stage.daemon().run(once: false) == 0)
    #expect(try stage.daemon().run(once: true) == 0)
    #expect(reports.log == [])
  }

  @Test func anIdleDaemonDoesNotLookTooOften() throws {
    world.stop(at: 86_400)
    #expect(try stage.daemon().run(once: false) == 0)
    // The listing every five minutes, the heartbeat every minute, and little more.
    #expect(world.waits < 86_400 / 60 * 2)
  }

  @Test func theReportIsWrittenInAThreadOfItsOwn() throws {
    stage.surroundings.aside = DaemonSurroundings(environment: [:]).aside
    reports.fill(night(0).date, full)
    // The world's clock runs ahead of the thread: here it waits for it.
    world.at(1800) { [reports] in
      for _ in 0..<10_000 where reports.log.isEmpty { Thread.sleep(forTimeInterval: 0.001) }
      return []
    }
    world.stop(at: 3600)
    #expect(try stage.daemon().run(once: false) == 0)
    #expect(reports.log == [night(0).date.text])
  }
}
