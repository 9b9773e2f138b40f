import BundleSpool
import Foundation
import TestSpools
import Testing

struct SpoolMoveTests {
  private let place: TemporarySpool
  private var spool: Spool { place.spool }

  init() throws {
    place = try TemporarySpool()
  }

  private func moved(_ move: SpoolMove, _ names: [String]?) throws -> [String] {
    try spool.apply(move, to: names).map { "\($0.name): \($0.from) \($0.to ?? "-")" }
  }

  @Test func aFailedBundleComesBackWithItsDigestAndWithoutItsReport() throws {
    for name in ["a.h5", "a.h5.sha256", "a.h5.error.json", "b.h5", "b.h5.error.json"] {
      try place.put("x", name, in: \.failed)
    }
    #expect(try moved(.retry, ["a.h5"]) == ["a.h5: failed incoming"])
    #expect(try place.names(\.incoming) == ["a.h5", "a.h5.sha256"])
    #expect(try place.names(\.failed) == ["b.h5", "b.h5.error.json"])
  }

  /// Of several that failed under one name, all but the first got a mark.
  @Test func whatFailedUnderAMarkedNameComesBackUnderItsOwn() throws {
    func report(_ name: String) -> String {
      "{\"bundle\":\"\(name)\",\"kind\":\"data\",\"what\":\"bad\",\"time\":\"2026-11-22T19:40:00Z\",\"tries\":1}"
    }
    for (name, came) in [("a~0123abcd.h5", "a.h5"), ("b~2.h5", "b.h5"), ("mine~0123abcd.h5", "mine~0123abcd.h5")] {
      try place.put("x", name, in: \.failed)
      try place.put("digest", "\(name).sha256", in: \.failed)
      try place.put(report(came), "\(name).error.json", in: \.failed)
    }
    #expect(
      try moved(.retry, nil) == [
        "a~0123abcd.h5: failed incoming/a.h5", "b~2.h5: failed incoming/b.h5", "mine~0123abcd.h5: failed incoming",
      ])
    #expect(
      try place.names(\.incoming) == [
        "a.h5", "a.h5.sha256", "b.h5", "b.h5.sha256", "mine~0123abcd.h5", "mine~0123abcd.h5.sha256",
      ])
    #expect(try place.names(\.failed).isEmpty)
  }

  /// Neither a namesake that waits nor a report that names another file moves anything elsewhere.
  @Test func aMarkStaysWhereTheNameIsTakenOrTheReportLies() throws {
    try place.put("x", "a~0123abcd.h5", in: \.failed)
    try place.put(
      "{\"bundle\":\"a.h5\",\"kind\":\"data\",\"what\":\"bad\",\"time\":\"2026-11-22T19:40:00Z\",\"tries\":1}",
      "a~0123abcd.h5.error.json", in: \.failed)
    try place.put("y", "a.h5")
    try place.put("x", "c~0123abcd.h5", in: \.failed)
    try place.put(
      "{\"bundle\":\"../c.h5\",\"kind\":\"data\",\"what\":\"bad\",\"time\":\"2026-11-22T19:40:00Z\",\"tries\":1}",
      "c~0123abcd.h5.error.json", in: \.failed
    )
    #expect(try moved(.retry, nil) == ["a~0123abcd.h5: failed incoming", "c~0123abcd.h5: failed incoming"])
    #expect(try place.names(\.incoming) == ["a.h5", "a~0123abcd.h5", "c~0123abcd.h5"])
  }

  @Test func aDeferredBundleIsTriedAtOnce() throws {
    for name in ["a.h5", "a.h5.deferral.json"] { try place.put("x", name, in: \.deferred) }
    #expect(try moved(.retry, nil) == ["a.h5: deferred incoming"])
    #expect(try place.names(\.deferred).isEmpty && place.names(\.incoming) == ["a.h5"])
  }

  @Test func whatIsHeldGoesOnWhenReleased() throws {
    for name in ["week-1.h5", "week-2.vtt", "other.h5", ".week-3.h5.part"] { try place.put("x", name) }
    #expect(try moved(.hold, ["week-?.*"]) == ["week-1.h5: incoming hold", "week-2.vtt: incoming hold"])
    #expect(try place.names(\.hold) == ["week-1.h5", "week-2.vtt"])
    #expect(try moved(.release, ["week-2.vtt", "nothing.h5"]) == ["week-2.vtt: hold incoming"])
    #expect(try place.names(\.incoming) == [".week-3.h5.part", "other.h5", "week-2.vtt"])
  }

  @Test func whatIsDroppedIsGoneWithAllThatWasWrittenAboutIt() throws {
    for name in ["a.h5", "a.h5.sha256", "a.h5.error.json", "keep.h5"] { try place.put("x", name, in: \.failed) }
    try place.put("x", "a.h5", in: \.incoming)
    #expect(try moved(.drop, ["a.h5"]) == ["a.h5: failed -"])
    #expect(try place.names(\.failed) == ["keep.h5"] && place.names(\.incoming) == ["a.h5"])
  }

  @Test func nothingIsReplaced() throws {
    try place.put("failed", "a.h5", in: \.failed)
    try place.put("new", "a.h5")
    let error = #expect(throws: SpoolError.self) { try spool.apply(.retry, to: nil) }
    #expect(error?.explanation.what == "another bundle of that name is there")
    #expect(try place.text("a.h5", in: \.incoming) == "new" && place.text("a.h5", in: \.failed) == "failed")
  }

  @Test func linksAndFoldersAreNoBundles() throws {
    symlink("/etc/passwd", place.layout.failed.appendingPathComponent("link.h5").path)
    mkdir(place.layout.failed.appendingPathComponent("folder.h5").path, 0o700)
    #expect(try moved(.drop, nil).isEmpty)
    #expect(try place.names(\.failed) == ["folder.h5", "link.h5"])
  }
}
