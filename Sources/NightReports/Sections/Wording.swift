import Foundation

/// Numbers and times as people read them, in no locale.
enum Wording {
  /// A share in per cent: `12.3 %`; a dash for what is not known.
  static func percent(_ share: Double?) -> String {
    guard let share, share.isFinite else { return "–" }
    return String(format: "%.1f %%", share * 100)
  }

  /// A share in per cent without its sign, for tables whose caption names it.
  static func bare(_ share: Double?) -> String { share.map { String(format: "%.1f", $0 * 100) } ?? "–" }

  /// A share in whole per cent without the sign.
  static func whole(_ share: Double) -> String { String(format: "%.0f", share * 100) }

  static func decimal(_ value: Double?, places: Int = 3) -> String {
    guard let value, value.isFinite else { return "–" }
    return String(format: "%.\(places)f", value)
  }

  /// A noise level: `0.3σ`.
  static func level(_ level: Double) -> String {
    level == level.rounded() ? "\(Int(level))σ" : "\(level)σ"
  }

  /// `Tue 24 Nov 2026 02:00`.
  static func moment(_ date: Date, _ calendar: Calendar) -> String {
    let parts = calendar.dateComponents([.year, .month, .day, .weekday, .hour, .minute], from: date)
    let weekday = weekdays[((parts.weekday ?? 1) - 1) % 7]
    let month = months[((parts.month ?? 1) - 1) % 12]
    return "\(weekday) \(parts.day ?? 0) \(month) \(parts.year ?? 0) \(clock(parts))"
  }

  /// `02:00`.
  static func clock(_ date: Date, _ calendar: Calendar) -> String {
    clock(calendar.dateComponents([.hour, .minute], from: date))
  }

  private static func clock(_ parts: DateComponents) -> String {
    let (hour, minute) = (parts.hour ?? 0, parts.minute ?? 0)
    return "\(hour < 10 ? "0" : "")\(hour):\(minute < 10 ? "0" : "")\(minute)"
  }

  private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
  private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
}
