import AmbqConfiguration
import BundleSpool
import DialogueDomain
import Foundation
import ResultIndex
import TestSpools
import Testing

@testable import ScoringDaemon

/// The index may be lost, replaced or damaged: no bundle suffers for it, and what is in `done` has rows again.
struct IndexReconciliationTests {
  private let stage: DaemonStage
  private var place: TemporarySpool { stage.place }

  init() throws {
    stage = try DaemonStage()
    for name in ["a.h5", "b.h5"] { try place.put("good \(name)", name) }
    try place.put("good a.h5", "twin.h5")
    try place.put("bad", "c.h5")
  }

  /// Takes everything through once; `a.h5` comes a second time with other bytes.
  private func settle() throws {
    _ = try stage.daemon().run(once: true)
    try place.put("another", "a.h5")
    _ = try stage.daemon().run(once: true)
  }

  private func removeIndex() {
    for ending in ["", "-wal", "-shm"] { unlink(place.layout.index.path + ending) }
  }

  private var rows: [String] {
    get throws { try stage.index.rows().map { "\($0.name) \($0.bundle) \($0.labels) \($0.utterances)" }.sorted() }
  }

  @Test func bundlesInDoneThatTheIndexDoesNotKnowAreScoredAgain() throws {
    try settle()
    let (expected, done) = (try rows, try place.names(\.done))
    #expect(expected.count == 3 && done.count == 4)
    let labels = try place.names(\.labels).map { try place.text($0, in: \.labels) }
    removeIndex()
    #expect(try stage.daemon().run(once: true) == 0)
    // Of two names of the same bytes another may come first.
    func digests(_ rows: [String]) -> [Substring] { rows.map { $0.split(separator: " ")[1] }.sorted() }
    #expect(try digests(rows) == digests(expected))
    #expect(try place.names(\.labels).map { try place.text($0, in: \.labels) } == labels)
    #expect(try place.names(\.done) == done && place.names(\.incoming).isEmpty)
    #expect(stage.log.count(of: "the index does not know") == 1)
    #expect(try stage.index.failures().map(\.name) == ["c.h5"])
  }

  /// Their labels lie under their first name, and their second is taken in `done` by other bytes.
  @Test func knownBytesUnderAMarkedNameAreLeftAlone() throws {
    try settle()
    try place.put("good b.h5", "a.h5")
    _ = try stage.daemon().run(once: true)
    let done = try place.names(\.done)
    #expect(done.count == 5)
    let before = stage.intake.read.count
    #expect(try stage.daemon().run(once: true) == 0)
    #expect(stage.intake.read.count == before && stage.log.count(of: "the index does not know") == 0)
    #expect(try place.names(\.done) == done)
  }

  @Test func whatTheIndexKnowsIsLeftAlone() throws {
    try settle()
    let before = stage.intake.read.count
    #expect(try stage.daemon().run(once: true) == 0)
    #expect(stage.intake.read.count == before && stage.log.count(of: "the index does not know") == 0)
  }

  @Test func anIndexThatIsDeletedUnderTheDaemonIsNoticedAndMadeAgain() throws {
    stage.world.at(0) { try stage.rename("first", "1.h5") }
    stage.world.at(10) {
      removeIndex()
      return []
    }
    stage.world.at(11) { try stage.rename("second", "2.h5") }
    stage.world.stop(at: 20)
    #expect(try stage.daemon().run(once: false) == 0)
    #expect(stage.log.count(of: "the index was deleted while ambd worked on it") == 1)
    #expect(try Set(stage.index.rows().map(\.name)).isSuperset(of: ["1.h5", "2.h5"]))
    #expect(try place.names(\.failed) == ["c.h5", "c.h5.error.json"])
  }

  @Test func theIndexIsMadeAgainOnRequest() throws {
    try settle()
    let expected = try rows
    #expect(try stage.daemon().run(once: true, rebuildsIndex: true) == 0)
    #expect(try rows.count == expected.count)
    let kept = try FileManager.default.contentsOfDirectory(atPath: place.layout.root.path)
    #expect(kept.contains { $0.hasPrefix("index.sqlite.old-") })
  }

  @Test func aDamagedIndexPausesTheQueueAndNoBundleFails() throws {
    try settle()
    // Where the tables begin, beyond the header.
    let file = try FileHandle(forUpdating: place.layout.index)
    try file.seek(toOffset: 4096)
    try file.write(contentsOf: Data(repeating: 0xFF, count: 40 * 4096))
    try file.close()
    try place.put("good", "d.h5")
    do {
      _ = try stage.daemon().run(once: true)
      Issue.record("the damage went unnoticed")
    } catch let error as any ExplainedError {
      #expect(error.explanation.message.contains("--rebuild-index"))
    }
    #expect(try place.names(\.failed) == ["c.h5", "c.h5.error.json"])
    #expect(try stage.daemon().run(once: true, rebuildsIndex: true) == 0)
    #expect(try place.names(\.done).contains("d.h5") && stage.index.rows().count == 4)
  }
}
