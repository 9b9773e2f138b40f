import AmbqConfiguration
import BundleSpool
import DialogueDomain
import Foundation
import OperatingSystem
import ResultIndex
import TestSpools
import Testing

@testable import ScoringDaemon

struct SpoolDaemonTests {
  let stage: DaemonStage

  init() throws {
    stage = try DaemonStage()
  }

  private var place: TemporarySpool { stage.place }
  private var world: VirtualWorld { stage.world }

  @Test func onceDrainsTheSpoolAndEnds() throws {
    for name in ["a.h5", "b.h5"] { try place.put("good \(name)", name) }
    try place.put("begun", "c.h5", in: \.active)
    try place.put("later", "d.h5", in: \.deferred)
    #expect(try stage.daemon().run(once: true) == 0)
    #expect(try place.names(\.done) == ["a.h5", "b.h5", "c.h5", "d.h5"])
    #expect(stage.intake.read.first == "c.h5")
    #expect(try IndexReader(stage.index.url).heartbeat()?.stopped != nil)
  }

  @Test func onceEndsWithOneWhereABundleFailedAndTheQueueGoesOn() throws {
    try place.put("bad", "a.h5")
    try place.put("good", "b.h5")
    #expect(try stage.daemon().run(once: true) == 1)
    #expect(try place.names(\.failed) == ["a.h5", "a.h5.error.json"])
    #expect(try place.names(\.done) == ["b.h5"])
  }

  @Test func onceOnAnEmptySpoolIsFine() throws {
    #expect(try stage.daemon().run(once: true) == 0)
  }

  @Test func onceDoesNotWaitForAWriterThatNeverCloses() throws {
    let url = try place.put("good", "a.h5")
    let descriptor = open(url.path, O_WRONLY)
    defer { close(descriptor) }
    #expect(try stage.daemon().run(once: true) == 0)
    #expect(try place.names(\.incoming) == ["a.h5"])
    #expect(stage.log.count(of: "still open for writing") == 1)
  }

  @Test func aRenamedBundleIsScoredAtOnce() throws {
    var scoredAt: Double?
    stage.surroundings.checkpoint = { [world] step in if step == .end { scoredAt = world.elapsed } }
    world.at(10) { try stage.rename("good", "friday.h5") }
    world.stop(at: 20)
    #expect(try stage.daemon().run(once: false) == 0)
    #expect(scoredAt == 10)
    #expect(try place.names(\.done) == ["friday.h5"])
  }

  @Test func aBundleWrittenInPlaceSettlesFirst() throws {
    var scoredAt: Double?
    stage.surroundings.checkpoint = { [world] step in if step == .end { scoredAt = world.elapsed } }
    stage.source.configuration.withLock { $0["watch.settle_seconds"] = "3" }
    world.at(10) {
      try place.put("half", "friday.h5")
      return [.closed(FileName("friday.h5"))]
    }
    world.at(12) {
      try place.put("half and half", "friday.h5")
      return [.closed(FileName("friday.h5"))]
    }
    world.stop(at: 20)
    _ = try stage.daemon().run(once: false)
    #expect(scoredAt == 15)
    #expect(try stage.index.rows().map(\.utterances) == [13])
  }

  @Test func anIdleDaemonWakesForHeartbeatsAndListingsOnly() throws {
    try stage.index.keepHeartbeats()
    world.stop(at: 3600)
    _ = try stage.daemon().run(once: false)
    // 60 heartbeats, 12 listings at the same times, the start and the end.
    #expect(world.waits <= 62)
    #expect(try stage.index.heartbeats().count >= 60)
  }

  @Test func whatNoNoticeToldOfIsFoundByTheNextListing() throws {
    world.at(10) {
      _ = try stage.rename("good", "friday.h5"); return []
    }
    world.stop(at: 400)
    _ = try stage.daemon().run(once: false)
    #expect(try place.names(\.done) == ["friday.h5"])
  }

  @Test func anOverflowListsTheFolderAtOnce() throws {
    var scoredAt: Double?
    stage.surroundings.checkpoint = { [world] step in if step == .end { scoredAt = world.elapsed } }
    stage.source.configuration.withLock { $0["watch.settle_seconds"] = "0" }
    world.at(10) {
      _ = try stage.rename("good", "friday.h5"); return [.overflow]
    }
    world.stop(at: 20)
    _ = try stage.daemon().run(once: false)
    #expect(scoredAt == 10)
    #expect(stage.log.count(of: "level=warning msg=\"the kernel dropped notices") == 1)
  }

  @Test func pollingFindsBundlesByTheClock() throws {
    world.tellsOfArrivals = false
    var scoredAt: Double?
    stage.surroundings.checkpoint = { [world] step in if step == .end { scoredAt = world.elapsed } }
    stage.source.configuration.withLock { $0.merge(["watch.settle_seconds": "0", "watch.poll_seconds": "7"]) { $1 } }
    world.at(10) {
      _ = try stage.rename("good", "friday.h5"); return []
    }
    world.stop(at: 100)
    _ = try stage.daemon().run(once: false)
    #expect(scoredAt == 14)
  }

  @Test func aDeferredBundleIsTriedAgainWhenItIsDue() throws {
    var tries: [Double] = []
    stage.surroundings.checkpoint = { [world] step in if step == .read { tries.append(world.elapsed) } }
    world.at(0) { try stage.rename("busy", "friday.h5") }
    world.at(20) {
      try place.put("free", "friday.h5", in: \.deferred)
      return []
    }
    world.stop(at: 300)
    _ = try stage.daemon().run(once: false)
    #expect(tries == [0, 5, 15, 35])
    #expect(try place.names(\.done) == ["friday.h5"])
    #expect(try place.names(\.deferred).isEmpty)
  }

  @Test func aBundleMovedBackByHandIsTriedAgain() throws {
    world.at(0) { try stage.rename("bad", "friday.h5") }
    world.at(10) {
      try place.put("mended", "friday.h5", in: \.failed)
      try FileManager.default.moveItem(
        at: place.layout.failed.appendingPathComponent("friday.h5"),
        to: place.layout.incoming.appendingPathComponent("friday.h5"))
      return [.renamedIn(FileName("friday.h5"))]
    }
    world.stop(at: 20)
    _ = try stage.daemon().run(once: false)
    #expect(try place.names(\.failed).isEmpty)
    #expect(try place.names(\.done) == ["friday.h5"])
  }

  @Test func aClockThatIsSetBackHoldsNothingUp() throws {
    var tries: [Double] = []
    let world = world
    stage.surroundings.checkpoint = { step in if step == .read { tries.append(world.elapsed) } }
    stage.source.configuration.withLock { $0["deferral.limit_seconds"] = "30" }
    world.at(1) { try stage.rename("busy", "friday.h5") }
    world.at(2) {
      try place.put("good", "monday.h5")
      return [.closed(FileName("monday.h5"))]
    }
    world.at(3) {
      world.setClock(by: -86_400)
      return []
    }
    world.stop(at: 40)
    _ = try stage.daemon().run(once: false)
    // Monday settles anew, two seconds from then; Friday's second try comes within the limit.
    #expect(tries == [1, 5 - 86_400, 33 - 86_400])
    #expect(try place.names(\.done) == ["monday.h5"])
  }

  @Test func bundlesOnHoldAreLeftAlone() throws {
    try place.put("good", "friday.h5", in: \.hold)
    #expect(try stage.daemon().run(once: true) == 0)
    #expect(try place.names(\.hold) == ["friday.h5"])
    #expect(stage.intake.read.isEmpty)
  }

  @Test func whatIsNotABundleIsLeftAloneAndNamedOnce() throws {
    try place.put("x", "notes.odt")
    try FileManager.default.createSymbolicLink(
      at: place.layout.incoming.appendingPathComponent("link.h5"),
      withDestinationURL: place.layout.root.appendingPathComponent("lock"))
    world.stop(at: 3600)
    _ = try stage.daemon().run(once: false)
    #expect(try place.names(\.incoming) == ["link.h5", "notes.odt"])
    #expect(stage.log.count(of: "file=notes.odt") == 1)
    #expect(stage.log.count(of: "symbolic link") == 1)
  }

  @Test func aFullDiskPausesTheQueueAndTouchesNoBundle() throws {
    var tries: [Double] = []
    let world = world
    stage.surroundings.freeBytes = { _ in
      tries.append(world.elapsed)
      return world.elapsed < 12 ? 1000 : 1 << 40
    }
    world.at(0) { try stage.rename("good", "friday.h5") + stage.rename("good too", "monday.h5") }
    world.stop(at: 30)
    _ = try stage.daemon().run(once: false)
    #expect(tries == [0, 5, 15])
    #expect(try place.names(\.done) == ["friday.h5", "monday.h5"])
    #expect(try place.names(\.failed).isEmpty)
    #expect(stage.log.count(of: "disk.free_mib") == 2)
    #expect(stage.log.count(of: "msg=\"the queue goes on\"") == 1)
  }

  @Test func aDiskThatFillsInTheMiddleDefersTheBundleAndPausesTheQueue() throws {
    try stage.index.setTrouble("writing failed: No space left on device")
    world.at(0) { try (1...5).flatMap { try stage.rename("good \($0)", "\($0).h5") } }
    world.at(3) {
      let deferred = try place.names(\.deferred)
      let waiting = try place.names(\.incoming)
      #expect(deferred == ["1.h5", "1.h5.deferral.json"])
      #expect(waiting == ["2.h5", "3.h5", "4.h5", "5.h5"])
      try stage.index.setTrouble(nil)
      return []
    }
    world.stop(at: 30)
    _ = try stage.daemon().run(once: false)
    #expect(try place.names(\.done).count == 5)
    #expect(try place.names(\.deferred).isEmpty)
    #expect(try place.names(\.failed).isEmpty)
    #expect(try stage.index.rows().count == 5)
  }

  @Test func onceEndsWithTheReasonWhereNoBundleIsAtFault() throws {
    try stage.index.setTrouble("the database is locked")
    try place.put("good", "friday.h5")
    let error = #expect(throws: DaemonError.self) { try stage.daemon().run(once: true) }
    #expect(error?.explanation.kind == .io)
    #expect(error?.explanation.what.contains("the database is locked") == true)
    #expect(try place.names(\.failed).isEmpty)
  }

  @Test func aStopSignalEndsTheDaemonBeforeTheNextBundle() throws {
    world.at(0) { try stage.rename("first", "1.h5") + [.signal(SIGTERM)] }
    #expect(try stage.daemon().run(once: false) == 0)
    #expect(try place.names(\.incoming) == ["1.h5"])
    #expect(stage.log.lines.last?.contains("msg=\"stopped\"") == true)
  }

  /// The steps on the way of a bundle that is scored.
  private static let scoringSteps = PipelineStep.allCases.filter {
    ![.report, .failure, .failed, .postpone, .stability, .probe].contains($0)
  }

  @Test(arguments: scoringSteps)
  func aSignalInTheMiddleOfAGroupLetsItFinish(step: PipelineStep) throws {
    var daemon: SpoolDaemon?
    stage.surroundings.checkpoint = { if $0 == step { daemon?.signals.pipe.send(SIGTERM) } }
    stage.surroundings.watch = { WatchChoice($0, mode: .poll, filesystem: $2, signals: $3) }
    stage.source.configuration.withLock { $0["watch.settle_seconds"] = "0" }
    for name in ["1.h5", "2.h5"] { try place.put("good \(name)", name) }
    daemon = try stage.daemon()
    #expect(try daemon?.run(once: true) == 0)
    #expect(try place.names(\.done) == ["1.h5", "2.h5"] && stage.index.rows().count == 2)
    #expect(try place.names(\.incoming).isEmpty && place.names(\.active).isEmpty)
  }

  @Test func aBundleThatIsLinkedIntoIncomingIsTakenOnceItHasSettled() throws {
    var scoredAt: Double?
    stage.surroundings.checkpoint = { [world] step in if step == .end { scoredAt = world.elapsed } }
    world.at(10) {
      try place.put("good", "friday.h5")
      return [.created(FileName("friday.h5"))]
    }
    world.stop(at: 20)
    #expect(try stage.daemon().run(once: false) == 0)
    #expect(scoredAt.map { $0 <= 13 } == true && scoredAt.map { $0 >= 10 } == true)
  }

  @Test(arguments: [EBUSY, EPERM, EXDEV])
  func aFileThatCannotBeRenamedIsSetAsideAndTheQueueGoesOn(code: Int32) throws {
    try place.put("stuck", "a.h5")
    try place.put("good", "b.h5")
    let claim = stage.surroundings.claim
    stage.surroundings.claim = { spool, entry in
      guard entry.name.text != "a.h5" else {
        throw StorageError("claiming", spool.layout.incoming.appendingPathComponent("a.h5"), code: code)
      }
      return try claim(spool, entry)
    }
    #expect(try stage.daemon().run(once: true) == 1)
    #expect(try place.names(\.done) == ["b.h5"] && place.names(\.incoming) == ["a.h5"])
    #expect(stage.log.count(of: "set aside") == 1)
    stage.surroundings.claim = claim
    #expect(try stage.daemon().run(once: true) == 0)
    #expect(try place.names(\.done) == ["a.h5", "b.h5"])
  }

  /// The bundle is begun anew by each start, and the queue goes on when three runs have ended over it.
  @Test func aBundleThatTheDaemonDiedOnThreeTimesFails() throws {
    try place.put("deadly", "a.h5", in: \.active)
    try place.put("good", "b.h5")
    let claimed = try #require(FolderEntry(FileName("a.h5"), in: place.layout.active).flatMap(place.spool.reclaim))
    // One run counts once, however often it is asked.
    for run in ["first", "first", "second"] { place.spool.countDeath(over: claimed, of: run) }
    #expect(place.spool.deaths(over: claimed) == 2)
    // The third crashed: it left its mark and did not get as far as counting.
    try place.put("third crashed", ".ambd.crash", in: \.root)
    stage.surroundings.notesCrashes = true
    #expect(try stage.daemon().run(once: true) == 1)
    #expect(try place.names(\.done) == ["b.h5"])
    #expect(try place.text("a.h5.error.json", in: \.failed).contains("the daemon died on this file three times"))
    #expect(try place.names(\.active).isEmpty)
  }

  @Test func killsInTheMidstOfOrdinaryWorkAreNotHeldAgainstABundle() throws {
    struct Killed: Error {}
    try place.put("good", "a.h5")
    stage.surroundings.checkpoint = { if $0 == .labels { throw Killed() } }
    for _ in 0..<5 { #expect(throws: Killed.self) { try stage.daemon().run(once: true) } }
    stage.surroundings.checkpoint = { _ in }
    #expect(try stage.daemon().run(once: true) == 0)
    #expect(try place.names(\.done) == ["a.h5"])
  }

  @Test func aBundleThatIsInHandForLongIsCountedUntilItComesToAnEnd() throws {
    try place.put("slow", "a.h5", in: \.active)
    let claimed = try #require(FolderEntry(FileName("a.h5"), in: place.layout.active).flatMap(place.spool.reclaim))
    let words = LastWords()
    words.begin(claimed, place.spool)
    for _ in 0..<300 where place.spool.deaths(over: claimed) == 0 { usleep(100_000) }
    #expect(place.spool.deaths(over: claimed) == 1)
    // Told to stop: this run's end is not the bundle's fault.
    words.speak()
    #expect(place.spool.deaths(over: claimed) == 0)
    #expect(words.end())
  }

  @Test func aSecondDaemonIsRefused() throws {
    let lock = try SpoolLock(place.layout)
    let error = #expect(throws: SpoolError.self) { try stage.daemon().run(once: true) }
    #expect(error?.explanation.found == "process \(getpid())")
    withExtendedLifetime(lock) {}
  }

  @Test func aSpoolFolderThatVanishesEndsTheDaemonClearly() throws {
    world.at(10) {
      try FileManager.default.moveItem(
        at: place.layout.root, to: place.layout.root.deletingLastPathComponent().appendingPathComponent("gone"))
      return [.folderGone]
    }
    defer {
      try? FileManager.default.removeItem(
        at: place.layout.root.deletingLastPathComponent().appendingPathComponent("gone"))
    }
    let error = #expect(throws: DaemonError.self) { try stage.daemon().run(once: false) }
    #expect(error?.explanation.what.contains("removed, replaced or unmounted") == true)
    #expect(!FileManager.default.fileExists(atPath: place.layout.root.path))
  }

  @Test func aRemovedIncomingFolderIsMadeAgainAndWatched() throws {
    let watched = Counter()
    let world = world
    stage.surroundings.watch = { _, _, _, _ in
      watched.count += 1
      return WatchChoice(world, nil)
    }
    world.at(10) {
      rmdir(place.layout.incoming.path)
      return [.folderGone]
    }
    world.at(11) { try stage.rename("good", "friday.h5") }
    world.stop(at: 20)
    _ = try stage.daemon().run(once: false)
    #expect(watched.count == 2)
    #expect(try place.names(\.done) == ["friday.h5"])
  }

  @Test func aFloodBeyondMemoryIsWorkedOffInPortions() throws {
    stage.surroundings.capacity = 4
    for number in 0..<11 { try place.put("good \(number)", "\(number).h5") }
    #expect(try stage.daemon().run(once: true) == 0)
    #expect(try place.names(\.done).count == 11)
  }

  private final class Counter {
    var count = 0
  }
}
