import Foundation
import TestSpools
import Testing

@testable import BundleSpool

struct ClaimTests {
  let place: TemporarySpool

  init() throws {
    place = try TemporarySpool()
  }

  @Test func aClaimMovesTheBundleIntoActive() throws {
    let claimed = try #require(try place.claimed("x", "friday.h5"))
    #expect(claimed.name.text == "friday.h5")
    #expect(try place.names(\.incoming).isEmpty)
    #expect(try place.names(\.active) == ["friday.h5"])
    #expect(place.spool.isThere(claimed))
  }

  @Test func aClaimNeverReplacesAnActiveNamesake() throws {
    _ = try place.claimed("first", "friday.h5")
    #expect(try place.claimed("second", "friday.h5") == nil)
    #expect(try place.text("friday.h5", in: \.active) == "first")
    #expect(try place.text("friday.h5", in: \.incoming) == "second")
  }

  @Test func aLinkPutInABundlesPlaceAfterTheLookGoesBackUnread() throws {
    try place.put("x", "friday.h5")
    let file = place.layout.incoming.appendingPathComponent("friday.h5")
    let entry = try #require(FolderEntry(FileName("friday.h5"), in: place.layout.incoming))
    unlink(file.path)
    #expect(symlink("/dev/zero", file.path) == 0)
    #expect(try place.spool.claim(entry) == nil)
    #expect(try place.names(\.active).isEmpty)
    #expect(FolderEntry(FileName("friday.h5"), in: place.layout.incoming)?.kind == .link)
  }

  /// A file that cannot be looked at for the moment has not vanished.
  @Test func onlyWhatIsSurelyGoneCountsAsGone() throws {
    let claimed = try #require(try place.claimed("x", "friday.h5"))
    #expect(place.spool.isThere(claimed))
    // ELOOP stands in for EIO and ESTALE, which no test can ask a filesystem for.
    rename(place.layout.active.path, place.layout.root.appendingPathComponent("aside").path)
    symlink(place.layout.active.path, place.layout.active.path)
    #expect(place.spool.isThere(claimed))
    unlink(place.layout.active.path)
    #expect(!place.spool.isThere(claimed))
  }

  @Test func aVanishedFileIsNoError() throws {
    try place.put("x", "friday.h5")
    let entry = try #require(FolderEntry(FileName("friday.h5"), in: place.layout.incoming))
    unlink(place.layout.incoming.appendingPathComponent("friday.h5").path)
    #expect(try place.spool.claim(entry) == nil)
  }

  @Test func aNameThatIsNotUTF8IsClaimedUnderASpelledOutName() throws {
    let name = FileName(bytes: Array("fri".utf8) + [0xFF] + Array("day.h5".utf8))
    let descriptor = name.withPath(in: place.layout.incoming) { open($0, O_WRONLY | O_CREAT, 0o644) }
    close(descriptor)
    let found = try place.spool.listIncoming(limit: 10).bundles
    #expect(found.map(\.name) == [name])
    let claimed = try #require(try found.first.flatMap(place.spool.claim))
    #expect(claimed.name.text == "fri%FFday.h5")
    #expect(try place.names(\.active) == ["fri%FFday.h5"])
  }

  @Test func composedAndDecomposedNamesAreTwoBundles() throws {
    for name in ["\u{E9}.h5", "e\u{301}.h5"] { #expect(try place.claimed(name, name) != nil) }
    #expect(try FolderListing.names(in: place.layout.active).count == 2)
  }

  @Test func theDigestFileTravelsWithItsBundle() throws {
    try place.put("digest", "friday.h5.sha256")
    let claimed = try #require(try place.claimed("x", "friday.h5"))
    #expect(try place.names(\.active) == ["friday.h5", "friday.h5.sha256"])
    try place.spool.moveToDone(claimed, as: claimed.name)
    #expect(try place.names(\.done) == ["friday.h5", "friday.h5.sha256"])
    #expect(try place.names(\.active).isEmpty)
  }

  @Test func aFileOpenForWritingIsSeenAsSuch() throws {
    let url = try place.put("x", "friday.h5")
    let descriptor = open(url.path, O_WRONLY)
    let name = FileName("friday.h5")
    #expect(try #require(place.spool.sight(name)).hasWriter)
    close(descriptor)
    #expect(try #require(place.spool.sight(name)).hasWriter == false)
    #expect(place.spool.sight(FileName("none.h5")) == nil)
  }
}
