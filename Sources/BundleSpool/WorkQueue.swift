import Foundation

/// What to do next: first what an earlier run had begun, then fresh and deferred bundles in turn.
///
/// Taking turns keeps a flood of retries from starving fresh work, and the other way round.
public struct WorkQueue: Sendable {
  /// One thing to do.
  public enum Work: Sendable, Hashable {
    /// A bundle that lies in `active` already.
    case begun(FolderEntry)
    /// A bundle in `incoming`.
    case fresh(FolderEntry)
    /// A bundle in `deferred` that is due.
    case retry(FileName, DeferralNote?)

    /// Whether it lies in `incoming`.
    public var isFresh: Bool {
      if case .fresh = self { true } else { false }
    }

    /// Whether an earlier run had claimed it.
    public var isBegun: Bool {
      if case .begun = self { true } else { false }
    }
  }

  /// Fresh bundles.
  public var arrivals: ArrivalQueue
  /// Deferred bundles.
  public var shelf = DeferredShelf()
  private var begun: [FolderEntry] = []
  private var isRetrysTurn = false

  /// A queue in which nothing is deferred or begun.
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

/// When each deferred bundle is due again.
public struct DeferredShelf: Sendable {
  private struct Place: Sendable {
    var due: Date
    var note: DeferralNote?
  }

  private var places: [FileName: Place] = [:]

  /// A shelf with nothing on it.
  public init() {}

  /// Bundles that wait here.
  public var count: Int { places.count }

  /// When the next one is due; nil where none waits.
  public var nextDeadline: Date? { places.values.map(\.due).min() }

  /// Whether one is due.
  public func hasDue(at now: Date) -> Bool {
    nextDeadline.map { $0 <= now } ?? false
  }

  /// The folder was listed: what is gone is forgotten, what is new is due by its note, or at once without one.
  ///
  /// - Parameter longestWait: the policy's limit; a due time further away than that comes of a clock that was set back.
  public mutating func scanned(
    _ bundles: [(file: FileName, note: DeferralNote?)], at now: Date, longestWait: Double
  ) {
    var found: [FileName: Place] = [:]
    for (file, note) in bundles {
      let due = places[file]?.due ?? note?.next ?? now
      let isSane = due.timeIntervalSince(now) <= longestWait
      found[file] = Place(due: isSane ? due : now, note: places[file]?.note ?? note)
    }
    places = found
  }

  /// The clock was set back: nothing waits for longer than the policy's limit.
  public mutating func clockWasSetBack(to now: Date, longestWait: Double) {
    let latest = now.addingTimeInterval(longestWait)
    for (file, place) in places { places[file]?.due = min(place.due, latest) }
  }

  /// A bundle was put into `deferred`.
  public mutating func put(_ file: FileName, note: DeferralNote) {
    places[file] = Place(due: note.next, note: note)
  }

  /// The bundle that has been due for longest; it is no longer here then.
  public mutating func next(at now: Date) -> (file: FileName, note: DeferralNote?)? {
    let due = places.filter { $0.value.due <= now }
    guard let first = due.min(by: { ($0.value.due, $0.key) < ($1.value.due, $1.key) }) else { return nil }
    places[first.key] = nil
    return (first.key, first.value.note)
  }
}
