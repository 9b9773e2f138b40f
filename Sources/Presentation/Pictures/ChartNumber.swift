import Foundation

/// How the numbers along an axis or in a cell are written.
public enum ChartNumber: Sendable {
  /// Three digits, fewer where they would be zeros.
  case plain
  /// A share as per cent without its sign: 0.123 as `12`.
  case percent
  /// A share as per cent with a digit after the point: 0.123 as `12.3`.
  case precisePercent
  case count

  func text(_ value: Double) -> String {
    switch self {
    case .plain:
      abs(value) >= 100 || value == value.rounded() ? String(format: "%.0f", value) : String(format: "%.3g", value)
    case .percent: String(format: "%.0f", value * 100)
    case .precisePercent: String(format: "%.1f", value * 100)
    case .count: String(format: "%.0f", value)
    }
  }
}
