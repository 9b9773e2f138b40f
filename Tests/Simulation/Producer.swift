import AmbqConfiguration
import BundleSpool
import DialogueDomain
import Foundation
import InterposedCalls
import OperatingSystem

/// Hands in what a scenario has arrive: as a producer should, without syncing, or half.
final class Producer {
  private let layout: SpoolLayout
  private var rest: ArraySlice<Scenario.Arrival>
  /// What has been handed in, in order, and how much the interposer had written down by then.
  private(set) var handedIn: [(arrival: Scenario.Arrival, records: Int)] = []

  init(_ arrivals: [Scenario.Arrival], in root: URL) {
    layout = SpoolLayout(root: root)
    rest = arrivals[...]
  }

  var isDone: Bool { rest.isEmpty }

  /// Puts the next one into `incoming`, unless one of its name waits there; nothing of that fails.
  ///
  /// - Returns: what the kernel tells of it; nil where there is nothing to hand in now.
  func handIn() throws -> WatchNotice? {
    guard let next = rest.first else { return nil }
    let target = layout.incoming.appendingPathComponent(next.name, isDirectory: false)
    ic_spare(1)
    defer { ic_spare(0) }
    guard access(layout.incoming.path, F_OK) == 0, access(target.path, F_OK) != 0 else { return nil }
    rest.removeFirst()
    let digest = target.path + SpoolCompanion.digest.ending
    if next.hasDigest {
      try write(FileDigest.sha256(Data(next.text.utf8)) + "\n", as: digest, next.manner)
    } else {
      // One that an earlier bundle of the name has left would be this one's now.
      unlink(digest)
    }
    try write(next.text, as: target.path, next.manner)
    handedIn.append((next, ic_count()))
    let name = FileName(next.name)
    return next.manner == .halfWay ? .closed(name) : .renamedIn(name)
  }

  /// Hands in the next one where nothing waits: a daemon that works once would end before it comes.
  func handInIfIdle() throws {
    ic_spare(1)
    defer { ic_spare(0) }
    let names = try FileManager.default.contentsOfDirectory(atPath: layout.root.path + "/incoming")
    if !names.contains(where: { $0.hasSuffix(".h5") }) { _ = try handIn() }
  }

  /// The name of what is not handed in yet.
  static let temporaryName = ".producer.part"

  private func write(_ text: String, as path: String, _ manner: Scenario.Manner) throws {
    let temporary = manner == .halfWay ? path : layout.incoming.path + "/" + Self.temporaryName
    // After a power cut it may be another name of a file that has been handed in.
    if manner != .halfWay { unlink(temporary) }
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw SimulationError("cannot write \(temporary)") }
    let bytes = Array(text.utf8)
    defer { close(descriptor) }
    guard Glibc.write(descriptor, bytes, bytes.count) == bytes.count else {
      throw SimulationError("cannot write \(temporary)")
    }
    guard manner != .halfWay else { return }
    if manner == .synced { fsync(descriptor) }
    guard rename(temporary, path) == 0 else { throw SimulationError("cannot rename to \(path)") }
    guard manner == .synced else { return }
    let folder = open(layout.incoming.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    fsync(folder)
    close(folder)
  }
}
