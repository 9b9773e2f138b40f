import AmbqConfiguration
import DialogueDomain
import Foundation
import ResultIndex

/// What `ambq status` tells, gathered: the daemon, the queue and the index.
public struct SystemStatus {
  struct IndexFacts {
    let url: URL
    let bytes: Int
    let totals: IndexTotals
    let probes: ProbeCounts
    let last: IndexedBundle?
    /// Unsettled ones.
    let failures: Int
  }

  let now: Date
  let state: DaemonState
  let heartbeat: DaemonHeartbeat?
  /// The spool's root; nil where it is not known.
  let spool: URL?
  let queue: QueueShape?
  /// Nil where there is no index yet.
  let index: IndexFacts?

  /// Looks at a spool and its index as they are now.
  ///
  /// - Throws: `IndexError`; a missing index is no error as long as there is a spool.
  public init(_ location: ResultLocation, now: Date = Date()) throws {
    try self.init(location, now: now, isAlive: DaemonState.isDaemon)
  }

  init(_ location: ResultLocation, now: Date, isAlive: (Int32) -> Bool) throws {
    self.now = now
    var heartbeat: DaemonHeartbeat?
    var facts: IndexFacts?
    do {
      let reader = try IndexReader(location.index)
      heartbeat = try reader.heartbeat()
      var latest = BundleQuery()
      latest.descending = true
      latest.limit = 1
      facts = IndexFacts(
        url: location.index, bytes: Self.size(location.index), totals: try reader.totals(),
        probes: try reader.probeCounts(), last: try reader.bundles(latest).first,
        failures: try reader.failures(FailureQuery()).count)
    } catch let error as IndexError where error.explanation.kind == .missingInput && Self.isFolder(location.spool) {
    }
    self.heartbeat = heartbeat
    index = facts
    let layout = location.spool ?? heartbeat.map { SpoolLayout(root: URL(fileURLWithPath: $0.spool)) }
    spool = layout?.root
    queue = layout.map { QueueShape($0) }
    state = DaemonState(
      heartbeat, now: now, host: DaemonHeartbeat.thisHost, heartbeatEvery: location.settings.daemon.heartbeatSeconds,
      isAlive: isAlive)
  }

  /// Whether no daemon works on the spool; of one on another machine nothing is known.
  public var isWithoutDaemon: Bool { [.never, .stopped, .dead].contains(state) }

  /// Bundles that the daemon has yet to score or is scoring.
  ///
  /// `incoming` was counted before `active`, so that none is overlooked on its way.
  var waiting: Int {
    (queue?.folders ?? []).filter { ["incoming", "active"].contains($0.name) }.reduce(0) { $0 + $1.count }
  }

  private static func isFolder(_ spool: SpoolLayout?) -> Bool {
    guard let spool else { return false }
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: spool.root.path, isDirectory: &isFolder) && isFolder.boolValue
  }

  /// The file with its write-ahead log.
  private static func size(_ url: URL) -> Int {
    [url.path, url.path + "-wal"].reduce(0) { sum, path in
      let attributes = try? FileManager.default.attributesOfItem(atPath: path)
      return sum + (attributes?[.size] as? Int ?? 0)
    }
  }
}
