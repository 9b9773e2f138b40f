import AmbqConfiguration
import DialogueDomain
import Foundation
import ResultIndex
import Testing

@testable import ScoringDaemon

struct DaemonReportTests {
  private let stage: DaemonStage
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
    // Probes that a test asks for stay pending until it says otherwise.
    stage.source.configuration.withLock { [at] in
      $0.merge(["report.at": at.text, "report.enabled": "true", "probes.enabled": "false"]) { $1 }
    }
    stage.surroundings.calendar = { calendar }
    stage.surroundings.aside = { $0() }
  }

  private var world: VirtualWorld { stage.world }

  /// Records a bundle that was scored within a night.
  private func fill(_ night: Night, isProbePending: Bool = false) throws {
    let (time, name) = (night.start + 3600, "\(night.date.text).h5")
    let writer = try IndexWriter(stage.index.url)
    var scored = try TinyModel.scored("four", name)
    scored.digest = night.date.text
    try writer.record(
      scored, ScoringRecord(arrived: time, scored: time, seconds: 1, labelFile: "labels/\(name)", byteCount: 4),
      probe: isProbePending ? ProbeRequest(plan: "{}", file: "done/\(name)", time: time) : nil)
    try writer.close()
  }

  private func finishProbe() throws {
    let writer = try IndexWriter(stage.index.url)
    try writer.skipProbe(try #require(try writer.nextPendingProbe()), reason: "the test says so", at: world.now)
    try writer.close()
  }

  /// The nights whose reports were written, in that order; read from the log.
  private var written: [String] {
    stage.log.lines.compactMap { line in
      guard line.contains("msg=\"wrote the nightly report\""), let match = line.firstMatch(of: /night=(\S+)/) else {
        return nil
      }
      return String(match.1)
    }
  }

  /// The night that is over next, some nights on.
  private func night(_ number: Int) -> Night {
    Night.last(before: world.now, at: at, calendar).back(-number, at: at, calendar)
  }

  private func seconds(to night: Night) -> Double { night.end.timeIntervalSince(world.now) + world.elapsed }

  @Test func theReportIsWrittenWhenTheNightEnds() throws {
    let next = night(1)
    try fill(next)
    var counts: [Int] = []
    let end = seconds(to: next)
    for moment in [end - 1, end + 1] {
      world.at(moment) {
        counts.append(written.count)
        return []
      }
    }
    world.stop(at: end + 7200)
    #expect(try stage.daemon().run(once: false) == 0)
    #expect(counts == [0, 1])
    #expect(written == [next.date.text])
  }

  @Test func nightsMissedWhileTheMachineWasOffAreCaughtUpOnceEach() throws {
    for number in [-40, -5, -3, 0] { try fill(night(number)) }
    world.stop(at: 3600)
    #expect(try stage.daemon().run(once: false) == 0)
    // The one forty nights ago is too long ago.
    #expect(written == [-5, -3, 0].map { night($0).date.text })
  }

  @Test func theLastNightIsToldOfOnceHoweverOftenItsReportIsWritten() throws {
    for number in [-5, -3] { try fill(night(number)) }
    let (last, recorder) = (night(0), MessageRecorder())
    try fill(last, isProbePending: true)
    stage.source.configuration.withLock { $0["notify.command"] = "tell" }
    stage.surroundings.messages = recorder.messenger
    world.at(3600) {
      try finishProbe()
      return []
    }
    world.at(7000) {
      recorder.wait(for: 1)
      return []
    }
    world.stop(at: 7200)
    #expect(try stage.daemon().run(once: false) == 0)
    #expect(written.count(where: { $0 == last.date.text }) == 2)
    let nights = recorder.messages.compactMap { $0["night"] as? [String: Any] }
    #expect(nights.map { $0["date"] as? String } == [last.date.text])
  }

  @Test func aReportIsWrittenAgainOnceItsProbesAreDone() throws {
    let last = night(0)
    try fill(last, isProbePending: true)
    world.at(3600) {
      try finishProbe()
      return []
    }
    world.stop(at: 7200)
    #expect(try stage.daemon().run(once: false) == 0)
    #expect(written == [last.date.text, last.date.text])
  }

  @Test func aReportThatCannotBeWrittenIsTriedAgain() throws {
    let last = night(0)
    try fill(last)
    stage.source.configuration.withLock { $0["report.baseline"] = "/nowhere/baseline.json" }
    world.at(1000) { [stage] in
      stage.source.configuration.withLock { $0["report.baseline"] = nil }
      return [.signal(SIGHUP)]
    }
    world.stop(at: 3600)
    #expect(try stage.daemon().run(once: false) == 0)
    #expect(written == [last.date.text])
    #expect(stage.log.count(of: "no nightly report") >= 1)
  }

  @Test func aClockSetBackDoesNotWriteTheSameReportAgain() throws {
    let last = night(0)
    try fill(last)
    world.at(1000) { [world] in
      world.setClock(by: -500)
      return []
    }
    world.stop(at: 3600)
    #expect(try stage.daemon().run(once: false) == 0)
    #expect(written == [last.date.text])
  }

  @Test func onceWritesWhatIsDueBeforeItEnds() throws {
    try fill(night(0))
    #expect(try stage.daemon().run(once: true) == 0)
    #expect(written == [night(0).date.text])
  }

  @Test func reportsCanBeSwitchedOff() throws {
    try fill(night(0))
    stage.source.configuration.withLock { $0["report.enabled"] = "false" }
    world.stop(at: 90_000)
    #expect(try stage.daemon().run(once: false) == 0)
    #expect(try stage.daemon().run(once: true) == 0)
    #expect(written == [])
  }

  @Test func anIdleDaemonDoesNotLookTooOften() throws {
    world.stop(at: 86_400)
    #expect(try stage.daemon().run(once: false) == 0)
    // The listing every five minutes, the heartbeat every minute, and little more.
    #expect(world.waits < 86_400 / 60 * 2)
  }

  @Test func theReportIsWrittenInAThreadOfItsOwn() throws {
    stage.surroundings.aside = DaemonSurroundings(environment: [:]).aside
    try fill(night(0))
    // The world's clock runs ahead of the thread: here it waits for it.
    world.at(1800) {
      for _ in 0..<10_000 where written.isEmpty { Thread.sleep(forTimeInterval: 0.001) }
      return []
    }
    world.stop(at: 3600)
    #expect(try stage.daemon().run(once: false) == 0)
    #expect(written == [night(0).date.text])
  }
}
