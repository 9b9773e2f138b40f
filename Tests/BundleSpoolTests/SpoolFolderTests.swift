import AmbqConfiguration
import DialogueDomain
import Foundation
import TestSpools
import Testing

@testable import BundleSpool

struct SpoolFolderTests {
  @Test func foldersAreMadeAndClosedToOthers() throws {
    let place = try TemporarySpool(prepared: false)
    try place.spool.prepare()
    #expect(
      try place.names(\.root) == [
        "active", "corrections", "deferred", "done", "failed", "hold", "incoming", "labels", "reports",
      ])
    for folder in [place.layout.root, place.layout.labels, place.layout.incoming] {
      let mode = try FileManager.default.attributesOfItem(atPath: folder.path)[.posixPermissions] as? Int
      #expect((mode ?? 0o7) & 0o007 == 0)
    }
    try place.spool.checkMoves()
    #expect(try place.names(\.done).isEmpty)
  }

  @Test func existingFoldersKeepTheirPermissions() throws {
    let place = try TemporarySpool(prepared: false)
    try FileManager.default.createDirectory(at: place.layout.incoming, withIntermediateDirectories: true)
    chmod(place.layout.incoming.path, 0o1777)
    try place.spool.prepare()
    let mode = try FileManager.default.attributesOfItem(atPath: place.layout.incoming.path)[.posixPermissions] as? Int
    #expect(mode == 0o1777)
  }

  @Test func aFileInTheWayOfAFolderIsExplained() throws {
    let place = try TemporarySpool(prepared: false)
    try FileManager.default.createDirectory(at: place.layout.root, withIntermediateDirectories: true)
    try Data().write(to: place.layout.root.appendingPathComponent("done"))
    let error = #expect(throws: SpoolError.self) { try place.spool.prepare() }
    #expect(error?.explanation.what == "not a folder")
    #expect(error?.explanation.location == place.layout.done.path)
  }

  /// Whether memory is another filesystem than the folder for temporary files, as on the usual machine.
  private static var hasTwoFilesystems: Bool {
    var own = stat()
    var other = stat()
    return stat(FileManager.default.temporaryDirectory.path, &own) == 0 && stat("/dev/shm", &other) == 0
      && own.st_dev != other.st_dev
  }

  @Test(.enabled(if: hasTwoFilesystems, "the folder for temporary files lies on the filesystem of /dev/shm"))
  func foldersOnTwoFilesystemsAreRefused() throws {
    let place = try TemporarySpool()
    let elsewhere = URL(fileURLWithPath: "/dev/shm/ambq-\(UUID().uuidString)", isDirectory: true)
    try FileManager.default.createDirectory(at: elsewhere, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: elsewhere) }
    try FileManager.default.removeItem(at: place.layout.done)
    try FileManager.default.createSymbolicLink(at: place.layout.done, withDestinationURL: elsewhere)
    let error = #expect(throws: SpoolError.self) { try place.spool.checkMoves() }
    #expect(error?.explanation.what == "the spool's folders do not lie on one filesystem")
    #expect(try place.names(\.failed).isEmpty)
  }

  @Test func aSecondLockIsRefusedNamingTheFirstProcess() throws {
    let place = try TemporarySpool()
    var first: SpoolLock? = try SpoolLock(place.layout)
    let error = #expect(throws: SpoolError.self) { try SpoolLock(place.layout) }
    #expect(error?.explanation.found == "process \(getpid())")
    #expect(first != nil)
    first = nil
    _ = try SpoolLock(place.layout)
  }

  @Test func whoDeletesTheLockFileLetsNoSecondDaemonIn() throws {
    let place = try TemporarySpool()
    let first = try SpoolLock(place.layout)
    unlink(place.layout.lock.path)
    let error = #expect(throws: SpoolError.self) { try SpoolLock(place.layout) }
    #expect(error?.explanation.what == "another ambd works on this spool")
    withExtendedLifetime(first) {}
  }

  @Test func aFolderThatEverybodyMayWriteIntoIsRefusedUnlessItIsIncoming() throws {
    let place = try TemporarySpool()
    chmod(place.layout.incoming.path, 0o777)
    try place.spool.check()
    chmod(place.layout.labels.path, 0o777)
    let error = #expect(throws: SpoolError.self) { try place.spool.prepare() }
    #expect(error?.explanation.location == place.layout.labels.path)
    chmod(place.layout.labels.path, 0o750)
    try place.spool.prepare()
  }

  @Test func aLinkThatAnotherUserPutInAFoldersPlaceIsRefused() throws {
    let place = try TemporarySpool()
    let elsewhere = place.layout.hold.appendingPathComponent("elsewhere", isDirectory: true)
    try FileManager.default.createDirectory(at: elsewhere, withIntermediateDirectories: true)
    rmdir(place.layout.labels.path)
    symlink(elsewhere.path, place.layout.labels.path)
    try place.spool.check()
    // Only root can give files away.
    guard geteuid() == 0 else { return }
    lchown(place.layout.labels.path, 12_345, 12_345)
    let error = #expect(throws: SpoolError.self) { try place.spool.check() }
    #expect(error?.explanation.found == "user 12345")
  }

  @Test func recoveryRemovesHalfWrittenFilesAndFindsClaimedBundles() throws {
    let place = try TemporarySpool()
    try place.put("b", "b.h5", in: \.active)
    try place.put("x", ".ambq.12.friday.tsv.tmp", in: \.labels)
    try place.put("x", ".ambq.12.a.h5.error.json.tmp", in: \.failed)
    try place.put("x", ".ambq.12.move.tmp", in: \.done)
    let half = place.layout.labels.appendingPathComponent(".ambq.12.friday.tmp", isDirectory: true)
    // What somebody else calls temporary is somebody else's.
    let foreign = place.layout.labels.appendingPathComponent(".cache.tmp", isDirectory: true)
    for folder in [half, foreign] {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }
    for name in ["notes.tmp", ".friday.tsv.12.tmp", ".ambq.mine.tmp"] { try place.put("x", name, in: \.labels) }
    try place.put("x", ".ambq.12.2026-11-24.html.tmp", in: \.nightReports)
    try place.put("x", "2026-11-24.html", in: \.nightReports)
    try place.put("{}", "gone.h5.deferral.json", in: \.deferred)
    try place.put("{}", "b.h5.deferral.json", in: \.deferred)
    let entries = try place.spool.recover()
    #expect(entries.map(\.name.shown) == ["b.h5"])
    #expect(try place.names(\.labels) == [".ambq.mine.tmp", ".cache.tmp", ".friday.tsv.12.tmp", "notes.tmp"])
    #expect(try place.names(\.done).isEmpty)
    #expect(try place.names(\.nightReports) == ["2026-11-24.html"])
    #expect(try place.names(\.failed).isEmpty)
    #expect(try place.names(\.deferred) == ["b.h5.deferral.json"])
  }

  @Test func listingFindsBundlesOldestFirstAndWhatIsForeign() throws {
    let place = try TemporarySpool()
    for name in ["c.h5", "a.h5", ".x.h5", "notes.odt", "b.h5"] { try putLater(name, in: place) }
    let found = try place.spool.listIncoming(limit: 10)
    #expect(found.bundles.map(\.name.shown) == ["c.h5", "a.h5", "b.h5"])
    #expect(found.foreign.map(\.key.shown) == ["notes.odt"])
    #expect(try place.spool.listIncoming(limit: 1).bundles.map(\.name.shown) == ["c.h5"])
  }

  /// Puts a file whose time is after that of the last: the kernel's clock for files ticks in milliseconds.
  private func putLater(_ name: String, in place: TemporarySpool) throws {
    let latest = try place.spool.listIncoming(limit: 100).bundles.last?.changed ?? .distantPast
    repeat {
      try place.put("", name)
    } while FolderEntry(FileName(name), in: place.layout.incoming).map { $0.changed <= latest } ?? false
  }

  @Test func oldBundlesLeaveDoneOnlyWhenAsked() throws {
    let place = try TemporarySpool()
    for name in ["a.h5", "notes.odt"] { try place.put("", name, in: \.done) }
    let later = Date().addingTimeInterval(3 * 86_400)
    #expect(try place.spool.removeDone(olderThan: 0, at: later) == 0)
    #expect(try place.spool.removeDone(olderThan: 4, at: later) == 0)
    #expect(try place.spool.removeDone(olderThan: 2, at: later) == 1)
    #expect(try place.names(\.done) == ["notes.odt"])
  }
}
