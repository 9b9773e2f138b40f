import AmbqConfiguration
import DialogueDomain
import Foundation
import NightReports
import OperatingSystem
import Synchronization
import TestSpools
import Testing

@testable import ScoringDaemon

/// Telling somebody, beside the work.
struct MessengerTests {
  private let log = Transcript()

  private func settings(_ events: [AmbdConfiguration.Notify.Kind] = [.night, .failed, .paused]) -> AmbdConfiguration {
    var settings = AmbdConfiguration(in: URL(fileURLWithPath: "/"))
    settings.notify.command = ["tell"]
    settings.notify.events = events
    settings.notify.retrySeconds = 0.1
    return settings
  }

  private func tell(_ events: [DaemonEvent], _ settings: AmbdConfiguration, _ recorder: MessageRecorder) {
    let messenger = recorder.messenger
    for event in events { messenger.tell(event, at: Date(), settings, log.logger) }
    messenger.stop(drains: true)
  }

  private let failure = DaemonEvent.failed(bundle: "a.h5", Explanation(.data, "no bundle"))

  @Test func onlyWhatIsAskedForIsTold() {
    let recorder = MessageRecorder()
    tell([failure, .resumed], settings([.paused]), recorder)
    #expect(recorder.events == ["resumed"])
    tell([failure], AmbdConfiguration(in: URL(fileURLWithPath: "/")), recorder)
    #expect(recorder.events == ["resumed"])
  }

  @Test func whatFailsIsTriedAgain() {
    let recorder = MessageRecorder(.ended(code: 7, errors: "Connection refused"), .timedOut)
    let messenger = recorder.messenger
    messenger.tell(failure, at: Date(), settings(), log.logger)
    recorder.wait(for: 3)
    messenger.stop(drains: true)
    #expect(recorder.events == ["failed", "failed", "failed"])
    #expect(log.count(of: "tried again") == 2 && log.count(of: "Connection refused") == 1)
    #expect(log.count(of: "given up") == 0)
  }

  @Test func whatNeverArrivesIsGivenUpAndTheNextGoesOut() {
    let recorder = MessageRecorder(.unstarted(reason: "no such file"))
    var settings = settings()
    settings.notify.tries = 1
    tell([failure, .resumed], settings, recorder)
    #expect(recorder.events == ["failed", "resumed"])
    #expect(log.count(of: "a message is given up") == 1 && log.count(of: "no such file") == 1)
  }

  @Test func aProgramThatHangsDoesNotKeepTheDaemonFromScoring() throws {
    let stage = try DaemonStage()
    stage.source.configuration.withLock { $0["notify.command"] = "tell" }
    let begun = Mutex(false)
    stage.surroundings.messages = Messenger { _, isStopping in
      begun.withLock { $0 = true }
      while !isStopping() { Thread.sleep(forTimeInterval: 0.01) }
      return .stopped
    }
    stage.world.at(1) { try stage.rename("bad", "a.h5") }
    stage.world.at(2) {
      while !begun.withLock({ $0 }) { Thread.sleep(forTimeInterval: 0.01) }
      return try stage.rename("good", "b.h5")
    }
    stage.world.stop(at: 3)
    #expect(try stage.daemon().run(once: false) == 0)
    #expect(try stage.place.names(\.done) == ["b.h5"])
    #expect(stage.log.count(of: "before the end") == 1)
  }

  @Test func aRunThatEndsByItselfTellsFirst() throws {
    let (stage, recorder) = (try DaemonStage(), MessageRecorder())
    stage.source.configuration.withLock { $0["notify.command"] = "tell" }
    stage.surroundings.messages = recorder.messenger
    for name in ["a.h5", "b.h5"] { try stage.place.put("bad", name) }
    #expect(try stage.daemon().run(once: true) == 1)
    #expect(recorder.messages.compactMap { $0["count"] as? Int }.reduce(0, +) == 2)
  }

  @Test func aQueueThatStandsStillIsToldAtItsSecondTryAndWhenItGoesOn() throws {
    let (stage, recorder) = (try DaemonStage(), MessageRecorder())
    stage.source.configuration.withLock { $0.merge(["notify.command": "tell", "notify.interval_seconds": "0"]) { $1 } }
    stage.surroundings.messages = recorder.messenger
    let free = Mutex<Int64>(0)
    stage.surroundings.freeBytes = { _ in free.withLock { $0 } }
    stage.world.at(1) { try stage.rename("good", "a.h5") }
    stage.world.at(4) {
      // The first try was at 1, the second comes at 6.
      #expect(recorder.events.isEmpty)
      return []
    }
    stage.world.at(30) {
      free.withLock { $0 = .max }
      return []
    }
    stage.world.at(100) {
      recorder.wait(for: 2)
      return []
    }
    stage.world.stop(at: 200)
    #expect(try stage.daemon().run(once: false) == 0)
    #expect(recorder.events == ["paused", "resumed"])
    let trouble = try #require(recorder.messages[0]["trouble"] as? [String: Any])
    #expect((trouble["what"] as? String)?.contains("too little space") == true)
  }
}
