import DialogueDomain
import Foundation
import OperatingSystem

extension Spool {
  /// What can be seen of a name in `incoming`; nil where it is gone.
  public func sight(_ name: FileName) -> Sighting? {
    guard let entry = FolderEntry(name, in: layout.incoming) else { return nil }
    return Sighting(entry: entry) { name.withPath(in: layout.incoming) { hasWriter($0) } }
  }

  /// Lists `incoming`: the bundles, oldest first, and what else lies there that is not passed over in silence.
  ///
  /// - Parameter limit: at most so many bundles; of more, the oldest. However many there are, memory stays bounded.
  /// - Throws: `StorageError` when the folder cannot be read.
  public func listIncoming(limit: Int) throws -> (bundles: [FolderEntry], foreign: [FileName: String]) {
    var bundles: [FolderEntry] = []
    var foreign: [FileName: String] = [:]
    try FolderListing.forEach(in: layout.incoming) { name in
      guard let entry = FolderEntry(name, in: layout.incoming) else { return }
      switch IntakeRule(entry) {
      case .bundle: bundles.append(entry)
      case .ignored: return
      case .foreign(let reason): if foreign.count < limit { foreign[name] = reason }
      }
      if bundles.count >= limit * 2 { bundles = Self.oldest(bundles, limit) }
    }
    return (Self.oldest(bundles, limit), foreign)
  }

  private static func oldest(_ entries: [FolderEntry], _ limit: Int) -> [FolderEntry] {
    Array(entries.sorted { ($0.changed, $0.name) < ($1.changed, $1.name) }.prefix(limit))
  }

  /// Takes a bundle out of `incoming` by renaming it into `active`.
  ///
  /// What somebody put in its place since it was looked at, a link or a device, goes back unread: in `active` nobody but
  /// the daemon can change it, so this second look is the one that counts.
  ///
  /// - Returns: nil where it is gone meanwhile, is no regular file any more, or where a bundle of that name is still
  ///   active: it keeps its place.
  /// - Throws: `StorageError` for every other failure of the rename.
  public func claim(_ entry: FolderEntry) throws -> ClaimedBundle? {
    let name = BundleName(entry.name)
    let target = activeURL(name)
    try freed.prepare(name, in: layout.active)
    let code = entry.name.withPath(in: layout.incoming) { from in
      target.path.withCString { ExclusiveRename.attempt(from, $0) }
    }
    guard code == 0 else {
      if code == ENOENT || code == EEXIST { return nil }
      throw StorageError("claiming", layout.incoming.appendingPathComponent(name.text), code: code)
    }
    guard FolderEntry(FileName(name.text), in: layout.active)?.kind == .file else {
      let code = entry.name.withPath(in: layout.incoming) { to in
        target.path.withCString { ExclusiveRename.attempt($0, to) }
      }
      guard code == 0 else { throw StorageError("putting back what is no regular file", target, code: code) }
      return nil
    }
    moveSidecar(entry.name, in: layout.incoming, to: target)
    return ClaimedBundle(name: name, url: target, arrived: entry.changed, note: nil)
  }

  /// Puts a claimed bundle that nothing has been done with back into `incoming`, with its digest file.
  ///
  /// As well as can be: where another of its name has come, it stays active, and the next run begins with it.
  public func putBack(_ claimed: ClaimedBundle) {
    let target = layout.incoming.appendingPathComponent(claimed.name.text, isDirectory: false)
    freed.free(claimed.name)
    let code = claimed.url.path.withCString { from in target.path.withCString { ExclusiveRename.attempt(from, $0) } }
    if code == 0 { moveSidecar(FileName(claimed.name.text), in: layout.active, to: target) }
  }

  /// A bundle that an earlier run had claimed: it lies in `active` already.
  ///
  /// - Returns: nil where it is gone.
  public func reclaim(_ entry: FolderEntry) -> ClaimedBundle? {
    let name = BundleName(entry.name)
    guard !FolderEntry.isGone(entry.name, in: layout.active) else { return nil }
    moveSidecar(entry.name, in: layout.incoming, to: activeURL(name))
    // A note beside a bundle that is still deferred is that one's.
    let isDeferredToo = FolderEntry(entry.name, in: layout.deferred) != nil
    let note = isDeferredToo ? nil : note(beside: name.text)
    return ClaimedBundle(name: name, url: activeURL(name), arrived: note?.arrived ?? entry.changed, note: note)
  }

  /// Takes a bundle out of `deferred` for its next try.
  ///
  /// - Returns: nil where it is gone meanwhile, or where a bundle of that name is active.
  /// - Throws: `StorageError` for every other failure of the rename.
  public func claimDeferred(_ file: FileName, note: DeferralNote?) throws -> ClaimedBundle? {
    let name = note.map { BundleName(unchecked: $0.bundle) } ?? BundleName(file)
    let target = activeURL(name)
    let arrived = note?.arrived ?? FolderEntry(file, in: layout.deferred)?.changed
    try freed.prepare(name, in: layout.active)
    let code = file.withPath(in: layout.deferred) { from in
      target.path.withCString { ExclusiveRename.attempt(from, $0) }
    }
    guard code == 0, let arrived else {
      if code == ENOENT || code == EEXIST || code == 0 { return nil }
      throw StorageError("claiming", layout.deferred.appendingPathComponent(file.shown), code: code)
    }
    moveSidecar(file, in: layout.deferred, to: target)
    return ClaimedBundle(name: name, url: target, arrived: arrived, note: note)
  }

  /// Whether a claimed bundle is still where it was put.
  public func isThere(_ claimed: ClaimedBundle) -> Bool {
    !FolderEntry.isGone(FileName(claimed.name.text), in: layout.active)
  }

  /// For how long the content of a claimed bundle has not changed, by its own time; nil where it is gone.
  public func secondsUnchanged(_ claimed: ClaimedBundle, at now: Date) -> Double? {
    FolderEntry(FileName(claimed.name.text), in: layout.active).map { now.timeIntervalSince($0.signature.modified) }
  }

  private func activeURL(_ name: BundleName) -> URL {
    layout.active.appendingPathComponent(name.text, isDirectory: false)
  }
}

/// A bundle in `active`: this daemon's alone until it is finished.
public struct ClaimedBundle: Sendable {
  /// What labels, index and messages call it.
  public let name: BundleName
  /// Where it lies now.
  public let url: URL
  /// When it came into the spool.
  public let arrived: Date
  /// The note of its earlier tries, where it had any.
  public let note: DeferralNote?

  /// A file that nobody else works on, wherever it lies.
  public init(name: BundleName, url: URL, arrived: Date, note: DeferralNote? = nil) {
    self.name = name
    self.url = url
    self.arrived = arrived
    self.note = note
  }

  /// Whether it is no bundle but a file of corrections.
  public var isOfCorrections: Bool { InputKind(fileName: name.text.utf8) == .correction }
}

extension Spool {
  private static let sidecarEnding = SpoolCompanion.digest.ending

  /// Moves the digest file beside a bundle after the bundle, where there is one: `friday.h5.sha256`, by which the reader
  /// proves a copy whole.
  ///
  /// As well as can be: a bundle without it is read all the same.
  func moveSidecar(_ bundle: FileName, in folder: URL, to target: URL) {
    sidecar(of: bundle).withPath(in: folder) { Self.renameFile($0, target.path + Self.sidecarEnding) }
  }

  /// As well as can be: of two links to one file, which a power cut can leave, rename(2) does nothing and calls it done.
  static func renameFile(_ source: UnsafePointer<CChar>, _ target: String) {
    var (first, second) = (stat(), stat())
    guard rename(source, target) == 0, lstat(source, &first) == 0, lstat(target, &second) == 0,
      first.st_dev == second.st_dev, first.st_ino == second.st_ino
    else { return }
    unlink(source)
  }

  /// Moves the digest file beside a claimed bundle out of the way, since it is another bundle's.
  ///
  /// - Returns: where it lies now, relative to the spool.
  /// - Throws: `StorageError` where it cannot be moved.
  public func setSidecarAside(of claimed: ClaimedBundle) throws -> String {
    let name = claimed.name.text + Self.sidecarEnding
    let target = layout.hold.appendingPathComponent(name + ".stale", isDirectory: false)
    guard rename(claimed.url.path + Self.sidecarEnding, target.path) == 0 else {
      throw StorageError("setting aside", layout.active.appendingPathComponent(name))
    }
    return "\(layout.hold.lastPathComponent)/\(target.lastPathComponent)"
  }

  /// Removes the digest file of a bundle that has been removed.
  func removeSidecar(_ bundle: FileName, in folder: URL) {
    _ = sidecar(of: bundle).withPath(in: folder) { unlink($0) }
  }

  private func sidecar(of bundle: FileName) -> FileName {
    FileName(bytes: bundle.bytes + Self.sidecarEnding.utf8)
  }
}
