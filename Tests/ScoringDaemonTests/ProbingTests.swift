import AmbqConfiguration
import BundleSpool
import DialogueDomain
import EvaluationStatistics
import Foundation
import Synchronization
import TestSpools
import Testing

@testable import ScoringDaemon

struct ProbingTests {
  let stage: DaemonStage

  init() throws {
    stage = try DaemonStage()
    // Bundles that a test puts into place together are ready together.
    set("watch.settle_seconds", "0")
  }

  private var place: TemporarySpool { stage.place }
  private var states: [String] { stage.ledger.probes.map(\.state) }

  private func set(_ path: String, _ value: String) {
    stage.source.configuration.withLock { $0[path] = value }
  }

  /// Has the model do something in the midst of each probe.
  private func whileProbing(_ action: @escaping @Sendable (String) throws -> Void) {
    stage.source.model.withLock { $0 = .success(FakeModel(probing: action)) }
  }

  @discardableResult
  private func once() throws -> Int32 { try stage.daemon().run(once: true) }

  @Test func stabilityIsFilledInAndNothingElseChanges() throws {
    set("probes.enabled", "false")
    try place.put("four", "friday.h5")
    try once()
    let before = try place.text("friday.tsv", in: \.labels)
    #expect(stage.ledger.probes.isEmpty)

    set("probes.enabled", "true")
    try place.put("four", "friday.h5")
    #expect(try once() == 0)
    let after = try place.text("friday.tsv", in: \.labels)
    #expect(stage.ledger.probes.map(\.stability) == [(1...4).map { 1 / Double($0) }])
    let column = after.split(separator: "\n").map { $0.split(separator: "\t", omittingEmptySubsequences: false)[11] }
    #expect(column == ["stability", "1.000000", "0.500000", "0.333333", "0.250000"])
    let emptied = ["1.000000", "0.500000", "0.333333", "0.250000"].reduce(after) { text, value in
      text.replacing("\t\(value)\t0.500000\t", with: "\t\t0.500000\t")
    }
    #expect(emptied == before)
    #expect(stage.log.count(of: "msg=\"probed\" bundle=friday.h5 probe_ms=") == 1)
  }

  @Test func labelsComeFirst() throws {
    var steps: [PipelineStep] = []
    stage.surroundings.checkpoint = { if $0 == .end || $0 == .stability { steps.append($0) } }
    for name in ["a.h5", "b.h5", "c.h5"] { try place.put("good \(name)", name) }
    try once()
    #expect(steps == [.end, .end, .end, .stability, .stability, .stability])
    #expect(states == ["done", "done", "done"])
  }

  @Test func aBundleThatArrivesDuringAProbeIsScoredBeforeTheProbeGoesOn() throws {
    let events = Mutex<[String]>([])
    let (isProbing, hasArrived) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
    stage.surroundings.background = { work in Thread.detachNewThread { work() } }
    whileProbing { name in
      events.withLock { $0.append("probing \(name)") }
      if name != "1.h5" { return }
      isProbing.signal()
      hasArrived.wait()
    }
    stage.surroundings.checkpoint = { step in
      // The probe of the first has been let go, but is held at its next checkpoint.
      if step == .read { hasArrived.signal() }
      if step == .end || step == .stability { events.withLock { $0.append("\(step)") } }
    }
    stage.world.at(0) { [stage] in try stage.rename("first", "1.h5") }
    stage.world.at(1) { [stage] in
      isProbing.wait()
      return try stage.rename("second one", "2.h5")
    }
    // The clock of the world runs on while the probes take their real time.
    for second in 2..<2000 {
      stage.world.at(Double(second)) { [stage] in
        Thread.sleep(forTimeInterval: 0.002)
        return stage.ledger.probes.count { $0.state == "done" } == 2 ? [.signal(SIGTERM)] : []
      }
    }
    _ = try stage.daemon().run(once: false)
    #expect(
      events.withLock { $0 }
        == ["end", "probing 1.h5", "end", "stability", "probing 2.h5", "stability"])
    #expect(states == ["done", "done"])
  }

  @Test func aStopDuringAProbeLeavesItPendingForTheNextRun() throws {
    let isProbing = DispatchSemaphore(value: 0)
    let isStopped = Atomic(false)
    stage.surroundings.background = { work in Thread.detachNewThread { work() } }
    whileProbing { _ in
      isProbing.signal()
      while !isStopped.load(ordering: .acquiring) { Thread.sleep(forTimeInterval: 0.001) }
    }
    stage.world.at(0) { [stage] in try stage.rename("four", "1.h5") }
    stage.world.at(1) {
      isProbing.wait()
      return []
    }
    stage.world.at(100) {
      isStopped.store(true, ordering: .releasing)
      return [.signal(SIGTERM)]
    }
    #expect(try stage.daemon().run(once: false) == 0)
    #expect(states == ["pending"])
    #expect(stage.ledger.beats.map(\.activity) == ["idle", "probing 1.h5", "stopped"])

    stage.surroundings.background = { $0() }
    whileProbing { _ in }
    try once()
    #expect(states == ["done"])
  }

  @Test(arguments: [PipelineStep.stability, .probe])
  func aKillWhileResultsAreTakenHomeIsMadeGoodByTheNextRun(step: PipelineStep) throws {
    struct Killed: Error {}
    try place.put("four", "1.h5")
    stage.surroundings.checkpoint = { if $0 == step { throw Killed() } }
    #expect(throws: Killed.self) { try once() }
    #expect(states == ["pending"])
    stage.surroundings.checkpoint = { _ in }
    try once()
    #expect(states == ["done"])
    #expect(try place.text("1.tsv", in: \.labels).contains("\t0.250000\t0.500000\t"))
  }

  @Test func aBundleThatIsGoneOrChangedIsSkippedWithTheReason() throws {
    for name in ["a.h5", "b.h5"] { try place.put("good \(name)", name) }
    stage.surroundings.checkpoint = { [place] step in
      // After the last bundle is scored, before the first is probed.
      guard step == .done, try place.names(\.done) == ["a.h5"] else { return }
      try FileManager.default.removeItem(at: place.layout.done.appendingPathComponent("a.h5"))
    }
    whileProbing { _ in }
    try once()
    #expect(states == ["done/a.h5: the bundle is gone", "done"])

    try place.put("good c", "c.h5")
    stage.surroundings.checkpoint = { [place] step in
      if step == .end { try place.put("other bytes", "c.h5", in: \.done) }
    }
    try once()
    #expect(states[2].hasPrefix("done/c.h5: the file holds other bytes than were scored; found digest "))
    #expect(stage.log.count(of: "msg=\"not probed\"") == 2)
  }

  @Test func aProbeOfAReplacedModelIsSkipped() throws {
    try place.put("four", "1.h5")
    struct Killed: Error {}
    stage.surroundings.checkpoint = { if $0 == .stability { throw Killed() } }
    #expect(throws: Killed.self) { try once() }
    stage.surroundings.checkpoint = { _ in }
    stage.source.model.withLock { $0 = .success(FakeModel(digest: "model-2")) }
    try once()
    #expect(states == ["the model that scored the bundle, model-1, has been replaced"])
  }

  @Test func beyondTheBacklogOnlyAShareIsProbedByDigest() throws {
    set("probes.backlog", "2")
    set("probes.share_under_load", "0.5")
    let texts = (0..<12).map { "good bundle \($0)" }
    for (number, text) in texts.enumerated() { try place.put(text, "\(10 + number).h5") }
    try once()
    #expect(states.prefix(2) == ["done", "done"])
    for probe in stage.ledger.probes.dropFirst(2) {
      // Half of all digests begin with 0 to 7.
      let isChosen = probe.bundle.prefix(1) < "8"
      #expect(isChosen == (probe.state == "done"), "\(probe.bundle): \(probe.state)")
      if !isChosen { #expect(probe.state.contains("share_under_load leaves this bundle out")) }
    }
    #expect(Set(states).count > 1)
  }

  @Test func aNewPlanIsTakenUpByReloadAndByTheSameBytesAgain() throws {
    stage.world.at(0) { [stage] in try stage.rename("first", "1.h5") }
    stage.world.at(10) {
      set("probes.levels", "0,0.5")
      return [.signal(SIGHUP)]
    }
    stage.world.at(20) { [stage] in try stage.rename("second one", "2.h5") }
    stage.world.stop(at: 30)
    _ = try stage.daemon().run(once: false)
    let levels = stage.ledger.probes.map { ProbePlan(stored: String(decoding: $0.statistics, as: UTF8.self))?.levels }
    #expect(levels == [ProbePlan.standard.levels, [0, 0.5]])

    try place.put("first", "1.h5")
    try once()
    #expect(stage.ledger.probes.map(\.plan).allSatisfy { ProbePlan(stored: $0)?.levels == [0, 0.5] })
    #expect(states == ["done", "done"])
    // Which share is probed under load is no part of a plan.
    set("probes.share_under_load", "0.7")
    let probed = Mutex(0)
    whileProbing { _ in probed.withLock { $0 += 1 } }
    try place.put("first", "1.h5")
    try once()
    #expect(probed.withLock { $0 } == 0)
  }

  @Test func aProbeWhoseResultsCannotBeWrittenIsTakenHomeAfterThePause() throws {
    let probed = Mutex(0)
    let ledger = stage.ledger
    whileProbing { _ in
      probed.withLock { $0 += 1 }
      ledger.setTrouble(FakeError(explanation: Explanation(.io, "the disk is full"), isTransient: true))
    }
    stage.world.at(0) { [stage] in try stage.rename("four", "1.h5") }
    stage.world.at(8) { [stage] in
      stage.ledger.setTrouble(nil)
      return []
    }
    stage.world.stop(at: 60)
    _ = try stage.daemon().run(once: false)
    #expect(states == ["done"] && probed.withLock { $0 } == 1)
    #expect(stage.log.count(of: "paused: the disk is full") == 2)
    #expect(stage.log.count(of: "the queue goes on") == 1)
    #expect(stage.world.waits < 30)
  }

  @Test(arguments: [(2, "done"), (99, "the file is busy")])
  func transientTroubleIsWaitedOutForAWhile(times: Int, end: String) throws {
    let left = Mutex(times)
    stage.intake = FakeIntake { url in
      guard url.path.contains("/done/") else { return }
      let isBusy = left.withLock { left in
        left -= 1
        return left >= 0
      }
      if isBusy { throw FakeError.busy }
    }
    stage.world.at(0) { [stage] in try stage.rename("four", "1.h5") }
    stage.world.stop(at: 1000)
    _ = try stage.daemon().run(once: false)
    #expect(states == [end])
    #expect(stage.log.count(of: "the probe waits: the file is busy") == min(times, 5))
    #expect(stage.world.waits < 100)
  }

  @Test func aBundleThatTheModelCannotProbeIsSkipped() throws {
    whileProbing { _ in throw FakeError(explanation: Explanation(.data, "the noise has no deviation")) }
    try place.put("four", "1.h5")
    #expect(try once() == 0)
    #expect(states == ["the noise has no deviation"])
  }

  @Test func labelsThatSomebodyTookAwayStayAwayUntilTheBundleComesAgain() throws {
    whileProbing { [place] _ in
      try FileManager.default.removeItem(at: place.layout.labels.appendingPathComponent("1.tsv"))
    }
    try place.put("four", "1.h5")
    try once()
    #expect(states == ["done"])
    #expect(try place.names(\.labels).isEmpty)

    whileProbing { _ in }
    try place.put("four", "1.h5")
    try once()
    #expect(try place.text("1.tsv", in: \.labels).contains("\t0.250000\t0.500000\t"))
  }

  @Test(arguments: ["jsonl", "utterance"])
  func labelsKeepTheLayoutInWhichTheyWereWritten(layout: String) throws {
    struct Killed: Error {}
    set("labels.layout", layout)
    try place.put("four", "1.h5")
    stage.surroundings.checkpoint = { if $0 == .stability { throw Killed() } }
    #expect(throws: Killed.self) { try once() }
    stage.surroundings.checkpoint = { _ in }
    set("labels.layout", "tsv")
    try once()
    let path = layout == "jsonl" ? "1.jsonl" : "1/d/d#3.json"
    #expect(try place.text(path, in: \.labels).contains("\"stability\": 0.250000"))
    #expect(try place.names(\.labels).count == 1)
  }
}
