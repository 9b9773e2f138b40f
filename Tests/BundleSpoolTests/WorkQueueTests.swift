import DialogueDomain
import Foundation
import Testing

@testable import BundleSpool

final class WorkQueueTests {
  private let now = Date(timeIntervalSince1970: 1_700_000_000)
  private var queue = WorkQueue(arrivals: ArrivalQueue(settleSeconds: 0))

  private func entry(_ name: String) -> FolderEntry {
    FolderEntry(name: FileName(name), signature: .init(size: 1, modified: now, inode: 1), changed: now)
  }

  private func next(after seconds: Double = 0) -> String? {
    let work = queue.next(at: now.addingTimeInterval(seconds)) { name in
      Sighting(entry: self.entry(name.shown)) { false }
    }
    return switch work {
    case .begun(let entry): "begun \(entry.name.shown)"
    case .fresh(let entry): "fresh \(entry.name.shown)"
    case .retry(let file, _): "retry \(file.shown)"
    case nil: nil
    }
  }

  private func shelve(_ dues: [(String, Double)]) {
    let bundles = try? dues.map { name, seconds in
      (file: FileName(name), note: try note(due: now.addingTimeInterval(seconds)))
    }
    queue.shelf.scanned(bundles ?? [], at: now, longestWait: 100)
  }

  private func note(due: Date) throws -> DeferralNote? {
    let claimed = ClaimedBundle(
      name: BundleName(FileName("x.h5")), url: URL(fileURLWithPath: "/x.h5"), arrived: now, note: nil)
    var note = DeferralNote(
      after: Explanation(.io, "busy"), cause: .bundle, of: claimed, at: now,
      policy: DeferralPolicy(start: 1, factor: 1, limit: 1, giveUpAfter: 100))
    note?.next = due
    return note
  }

  @Test func freshAndDeferredWorkTakeTurns() {
    for name in ["1.h5", "2.h5", "3.h5"] { queue.arrivals.renamedIn(FileName(name)) }
    shelve([("a.h5", -3), ("b.h5", -2), ("c.h5", -1)])
    #expect(
      (0..<7).map { _ in next() } == [
        "fresh 1.h5", "retry a.h5", "fresh 2.h5", "retry b.h5", "fresh 3.h5", "retry c.h5", nil,
      ])
  }

  @Test func whatWasBegunComesFirst() {
    queue.arrivals.renamedIn(FileName("1.h5"))
    queue.resume([entry("old.h5")])
    #expect((0..<3).map { _ in next() } == ["begun old.h5", "fresh 1.h5", nil])
  }

  @Test func deferredWorkWaitsForItsTime() {
    shelve([("a.h5", 10), ("b.h5", 5)])
    #expect(!queue.hasWork(at: now))
    #expect(queue.nextDeadline == now.addingTimeInterval(5))
    #expect(next(after: 4) == nil)
    #expect(next(after: 5) == "retry b.h5")
    #expect(next(after: 10) == "retry a.h5")
  }

  @Test func aDueTimeBeyondTheLongestWaitComesOfAWrongClock() {
    shelve([("a.h5", 101)])
    #expect(next() == "retry a.h5")
  }

  @Test func bundlesTakenOutOfDeferredByHandAreForgotten() {
    shelve([("a.h5", 10)])
    queue.shelf.scanned([], at: now, longestWait: 100)
    #expect(queue.count == 0)
    #expect(queue.nextDeadline == nil)
  }

  @Test func aBundlePutIntoDeferredByHandIsTriedAtOnce() {
    queue.shelf.scanned([(FileName("a.h5"), nil)], at: now, longestWait: 100)
    #expect(next() == "retry a.h5")
  }
}
