import AMBDSGDN
import AmbqConfiguration
import BundleScoring
import BundleSpool
import DialogueDomain
import EvaluationStatistics
import Foundation
import Presentation
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
  private var states: [String] { get throws { try stage.index.probes() } }

  /// The labels of `four` with their stability.
  private func probedLabels() throws -> String { LabelTable.render(try TinyModel.probed("four", stage.plan()).scored) }

  private func set(_ path: String, _ value: String) {
    stage.source.configuration.withLock { $0[path] = value }
  }

  /// Has something done in the midst of each probe, while it reads its bundle.
  private func whileProbing(_ action: @escaping @Sendable (String) throws -> Void) {
    stage.intake = FakeIntake { url in if url.path.contains("/done/") { try action(url.lastPathComponent) } }
  }

  @discardableResult
  private func once() throws -> Int32 { try stage.daemon().run(once: true) }

  @Test func stabilityIsFilledInAndNothingElseChanges() throws {
    set("probes.enabled", "false")
    try place.put("four", "friday.h5")
    try once()
    let before = try place.text("friday.tsv", in: \.labels)
    #expect(try states.isEmpty)

    set("probes.enabled", "true")
    try place.put("four", "friday.h5")
    #expect(try once() == 0)
    let after = try place.text("friday.tsv", in: \.labels)
    #expect(try after == probedLabels() && after != before)
    let stability = try TinyModel.probed("four", stage.plan()).scored.utterances.map(\.stability)
    #expect(try stage.index.rows().map(\.stability) == [stability] && !stability.contains(nil))
    let emptied = after.split(separator: "\n").enumerated().map { number, line in
      var fields = line.split(separator: "\t", omittingEmptySubsequences: false)
      if number > 0 { fields[11] = "" }
      return fields.joined(separator: "\t") + "\n"
    }
    #expect(emptied.joined() == before)
    #expect(stage.log.count(of: "msg=\"probed\" bundle=friday.h5 probe_ms=") == 1)
  }

  @Test func labelsComeFirst() throws {
    var steps: [PipelineStep] = []
    stage.surroundings.checkpoint = { if $0 == .end || $0 == .stability { steps.append($0) } }
    for name in ["a.h5", "b.h5", "c.h5"] { try place.put("good \(name)", name) }
    try once()
    #expect(steps == [.end, .end, .end, .stability, .stability, .stability])
    #expect(try states == ["done", "done", "done"])
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
        return try stage.index.probes() == ["done", "done"] ? [.signal(SIGTERM)] : []
      }
    }
    _ = try stage.daemon().run(once: false)
    #expect(
      events.withLock { $0 }
        == ["end", "probing 1.h5", "end", "stability", "probing 2.h5", "stability"])
    #expect(try states == ["done", "done"])
  }

  @Test func aStopDuringAProbeLeavesItPendingForTheNextRun() throws {
    let isProbing = DispatchSemaphore(value: 0)
    let isStopped = Atomic(false)
    try stage.index.keepHeartbeats()
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
    #expect(try states == ["pending"])
    #expect(try stage.index.heartbeats() == ["idle", "probing 1.h5", "stopped"])

    stage.surroundings.background = { $0() }
    whileProbing { _ in }
    try once()
    #expect(try states == ["done"])
  }

  @Test(arguments: [PipelineStep.stability, .probe])
  func aKillWhileResultsAreRecordedIsMadeGoodByTheNextRun(step: PipelineStep) throws {
    struct Killed: Error {}
    try place.put("four", "1.h5")
    stage.surroundings.checkpoint = { if $0 == step { throw Killed() } }
    #expect(throws: Killed.self) { try once() }
    #expect(try states == ["pending"])
    stage.surroundings.checkpoint = { _ in }
    try once()
    #expect(try states == ["done"])
    #expect(try place.text("1.tsv", in: \.labels) == probedLabels())
  }

  @Test func aBundleWhoseNameIsGoneIsProbedUnderAnotherNameOfItsBytes() throws {
    // The twin's own name is another bundle's in done.
    try place.put("good other", "b.h5")
    try once()
    for name in ["a.h5", "b.h5"] { try place.put("good twins", name) }
    // The probe is asked for of the copy that came last.
    stage.surroundings.background = { [place] probe in
      #expect(throws: Never.self) {
        for name in try place.names(\.done) where name.hasPrefix("b~") {
          try FileManager.default.removeItem(at: place.layout.done.appendingPathComponent(name))
        }
      }
      probe()
    }
    try once()
    #expect(try place.names(\.done) == ["a.h5", "b.h5"] && states == ["done", "done"])
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
    #expect(try states == ["done/a.h5: the bundle is gone", "done"])

    try place.put("good c", "c.h5")
    stage.surroundings.checkpoint = { [place] step in
      if step == .end { try place.put("other bytes", "c.h5", in: \.done) }
    }
    try once()
    #expect(try states[2].hasPrefix("done/c.h5: the file holds other bytes than were scored; found digest "))
    #expect(stage.log.count(of: "msg=\"not probed\"") == 2)
  }

  @Test func aProbeOfAReplacedModelIsSkipped() throws {
    try place.put("four", "1.h5")
    struct Killed: Error {}
    stage.surroundings.checkpoint = { if $0 == .stability { throw Killed() } }
    #expect(throws: Killed.self) { try once() }
    stage.surroundings.checkpoint = { _ in }
    stage.source.model.withLock { $0 = .success(TinyModel.model("model-2")) }
    try once()
    #expect(try states == ["the model that scored the bundle, model-1, has been replaced"])
  }

  @Test func beyondTheBacklogOnlyAShareIsProbedByDigest() throws {
    set("probes.backlog", "2")
    set("probes.share_under_load", "0.5")
    let texts = (0..<12).map { "good bundle \($0)" }
    for (number, text) in texts.enumerated() { try place.put(text, "\(10 + number).h5") }
    try once()
    #expect(try states.prefix(2) == ["done", "done"])
    for row in try stage.index.rows().dropFirst(2) {
      // Half of all digests begin with 0 to 7.
      let (isChosen, state) = (row.bundle.prefix(1) < "8", row.probe ?? "")
      #expect(isChosen == (state == "done"), "\(row.bundle): \(state)")
      if !isChosen { #expect(state.contains("share_under_load leaves this bundle out")) }
    }
    #expect(try Set(states).count > 1)
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
    let levels = try stage.index.rows().map { row in
      try ProbeStatistics(encoded: try #require(row.statistics)).shape?.plan.levels
    }
    #expect(levels == [[0, 0.5, 2], [0, 0.5]])

    try place.put("first", "1.h5")
    try once()
    let plans = try stage.index.rows().map { ProbePlan(stored: $0.plan ?? "")?.levels }
    #expect(plans == [[0, 0.5], [0, 0.5]])
    #expect(try states == ["done", "done"])
    // Which share is probed under load is no part of a plan.
    set("probes.share_under_load", "0.7")
    let probed = Mutex(0)
    whileProbing { _ in probed.withLock { $0 += 1 } }
    try place.put("first", "1.h5")
    try once()
    #expect(probed.withLock { $0 } == 0)
  }

  @Test func aProbeWhoseResultsCannotBeWrittenIsRecordedAfterThePause() throws {
    let probed = Mutex(0)
    let index = stage.index
    whileProbing { _ in
      probed.withLock { $0 += 1 }
      try index.setTrouble("the disk is full")
    }
    stage.world.at(0) { [stage] in try stage.rename("four", "1.h5") }
    stage.world.at(8) { [stage] in
      try stage.index.setTrouble(nil)
      return []
    }
    stage.world.stop(at: 60)
    _ = try stage.daemon().run(once: false)
    #expect(try states == ["done"] && probed.withLock { $0 } == 1)
    #expect(stage.log.count(of: "paused: the index failed: the disk is full") == 2)
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
    #expect(try states == [end])
    #expect(stage.log.count(of: "the probe waits: the file is busy") == min(times, 5))
    #expect(stage.world.waits < 100)
  }

  @Test func aBundleThatCannotBeProbedIsSkipped() throws {
    whileProbing { _ in throw FakeError(explanation: Explanation(.data, "the noise has no deviation")) }
    try place.put("four", "1.h5")
    #expect(try once() == 0)
    #expect(try states == ["the noise has no deviation"])
  }

  @Test func labelsThatSomebodyTookAwayStayAwayUntilTheBundleComesAgain() throws {
    whileProbing { [place] _ in
      try FileManager.default.removeItem(at: place.layout.labels.appendingPathComponent("1.tsv"))
    }
    try place.put("four", "1.h5")
    try once()
    #expect(try states == ["done"])
    #expect(try place.names(\.labels).isEmpty)

    whileProbing { _ in }
    try place.put("four", "1.h5")
    try once()
    #expect(try place.text("1.tsv", in: \.labels) == probedLabels())
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
    let scored = try TinyModel.probed("four", stage.plan()).scored
    let lines = scored.utterances.map { LabelObject.render($0, scored.emotions) + "\n" }
    let path = layout == "jsonl" ? "1.jsonl" : "1/d/d#3.json"
    #expect(try place.text(path, in: \.labels) == (layout == "jsonl" ? lines.joined() : lines[3]))
    #expect(try place.names(\.labels).count == 1)
  }
}
