import Foundation
import Testing

@testable import BundleSpool

/// A virtual clock and a virtual folder: nothing here waits.
final class ArrivalQueueTests {
  private let start = Date(timeIntervalSince1970: 1_700_000_000)
  private var queue = ArrivalQueue(settleSeconds: 5)

  private func entry(_ name: String, size: Int64 = 1, changed: Double = -1000) -> FolderEntry {
    let date = start.addingTimeInterval(changed)
    return FolderEntry(
      name: FileName(name), signature: .init(size: size, modified: date, inode: 1), changed: date)
  }

  private func at(_ seconds: Double) -> Date { start.addingTimeInterval(seconds) }

  /// Takes the next name, in a folder that holds these entries.
  private func next(
    _ seconds: Double, _ entries: [FolderEntry], open: Set<String> = []
  ) -> String? {
    queue.next(at: at(seconds)) { name in
      entries.first { $0.name == name }.map { entry in
        Sighting(entry: entry) { open.contains(entry.name.shown) }
      }
    }?.name.shown
  }

  @Test func aRenamedFileIsReadyAtOnce() {
    queue.renamedIn(FileName("a.h5"))
    #expect(queue.hasReady(at: at(0)))
    #expect(next(0, [entry("a.h5")]) == "a.h5")
    #expect(next(0, [entry("a.h5")]) == nil)
    #expect(queue.count == 0)
  }

  @Test func aFileIsNeverQueuedTwice() {
    let a = entry("a.h5")
    queue.renamedIn(a.name)
    queue.renamedIn(a.name)
    queue.closed(a, at: at(0))
    queue.scanned([a], at: at(0), trustTimes: true)
    #expect(queue.count == 1)
    #expect(next(0, [a]) == "a.h5")
    #expect(next(100, [a]) == nil)
  }

  @Test func aClosedFileSettlesFirst() {
    queue.closed(entry("a.h5"), at: at(0))
    #expect(queue.nextDeadline == at(5))
    #expect(next(4.9, [entry("a.h5")]) == nil)
    #expect(next(5, [entry("a.h5")]) == "a.h5")
  }

  @Test func aSlowWriterThatClosesAndReopensIsWaitedFor() {
    queue.closed(entry("a.h5", size: 1), at: at(0))
    queue.closed(entry("a.h5", size: 2), at: at(4))
    #expect(next(5, [entry("a.h5", size: 2)]) == nil)
    // It grew without a notice: it settles anew.
    #expect(next(9, [entry("a.h5", size: 3)]) == nil)
    #expect(next(13.9, [entry("a.h5", size: 3)]) == nil)
    #expect(next(14, [entry("a.h5", size: 3)]) == "a.h5")
  }

  @Test func aFileThatSomeoneWritesToIsNotGivenOut() {
    queue.renamedIn(FileName("a.h5"))
    #expect(next(0, [entry("a.h5")], open: ["a.h5"]) == nil)
    #expect(queue.openCount == 1)
    #expect(next(5, [entry("a.h5")], open: ["a.h5"]) == nil)
    #expect(queue.openCount == 1)
    queue.closed(entry("a.h5", size: 2), at: at(6))
    #expect(next(11, [entry("a.h5", size: 2)]) == "a.h5")
  }

  @Test func aVanishedFileIsForgotten() {
    queue.renamedIn(FileName("a.h5"))
    queue.closed(entry("b.h5"), at: at(0))
    #expect(next(10, []) == nil)
    #expect(queue.count == 0)
    #expect(queue.nextDeadline == nil)
  }

  @Test func aFileReplacedWhileQueuedIsTakenAsItIsNow() {
    queue.renamedIn(FileName("a.h5"))
    let taken = queue.next(at: at(0)) { _ in Sighting(entry: self.entry("a.h5", size: 99)) { false } }
    #expect(taken?.signature.size == 99)
  }

  @Test func aListingTrustsLocalTimesAndOrdersByArrival() {
    let entries = [entry("new.h5", changed: -6), entry("old.h5", changed: -60), entry("fresh.h5", changed: -2)]
    queue.scanned(entries, at: at(0), trustTimes: true)
    #expect(next(0, entries) == "old.h5")
    #expect(next(0, entries) == "new.h5")
    #expect(next(0, entries) == nil)
    #expect(queue.nextDeadline == at(3))
    #expect(next(3, entries) == "fresh.h5")
  }

  @Test func aListingOfAnotherMachinesFilesWaitsByItsOwnClock() {
    let entries = [entry("a.h5", changed: -6000), entry("b.h5", changed: 6000)]
    queue.scanned(entries, at: at(0), trustTimes: false)
    #expect(next(0, entries) == nil)
    // The same look again does not start the wait anew.
    queue.scanned(entries, at: at(4), trustTimes: false)
    #expect(Set([next(5, entries), next(5, entries)]) == ["a.h5", "b.h5"])
  }

  @Test func aTimeInTheFutureCountsFromNow() {
    queue.scanned([entry("a.h5", changed: 6000)], at: at(0), trustTimes: true)
    #expect(queue.nextDeadline == at(5))
  }

  @Test func aFloodBeyondTheCapacityIsLeftInTheFolder() {
    queue = ArrivalQueue(settleSeconds: 0, capacity: 3)
    let entries = (0..<5).map { entry("\($0).h5", changed: Double($0) - 100) }
    queue.scanned(entries, at: at(0), trustTimes: true)
    #expect(queue.count == 3)
    #expect(queue.leftSomeBehind)
    #expect((0..<4).map { _ in next(0, entries) } == ["0.h5", "1.h5", "2.h5", nil])
    queue.scanned(Array(entries.dropFirst(3)), at: at(1), trustTimes: true)
    #expect(!queue.leftSomeBehind)
    #expect(next(1, entries) == "3.h5")
  }

  @Test func aFileThatBecameSomethingElseIsDropped() {
    queue.renamedIn(FileName("a.h5"))
    var link = entry("a.h5")
    link.kind = .link
    #expect(next(0, [link]) == nil)
    #expect(queue.count == 0)
  }
}
