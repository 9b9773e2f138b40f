import Foundation

/// What to do next: first what an earlier run had begun, then fresh and deferred bundles in turn.
///
/// Taking turns keeps a flood of retries from starving fresh work, and the other way round.
public struct WorkQueue: Sendable {
  public enum Work: Sendable, Hashable {
    /// A bundle that lies in `active` already.
    case begun(FolderEntry)
    /// A bundle in `incoming`.
    case fresh(FolderEntry)
    /// A bundle in `deferred` that is due.
    case retry(FileName, DeferralNote?)
  }

  public var arrivals: ArrivalQueue
  public var shelf = DeferredShelf()
  private var begun: [FolderEntry] = []
  private var isRetrysTurn = false

  public init(arrivals: ArrivalQueue) {
    self.arrivals = arrivals
  }

  /// Bundles that wait, in whatever folder.
  public var count: Int { begun.count + arrivals.count + shelf.count }

  /// Adds bundles that lie in `active`.
  public mutating func resume(_ entries: [FolderEntry]) {
    begun += entries
  }

  /// The next thing to do now; it is no longer in the queue then.
  public mutating func next(at now: Date, look: (FileName) -> Sighting?) -> Work? {
    if !begun.isEmpty { return .begun(begun.removeFirst()) }
    if isRetrysTurn, let work = retry(at: now) { return work }
    if let entry = arrivals.next(at: now, look: look) {
      isRetrysTurn = true
      return .fresh(entry)
    }
    return retry(at: now)
  }

  /// Whether something can be done now, as far as is known without looking.
  public func hasWork(at now: Date) -> Bool {
    !begun.isEmpty || arrivals.hasReady(at: now) || shelf.hasDue(at: now)
  }

  /// When something more may be done; nil where only an arrival can bring work.
  public var nextDeadline: Date? {
    [arrivals.nextDeadline, shelf.nextDeadline].compactMap(\.self).min()
  }

  private mutating func retry(at now: Date) -> Work? {
    guard let (file, note) = shelf.next(at: now) else { return nil }
    isRetrysTurn = false
    return .retry(file, note)
  }
}
