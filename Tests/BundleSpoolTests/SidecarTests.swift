import DialogueDomain
import Foundation
import OperatingSystem
import TestSpools
import Testing

@testable import BundleSpool

/// Digest files that a crash has parted from their bundles.
struct SidecarTests {
  private let place: TemporarySpool
  private let name = "friday.h5.sha256"

  init() throws {
    place = try TemporarySpool()
  }

  private func digest(_ text: String) -> String { FileDigest.sha256(Data(text.utf8)) + "  friday.h5\n" }

  @Test func aDigestFollowsItsBundleAtTheNextStart() throws {
    try place.put(digest("good"), name, in: \.active)
    try place.put("good", "friday.h5", in: \.deferred)
    _ = try place.spool.recover()
    #expect(try place.names(\.active).isEmpty)
    #expect(try place.names(\.deferred) == ["friday.h5", name])
  }

  @Test func aDigestFindsItsBundleUnderAMarkedName() throws {
    try place.put(digest("good"), name, in: \.active)
    try place.put("other", "friday.h5", in: \.done)
    try place.put("good", "friday~12345678.h5", in: \.done)
    _ = try place.spool.recover()
    #expect(try place.names(\.done) == ["friday.h5", "friday~12345678.h5", "friday~12345678.h5.sha256"])
  }

  @Test func aDigestOfNoBundleHereIsSetAside() throws {
    try place.put(digest("gone"), name, in: \.active)
    try place.put("other", "friday.h5")
    _ = try place.spool.recover()
    #expect(try place.names(\.incoming) == ["friday.h5"] && place.names(\.active).isEmpty)
    #expect(try place.text(name + ".stale", in: \.hold) == digest("gone"))
  }

  @Test func aDigestBesideItsBundleStays() throws {
    try place.put("good", "friday.h5", in: \.active)
    try place.put(digest("other"), name, in: \.active)
    _ = try place.spool.recover()
    #expect(try place.names(\.active) == ["friday.h5", name])
  }

  /// As a power cut leaves it that undoes the claim and keeps the move after it.
  @Test func ofTwoLinksToOneDigestOneIsLeft() throws {
    let claimed = try #require(try place.claimed("bad", "friday.h5"))
    try place.put(digest("bad"), name, in: \.active)
    let target = place.layout.failed.appendingPathComponent(name)
    try FileManager.default.linkItem(at: place.layout.active.appendingPathComponent(name), to: target)
    try place.spool.moveToFailed(claimed, as: claimed.name)
    #expect(try place.names(\.active).isEmpty)
    #expect(try place.names(\.failed) == ["friday.h5", name])
  }
}

/// Names in `active` that are used again.
struct FreedNamesTests {
  /// A folder that is not there cannot be synced: so a sync is seen.
  private let missing = URL(fileURLWithPath: "/nonexistent/active")
  private let name = BundleName(FileName("friday.h5"))

  @Test func aNameThatIsUsedAgainWaitsForASync() throws {
    let freed = FreedNames()
    try freed.prepare(name, in: missing)
    freed.free(name)
    #expect(throws: StorageError.self) { try freed.prepare(name, in: missing) }
    try freed.prepare(BundleName(FileName("monday.h5")), in: missing)
  }

  @Test func afterTheSyncTheNameIsFree() throws {
    let place = try TemporarySpool()
    let freed = FreedNames()
    freed.free(name)
    try freed.prepare(name, in: place.layout.active)
    try freed.prepare(name, in: missing)
  }

  @Test func eachWayOutOfActiveCounts() throws {
    let place = try TemporarySpool()
    let first = try #require(try place.claimed("one", "friday.h5"))
    try place.spool.moveToDone(first, as: first.name)
    #expect(throws: StorageError.self) { try place.spool.freed.prepare(name, in: missing) }
    // Claiming it again syncs.
    let second = try #require(try place.claimed("two", "friday.h5"))
    try place.spool.freed.prepare(name, in: missing)
    try place.spool.moveToFailed(second, as: second.name)
    #expect(throws: StorageError.self) { try place.spool.freed.prepare(name, in: missing) }
  }
}
