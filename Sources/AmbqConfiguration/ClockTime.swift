import Foundation

/// A time of day as clocks on the wall show it: `02:00`.
public struct ClockTime: Sendable, Hashable {
  public let hour: Int
  public let minute: Int

  public init(hour: Int, minute: Int = 0) {
    precondition((0..<24).contains(hour) && (0..<60).contains(minute), "a time of day")
    self.hour = hour
    self.minute = minute
  }

  /// Reads `2:00` or `02:00`; nil where the text is no time of day.
  public init?(_ text: String) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, (1...2).contains(parts[0].count), parts[1].count == 2,
      parts.allSatisfy({ $0.allSatisfy { $0.isASCII && $0.isWholeNumber } }),
      let hour = Int(parts[0]), hour < 24, let minute = Int(parts[1]), minute < 60
    else { return nil }
    self.hour = hour
    self.minute = minute
  }

  /// `02:00`.
  public var text: String { "\(hour < 10 ? "0" : "")\(hour):\(minute < 10 ? "0" : "")\(minute)" }

  /// The moment when clocks show this time on a day.
  ///
  /// The first of two where clocks are set back; where they skip it, the moment at which they do.
  ///
  /// Reckoned from the zone's offsets: Foundation's own search goes astray where clocks change by half an hour.
  func moment(on day: CalendarDay, in zone: TimeZone) -> Date {
    let asGMT = day.start.addingTimeInterval(Double(hour * 3600 + minute * 60))
    let before = Double(zone.secondsFromGMT(for: asGMT.addingTimeInterval(-86_400)))
    let after = Double(zone.secondsFromGMT(for: asGMT.addingTimeInterval(86_400)))
    for offset in [before, after] {
      let moment = asGMT.addingTimeInterval(-offset)
      if Double(zone.secondsFromGMT(for: moment)) == offset { return moment }
    }
    // No clock shows it: reckoned with the later offset it lies before the change, with the earlier one behind it.
    return zone.nextDaylightSavingTimeTransition(after: asGMT.addingTimeInterval(-after))
      ?? asGMT.addingTimeInterval(-before)
  }
}
