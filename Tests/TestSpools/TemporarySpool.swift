import AmbqConfiguration
import BundleSpool
import Foundation

/// A spool of one test's own, removed at its end.
public final class TemporarySpool: Sendable {
  public let spool: Spool
  public var layout: SpoolLayout { spool.layout }

  public init(prepared: Bool = true) throws {
    let root = FileManager.default.temporaryDirectory
      .appendingPathComponent("ambq-spool-\(UUID().uuidString)", isDirectory: true)
    spool = Spool(SpoolLayout(root: root))
    if prepared { try spool.prepare() }
  }

  deinit {
    try? FileManager.default.removeItem(at: layout.root)
  }

  /// Writes a file into one of the spool's folders.
  @discardableResult
  public func put(_ text: String, _ name: String, in folder: KeyPath<SpoolLayout, URL> & Sendable = \.incoming) throws
    -> URL
  {
    let url = layout[keyPath: folder].appendingPathComponent(name, isDirectory: false)
    try Data(text.utf8).write(to: url)
    return url
  }

  /// The names in one of the spool's folders, sorted.
  public func names(_ folder: KeyPath<SpoolLayout, URL> & Sendable) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: layout[keyPath: folder].path).sorted()
  }

  /// The content of a file in one of the spool's folders.
  public func text(_ name: String, in folder: KeyPath<SpoolLayout, URL> & Sendable) throws -> String {
    try String(contentsOf: layout[keyPath: folder].appendingPathComponent(name), encoding: .utf8)
  }

  /// Puts a bundle and claims it.
  public func claimed(_ text: String, _ name: String) throws -> ClaimedBundle? {
    try put(text, name)
    return try FolderEntry(FileName(name), in: layout.incoming).flatMap(spool.claim)
  }
}
