import Foundation

/// When each deferred bundle is due again.
public struct DeferredShelf: Sendable {
  private struct Place: Sendable {
    var due: Date
    var note: DeferralNote?
  }

  private var places: [FileName: Place] = [:]

  public init() {}

  public var count: Int { places.count }

  public var nextDeadline: Date? { places.values.map(\.due).min() }

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
