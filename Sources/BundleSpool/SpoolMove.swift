import AmbqConfiguration
import DialogueDomain
import Foundation
import OperatingSystem

/// What an operator does with bundles by name, beside a daemon that runs or not: each is a rename, which one of the two gets.
public enum SpoolMove: String, CaseIterable, Sendable {
  /// Keeps a bundle that waits from being scored.
  case hold
  /// Lets one that was held go.
  case release
  /// Has one that failed, or waits for its next try, tried again now.
  case retry
  /// Deletes one that failed or is held, with what was written about it.
  case drop

  /// The folders that it takes bundles out of.
  func sources(_ layout: SpoolLayout) -> [URL] {
    switch self {
    case .hold: [layout.incoming, layout.deferred]
    case .release: [layout.hold]
    case .retry: [layout.failed, layout.deferred]
    case .drop: [layout.failed, layout.hold, layout.deferred]
    }
  }

  /// The folder that it puts them into; nil where they are deleted.
  func target(_ layout: SpoolLayout) -> URL? {
    switch self {
    case .hold: layout.hold
    case .release, .retry: layout.incoming
    case .drop: nil
    }
  }

  /// The names of the folders that it takes bundles out of.
  public func folders(_ layout: SpoolLayout) -> [String] { sources(layout).map(\.lastPathComponent) }

  /// A bundle that was moved, or deleted.
  public struct Moved: Sendable, Hashable {
    /// The file's name.
    public let name: String
    /// The folder it was in.
    public let from: String
    /// The folder it is in now; nil where it was deleted.
    public let to: String?
  }
}

extension Spool {
  /// Moves the bundles of these names, with the digests that came with them; reports and notes about them go.
  ///
  /// - Parameter names: as in the folder, with `*` and `?`; nil for all.
  /// - Returns: what was moved, in the order of folders and names.
  /// - Throws: `StorageError` where a folder cannot be read or a bundle not be moved, `SpoolError` where another bundle of
  ///   that name is in the way.
  public func apply(_ move: SpoolMove, to names: [String]?) throws -> [SpoolMove.Moved] {
    var moved: [SpoolMove.Moved] = []
    let target = move.target(layout)
    for folder in move.sources(layout) {
      for name in try FolderListing.names(in: folder).sorted() {
        guard let entry = FolderEntry(name, in: folder), IntakeRule(entry) == .bundle, Self.isNamed(name, names)
        else { continue }
        let arrival = target == nil ? name : arrivalName(of: name, in: folder)
        guard try take(name, from: folder, to: target, as: arrival) else { continue }
        for companion in [SpoolCompanion.errorReport, .deferralNote] {
          unlink(folder.appendingPathComponent(name.shown + companion.ending).path)
        }
        moved.append(
          SpoolMove.Moved(
            name: name.shown, from: folder.lastPathComponent,
            to: target.map { $0.lastPathComponent + (arrival == name ? "" : "/\(arrival.shown)") }))
      }
    }
    return moved
  }

  /// The name that a bundle came by, where the one that it failed under bears a mark beside others of that name; the marked
  /// one while a namesake waits in `incoming`.
  private func arrivalName(of name: FileName, in folder: URL) -> FileName {
    guard folder == layout.failed, let text = name.text, let came = report(beside: text)?.bundle, came != text else {
      return name
    }
    let (marked, plain) = (BundleName(name), BundleName(FileName(came)))
    let isMarked = marked.digestMark?.name == came || marked.isNumbered && marked.stem.hasPrefix("\(plain.stem)~")
    // Reports are files that anybody may have changed.
    let isFree = isMarked && plain.text == came && !came.contains("/") && !came.contains("\0")
    return isFree && FolderEntry(FileName(came), in: layout.incoming) == nil ? FileName(came) : name
  }

  /// - Returns: false where the bundle is gone meanwhile: the daemon was first.
  private func take(_ name: FileName, from folder: URL, to target: URL?, as arrival: FileName) throws -> Bool {
    guard let target else {
      guard name.withPath(in: folder, { unlink($0) }) == 0 else {
        if errno == ENOENT { return false }
        throw StorageError("deleting", folder.appendingPathComponent(name.shown))
      }
      removeSidecar(name, in: folder)
      return true
    }
    // The digest first: the daemon may take the bundle at once.
    let place = target.appendingPathComponent(arrival.shown, isDirectory: false)
    guard FolderEntry(arrival, in: target) == nil else { throw SpoolError.inTheWay(place) }
    moveSidecar(name, in: folder, to: place)
    let code = name.withPath(in: folder) { from in arrival.withPath(in: target) { ExclusiveRename.attempt(from, $0) } }
    switch code {
    case 0: return true
    case ENOENT: return false
    case EEXIST: throw SpoolError.inTheWay(place)
    default: throw StorageError("moving", folder.appendingPathComponent(name.shown), code: code)
    }
  }

  private static func isNamed(_ name: FileName, _ patterns: [String]?) -> Bool {
    guard let patterns else { return true }
    return patterns.contains { $0 == name.shown || fnmatch($0, name.shown, 0) == 0 }
  }
}

extension SpoolError {
  static func inTheWay(_ place: URL) -> SpoolError {
    SpoolError(
      .usage, "another bundle of that name is there", at: place.path,
      remedy: "Wait until that one is scored, or rename one of the two.")
  }
}
