import DialogueDomain
import Foundation
import OperatingSystem
import TestSpools
import Testing

@testable import BundleSpool

struct OutcomeTests {
  let place: TemporarySpool
  private let now = Date(timeIntervalSince1970: 1_700_000_000)
  private let policy = DeferralPolicy(start: 5, factor: 2, limit: 60, giveUpAfter: 100)
  private let busy = Explanation(.io, "the file is busy", at: "friday.h5")

  init() throws {
    place = try TemporarySpool()
  }

  private func note(_ claimed: ClaimedBundle, cause: DeferralNote.Cause = .bundle, at time: Date) -> DeferralNote? {
    DeferralNote(after: busy, cause: cause, of: claimed, at: time, policy: policy)
  }

  // done

  @Test func aDoneNameIsFreeForTheSameBytesOnly() throws {
    try place.put("same", "friday.h5", in: \.done)
    let name = BundleName(FileName("friday.h5"))
    #expect(try place.spool.isDoneNameFree(name, digest: FileDigest.sha256(Data("same".utf8))))
    #expect(try !place.spool.isDoneNameFree(name, digest: FileDigest.sha256(Data("other".utf8))))
    #expect(try place.spool.isDoneNameFree(BundleName(FileName("monday.h5")), digest: "x"))
  }

  /// rename(2) of two links to one file does nothing.
  @Test func aSecondLinkToAFinishedBundleDoesNotStayActive() throws {
    let claimed = try #require(try place.claimed("same", "friday.h5"))
    let done = place.layout.done.appendingPathComponent("friday.h5")
    #expect(link(claimed.url.path, done.path) == 0)
    try place.spool.moveToDone(claimed, as: claimed.name)
    #expect(try place.names(\.active).isEmpty && place.names(\.done) == ["friday.h5"])
  }

  /// Whoever may write into `incoming` can make a file of any size out of holes.
  @Test func aFileOfHolesDoesNotHoldUpTheQueue() throws {
    let claimed = try #require(try place.claimed("x", "holes.h5"))
    #expect(try place.spool.digest(of: claimed) == FileDigest.sha256(Data("x".utf8)))
    #expect(truncate(claimed.url.path, 1 << 40) == 0)
    #expect(try place.spool.digest(of: claimed) == nil)
    let name = try place.spool.failedName(of: claimed, digest: nil)
    try place.spool.moveToFailed(claimed, as: name)
    #expect(try place.names(\.failed) == ["holes.h5"])
  }

  // failed

  @Test func aFailedBundleHasItsReportBesideIt() throws {
    let claimed = try #require(try place.claimed("junk", "friday.h5"))
    let digest = try place.spool.digest(of: claimed)
    let explanation = Explanation(
      .data, "not HDF5", at: "friday.h5", found: "text", expected: "HDF5", remedy: "Copy it again.")
    let name = try place.spool.failedName(of: claimed, digest: digest)
    try place.spool.writeReport(FailureReport(explanation, of: claimed, digest: digest, at: now), as: name)
    try place.spool.moveToFailed(claimed, as: name)
    #expect(try place.names(\.failed) == ["friday.h5", "friday.h5.error.json"])
    let text = try place.text("friday.h5.error.json", in: \.failed)
    for part in [
      "\"what\" : \"not HDF5\"", "\"location\" : \"friday.h5\"", "\"found\" : \"text\"", "\"expected\" : \"HDF5\"",
      "\"remedy\" : \"Copy it again.\"", "\"kind\" : \"data\"", "\"time\" : \"2023-11-14T22:13:20Z\"",
      "\"digest\" : \"\(FileDigest.sha256(Data("junk".utf8)))\"", "\"tries\" : 1", "\"bundle\" : \"friday.h5\"",
    ] {
      #expect(text.contains(part), "\(part) is not in \(text)")
    }
    #expect(place.spool.report(beside: "friday.h5") == FailureReport(explanation, of: claimed, digest: digest, at: now))
  }

  @Test func otherBytesOfTheSameNameFailUnderANameOfTheirOwn() throws {
    try place.put("first", "friday.h5", in: \.failed)
    let claimed = try #require(try place.claimed("second", "friday.h5"))
    let digest = try #require(try place.spool.digest(of: claimed))
    #expect(try place.spool.failedName(of: claimed, digest: digest).text == "friday~\(digest.prefix(8)).h5")
    #expect(try place.spool.failedName(of: claimed, digest: nil).text == "friday~2.h5")
    try place.put("second", "friday.h5", in: \.failed)
    #expect(try place.spool.failedName(of: claimed, digest: digest).text == "friday.h5")
  }

  @Test func aStaleReportGoesUnlessItsBundleStillLiesThere() throws {
    let claimed = try #require(try place.claimed("mended", "friday.h5"))
    try place.put("{}", "friday.h5.error.json", in: \.failed)
    try place.put("still bad", "friday.h5", in: \.failed)
    place.spool.removeStaleReport(of: claimed)
    #expect(try place.names(\.failed) == ["friday.h5", "friday.h5.error.json"])
    unlink(place.layout.failed.appendingPathComponent("friday.h5").path)
    place.spool.removeStaleReport(of: claimed)
    #expect(try place.names(\.failed).isEmpty)
  }

  // deferred

  @Test func waitsGrowToTheLimit() {
    #expect((1...6).map(policy.wait) == [5, 10, 20, 40, 60, 60])
  }

  @Test func aDeferredBundleKeepsItsTriesUntilItIsFinished() throws {
    let first = try #require(try place.claimed("x", "friday.h5"))
    let firstNote = try #require(note(first, at: now))
    let file = try place.spool.postpone(first, note: firstNote)
    #expect(file.text == "friday.h5")
    #expect(try place.names(\.deferred) == ["friday.h5", "friday.h5.deferral.json"])

    let waiting = try place.spool.deferredBundles()
    let read = try #require(waiting.first?.note)
    #expect(read.tries == 1 && read.next == firstNote.next && read.trouble == busy)
    let second = try #require(try place.spool.claimDeferred(file, note: read))
    #expect(try place.names(\.deferred) == ["friday.h5.deferral.json"])
    let secondNote = try #require(note(second, at: now.addingTimeInterval(5)))
    #expect(secondNote.tries == 2)
    #expect(secondNote.troubledSince == now)
    #expect(secondNote.next == now.addingTimeInterval(15))
    // Written in whole seconds.
    #expect(abs(secondNote.arrived.timeIntervalSince(firstNote.arrived)) < 1)

    _ = try place.spool.postpone(second, note: secondNote)
    let third = try #require(try place.spool.claimDeferred(file, note: secondNote))
    try place.spool.moveToDone(third, as: third.name)
    #expect(try place.names(\.deferred).isEmpty)
  }

  @Test func aBundlesOwnTroubleIsGivenUpButTheHousesIsNot() throws {
    let claimed = try #require(try place.claimed("x", "friday.h5"))
    let firstNote = try #require(note(claimed, at: now))
    let again = ClaimedBundle(name: claimed.name, url: claimed.url, arrived: claimed.arrived, note: firstNote)
    #expect(note(again, at: now.addingTimeInterval(99)) != nil)
    #expect(note(again, at: now.addingTimeInterval(100)) == nil)
    #expect(note(again, cause: .machine, at: now.addingTimeInterval(1e6)) != nil)
    let machineNote = try #require(note(claimed, cause: .machine, at: now))
    #expect(machineNote.troubledSince == nil)
  }

  @Test func namesakesInDeferredDoNotReplaceEachOther() throws {
    let first = try #require(try place.claimed("first", "friday.h5"))
    _ = try place.spool.postpone(first, note: try #require(note(first, at: now)))
    let second = try #require(try place.claimed("second", "friday.h5"))
    let file = try place.spool.postpone(second, note: try #require(note(second, at: now)))
    #expect(file.text == "friday~2.h5")
    #expect(try place.text("friday.h5", in: \.deferred) == "first")
    // Its own name comes back with it.
    let waiting = try place.spool.deferredBundles()
    let entry = try #require(waiting.first { $0.file == file })
    let again = try #require(try place.spool.claimDeferred(entry.file, note: entry.note))
    #expect(again.name.text == "friday.h5")
    #expect(try place.text("friday.h5", in: \.active) == "second")
  }

  /// Only the note knows that `friday~2.h5` is called `friday.h5`: on a full disk it stays where it is.
  @Test func aNamesakeIsNotPutIntoDeferredWithoutItsNote() throws {
    let first = try #require(try place.claimed("first", "friday.h5"))
    _ = try place.spool.postpone(first, note: try #require(note(first, at: now)))
    let second = try #require(try place.claimed("second", "friday.h5"))
    let obstacle = place.layout.deferred.appendingPathComponent("friday~2.h5.deferral.json")
    #expect(mkdir(obstacle.path, 0o755) == 0)
    let secondNote = try #require(note(second, at: now))
    #expect(throws: StorageError.self) { try place.spool.postpone(second, note: secondNote) }
    #expect(try place.text("friday.h5", in: \.active) == "second")
    #expect(rmdir(obstacle.path) == 0)
    #expect(try place.spool.postpone(second, note: secondNote).text == "friday~2.h5")
  }

  @Test func aNamesakeInDeferredWaitsUntilItsNoteCanBeRead() throws {
    for name in ["friday.h5", "friday~2.h5", "monday~2.h5"] { try place.put("x", name, in: \.deferred) }
    // What lies there and cannot be read.
    for name in ["friday.h5", "friday~2.h5"] {
      #expect(mkdir(place.layout.deferred.path + "/\(name).deferral.json", 0o755) == 0)
    }
    #expect(try place.spool.deferredBundles().map(\.file.text) == ["friday.h5", "monday~2.h5"])
    #expect(rmdir(place.layout.deferred.path + "/friday~2.h5.deferral.json") == 0)
    #expect(try place.spool.deferredBundles().count == 3)
  }

  @Test func aKilledRetryIsTakenUpWithItsTries() throws {
    let first = try #require(try place.claimed("x", "friday.h5"))
    let firstNote = try #require(note(first, at: now))
    let file = try place.spool.postpone(first, note: firstNote)
    _ = try place.spool.claimDeferred(file, note: firstNote)
    let entries = try place.spool.recover()
    let entry = try #require(entries.first)
    #expect(place.spool.reclaim(entry)?.note?.tries == 1)
    // A note that belongs to a namesake still deferred is not taken for its own.
    try place.put("other", "friday.h5", in: \.deferred)
    let reclaimed = try #require(place.spool.reclaim(entry))
    #expect(reclaimed.note == nil)
  }
}

/// A filesystem that has trouble in telling says nothing about a name: here by one that is longer than any may be.
struct TroubledLookTests {
  private let tooLong = BundleName(unchecked: String(repeating: "x", count: 300) + ".h5")

  @Test func aNameThatCannotBeLookedAtIsNotFree() throws {
    let place = try TemporarySpool()
    #expect(try !place.spool.isDoneNameFree(tooLong, digest: "d"))
    #expect(try place.spool.isDoneNameFree(BundleName(FileName("friday.h5")), digest: "d"))
  }

  /// The process's own memory is a regular file that begins with an error of reading.
  @Test func whatCannotBeReadAtTheMomentIsNeitherTheSameBytesNorOthers() throws {
    let place = try TemporarySpool()
    let name = BundleName(unchecked: "mem")
    for folder in [place.layout.done, place.layout.failed] {
      try FileManager.default.removeItem(at: folder)
      try FileManager.default.createSymbolicLink(at: folder, withDestinationURL: URL(fileURLWithPath: "/proc/self"))
    }
    let claimed = try #require(try place.claimed("x", "mem"))
    #expect(throws: StorageError.self) { try place.spool.isDoneNameFree(name, digest: "d") }
    #expect(throws: StorageError.self) { try place.spool.failedName(of: claimed, digest: "d") }
    // Without a digest nothing need be read.
    #expect(try place.spool.failedName(of: claimed, digest: nil).text == "mem~2")
  }
}
