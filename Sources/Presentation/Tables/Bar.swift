/// Horizontal bars out of block characters, an eighth of a column fine.
public enum Bar {
  private static let eighths: [Character] = ["▏", "▎", "▍", "▌", "▋", "▊", "▉"]

  /// A bar that fills `fraction` of `width` columns, without padding.
  ///
  /// - Parameter fraction: taken as 0 below 0 or where it is not a number, as 1 above 1.
  public static func filled(_ fraction: Double, width: Int) -> String {
    let share = fraction.isNaN ? 0 : min(1, max(0, fraction))
    let steps = Int((share * Double(width * 8)).rounded())
    var bar = String(repeating: "█", count: steps / 8)
    if steps % 8 > 0 { bar.append(eighths[steps % 8 - 1]) }
    return bar
  }

  /// The same, padded with spaces to exactly `width` columns.
  public static func padded(_ fraction: Double, width: Int) -> String {
    let bar = filled(fraction, width: width)
    return bar + String(repeating: " ", count: width - bar.count)
  }

  /// How many of `width` columns each part of a stacked bar gets: largest remainders, always `width` together.
  ///
  /// - Parameter shares: non-negative; they need not sum to 1. All zero gives no columns at all.
  public static func divided(_ shares: [Double], width: Int) -> [Int] {
    let total = shares.reduce(0, +)
    guard total > 0, total.isFinite else { return shares.map { _ in 0 } }
    let exact = shares.map { $0 / total * Double(width) }
    var columns = exact.map { Int($0) }
    let order = exact.indices.sorted { left, right in
      let (first, second) = (exact[left] - exact[left].rounded(.down), exact[right] - exact[right].rounded(.down))
      return first == second ? left < right : first > second
    }
    for index in order.prefix(width - columns.reduce(0, +)) { columns[index] += 1 }
    return columns
  }
}
