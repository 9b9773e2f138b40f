import Foundation

/// Where everything lies in a spool, and its index: pure paths, nothing is looked at or made.
public struct SpoolLayout: Sendable, Hashable {
  /// The spool itself.
  public let root: URL
  /// The SQLite index, which alone may lie elsewhere.
  public let index: URL

  /// - Parameter index: nil for `index.sqlite` in the spool.
  public init(root: URL, index: URL? = nil) {
    self.root = root
    self.index = index ?? root.appendingPathComponent("index.sqlite", isDirectory: false)
  }

  /// Where producers put bundles.
  public var incoming: URL { folder("incoming") }
  /// Bundles the daemon has claimed and not yet finished.
  public var active: URL { folder("active") }
  /// Bundles that met transient trouble and wait for another try, each with a note beside it.
  public var deferred: URL { folder("deferred") }
  /// Bundles an operator has put aside; the daemon leaves them alone.
  public var hold: URL { folder("hold") }
  /// Bundles whose labels are written and indexed.
  public var done: URL { folder("done") }
  /// Bundles that cannot be scored, each with an `.error.json` beside it.
  public var failed: URL { folder("failed") }
  /// The label files.
  public var labels: URL { folder("labels") }
  /// What people have corrected, as `Corrections` keeps it.
  public var corrections: URL { folder("corrections") }
  /// The robustness reports.
  public var reports: URL { folder("reports") }
  /// The nightly ones.
  public var nightReports: URL { reports.appendingPathComponent("night", isDirectory: true) }
  /// Held locked by the one daemon of this spool; carries its process id.
  public var lock: URL { root.appendingPathComponent("lock", isDirectory: false) }

  private func folder(_ name: String) -> URL {
    root.appendingPathComponent(name, isDirectory: true)
  }
}
