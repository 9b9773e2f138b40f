import AmbqConfiguration
import DialogueDomain
import Foundation
import OperatingSystem
import TestSpools
import Testing

@testable import BundleSpool

/// libinotifytools knows one queue per process: these tests take turns.
@Suite(.serialized)
struct WatchTests {
  let place: TemporarySpool
  let signals: SignalPipe

  init() throws {
    place = try TemporarySpool()
    signals = try SignalPipe()
  }

  private func makeWatch() throws -> InotifyWatch {
    try InotifyWatch(place.layout.incoming, signals: signals)
  }

  /// Waits until the notices so far satisfy a condition; nil where they never do.
  private func notices(
    of watch: InotifyWatch, until isEnough: ([WatchNotice]) -> Bool
  ) -> [WatchNotice]? {
    var all: [WatchNotice] = []
    for _ in 0..<100 {
      all += watch.wait(0.1)
      if isEnough(all) { return all }
    }
    return nil
  }

  @Test func aRenameIntoTheFolderIsToldOf() throws {
    let watch = try makeWatch()
    let file = try place.put("x", "friday.h5", in: \.hold)
    rename(file.path, place.layout.incoming.appendingPathComponent("friday.h5").path)
    #expect(notices(of: watch) { $0.contains(.renamedIn(FileName("friday.h5"))) } != nil)
  }

  @Test func aWriterThatClosesIsToldOf() throws {
    let watch = try makeWatch()
    let url = place.layout.incoming.appendingPathComponent("slow.h5")
    let descriptor = open(url.path, O_WRONLY | O_CREAT, 0o644)
    _ = write(descriptor, "x", 1)
    #expect(!watch.wait(0).contains(.closed(FileName("slow.h5"))))
    close(descriptor)
    #expect(notices(of: watch) { $0.contains(.closed(FileName("slow.h5"))) } != nil)
  }

  /// As maildir writers deliver: written elsewhere, then linked.
  @Test func aLinkIntoTheFolderIsToldOf() throws {
    let watch = try makeWatch()
    let file = try place.put("x", "friday.h5", in: \.hold)
    #expect(link(file.path, place.layout.incoming.appendingPathComponent("friday.h5").path) == 0)
    #expect(notices(of: watch) { $0.contains(.created(FileName("friday.h5"))) } != nil)
  }

  @Test func aNameThatIsNotUTF8IsToldAsItIs() throws {
    let watch = try makeWatch()
    let name = FileName(bytes: [0xFF, 0xFE] + Array(".h5".utf8))
    let descriptor = name.withPath(in: place.layout.incoming) { open($0, O_WRONLY | O_CREAT, 0o644) }
    close(descriptor)
    #expect(notices(of: watch) { $0.contains(.closed(name)) } != nil)
  }

  @Test func foldersAreNotToldOf() throws {
    let watch = try makeWatch()
    let folder = place.layout.hold.appendingPathComponent("f.h5", isDirectory: true)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    rename(folder.path, place.layout.incoming.appendingPathComponent("f.h5").path)
    try place.put("x", "after.h5")
    let all = notices(of: watch) { $0.contains(.closed(FileName("after.h5"))) }
    #expect(all?.contains(.renamedIn(FileName("f.h5"))) == false)
  }

  @Test func aBurstBeyondTheKernelsQueueIsToldAsOverflow() throws {
    let watch = try makeWatch()
    let limit = (try? String(contentsOfFile: "/proc/sys/fs/inotify/max_queued_events", encoding: .utf8))
      .flatMap { Int($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
    let there = place.layout.incoming.appendingPathComponent("there.h5").path
    let back = place.layout.hold.appendingPathComponent("back.h5").path
    try place.put("x", "back.h5", in: \.hold)
    for round in 0...(limit ?? 16_384) {
      // Equal neighbours in the kernel's queue are merged: two names by turns are not.
      rename(back, there + String(round % 2))
      rename(there + String(round % 2), back)
    }
    let all = try #require(notices(of: watch) { $0.contains(.overflow) })
    #expect(all.count > 1000)
    #expect(watch.wait(0).isEmpty)
    // It works on after that.
    try place.put("x", "after.h5")
    #expect(notices(of: watch) { $0.contains(.closed(FileName("after.h5"))) } != nil)
  }

  @Test func aRemovedFolderIsToldOf() throws {
    let watch = try makeWatch()
    rmdir(place.layout.incoming.path)
    #expect(notices(of: watch) { $0.contains(.folderGone) } != nil)
  }

  @Test func aRenamedFolderIsToldOf() throws {
    let watch = try makeWatch()
    rename(place.layout.incoming.path, place.layout.root.appendingPathComponent("elsewhere").path)
    #expect(notices(of: watch) { $0.contains(.folderGone) } != nil)
  }

  @Test func theDescriptorIsClosedInChildProcesses() throws {
    let queue = try InotifyQueue()
    #expect(fcntl(queue.descriptor, F_GETFD) & FD_CLOEXEC != 0)
  }

  @Test func aSecondQueueIsRefusedAndPollingStandsIn() throws {
    let first = try makeWatch()
    let choice = WatchChoice(
      place.layout.incoming, mode: .auto, filesystem: FilesystemKind(type: "ext4"), signals: signals)
    #expect(choice.isFallback)
    #expect(!choice.watch.tellsOfArrivals)
    #expect(choice.reason?.contains("watches another folder already") == true)
    #expect(first.tellsOfArrivals)
  }

  @Test func theLibraryCanBeTakenUpAgain() throws {
    for _ in 0..<3 {
      let watch = try makeWatch()
      try place.put("x", "a.h5")
      #expect(notices(of: watch) { $0.contains(.closed(FileName("a.h5"))) } != nil)
    }
  }

  @Test func aMissingFolderIsExplained() throws {
    rmdir(place.layout.incoming.path)
    let error = #expect(throws: SpoolError.self) { try makeWatch() }
    #expect(error?.explanation.found == "No such file or directory")
  }

  @Test func theKernelsLimitsAreExplainedInWords() {
    let folder = URL(fileURLWithPath: "/s/incoming")
    #expect(InotifyWatch.explain(ENOSPC, folder).explanation.message.contains("max_user_watches"))
    #expect(InotifyWatch.explain(EMFILE, folder).explanation.message.contains("max_user_instances"))
  }

  @Test func filesystemsThatDoNotTellArePolledUnlessAskedOtherwise() throws {
    let nfs = FilesystemKind(type: "nfs")
    let polled = WatchChoice(place.layout.incoming, mode: .auto, filesystem: nfs, signals: signals)
    #expect(!polled.watch.tellsOfArrivals && !polled.isFallback)
    #expect(polled.reason?.contains("nfs") == true)
    let asked = WatchChoice(
      place.layout.incoming, mode: .poll, filesystem: FilesystemKind(type: "ext4"), signals: signals)
    #expect(!asked.watch.tellsOfArrivals)
    let forced = WatchChoice(place.layout.incoming, mode: .inotify, filesystem: nfs, signals: signals)
    #expect(forced.watch.tellsOfArrivals && forced.reason == nil)
  }

  @Test func signalsOfTheProcessArriveInThePipe() throws {
    try signals.catchSignals([SIGUSR1])
    let polling = PollingWatch(signals: signals)
    kill(getpid(), SIGUSR1)
    #expect(polling.wait(10) == [.signal(SIGUSR1)])
    signal(SIGUSR1, SIG_DFL)
  }

  @Test func signalsEndTheWait() throws {
    let watch = try makeWatch()
    signals.send(SIGHUP)
    #expect(watch.wait(nil) == [.signal(SIGHUP)])
    let polling = PollingWatch(signals: signals)
    signals.send(SIGTERM)
    #expect(polling.wait(nil) == [.signal(SIGTERM)])
    #expect(polling.wait(0).isEmpty)
  }
}
