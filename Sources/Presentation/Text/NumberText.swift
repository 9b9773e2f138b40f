import Foundation

/// Numbers as people read them, in no locale.
public enum NumberText {
  /// A count with the thousands apart: `12,345`.
  public static func count(_ number: Int) -> String {
    let digits = String(number.magnitude)
    var text = number < 0 ? "-" : ""
    for (index, digit) in digits.enumerated() {
      if index > 0 && (digits.count - index) % 3 == 0 { text.append(",") }
      text.append(digit)
    }
    return text
  }

  /// A count with its noun: `1 bundle`, `2 bundles`.
  public static func count(_ number: Int, _ noun: String) -> String {
    "\(count(number)) \(noun)\(number == 1 ? "" : "s")"
  }

  /// A share as whole per cent: `47 %`; `<1 %` for what is there but would round to nothing.
  public static func percent(_ share: Double) -> String {
    guard share.isFinite else { return "–" }
    return share > 0 && share < 0.005 ? "<1 %" : "\(Int((share * 100).rounded())) %"
  }

  /// A share in per cent with so many decimals: `12.3 %`; a dash for what is not known.
  public static func percent(_ share: Double?, places: Int) -> String {
    guard let share, share.isFinite else { return "–" }
    return percentage(share, places: places) + " %"
  }

  /// A share in per cent without the sign, for tables and charts whose caption names it: `12.3`; a dash for what is not
  /// known.
  public static func percentage(_ share: Double?, places: Int = 1, signed: Bool = false) -> String {
    fixed(share.map { $0 * 100 }, places: places, signed: signed)
  }

  /// A mean with its deviation, as percentages with one digit: `68.6±0.4`.
  ///
  /// - Parameter deviation: nil where there is one value only.
  public static func percentage(_ mean: Double?, deviation: Double?, separator: String = "±") -> String {
    percentage(mean) + (deviation.map { separator + percentage($0) } ?? "")
  }

  /// A number with so many decimals: `0.813`; a dash for what is not known.
  ///
  /// A rounded nothing has no sign.
  public static func fixed(_ value: Double?, places: Int, signed: Bool = false) -> String {
    guard let value, value.isFinite else { return "–" }
    let text = String(format: "%\(signed ? "+" : "").\(places)f", value)
    return text.contains { $0.isNumber && $0 != "0" } ? text : String(format: "%.\(places)f", 0.0)
  }

  /// Two decimals: `0.81`; without Foundation's formatting, since listings have many thousand of them.
  public static func decimal(_ value: Double, places: Int = 2) -> String {
    guard value.isFinite, abs(value) < 1e9 else { return "–" }
    let scale = places == 1 ? 10 : places == 2 ? 100 : 1000
    let scaled = Int((abs(value) * Double(scale)).rounded())
    let fraction = String(scaled % scale)
    let zeros = String(repeating: "0", count: max(0, places - fraction.count))
    return "\(value < 0 && scaled > 0 ? "-" : "")\(scaled / scale).\(zeros)\(fraction)"
  }

  /// A file's size: `812 B`, `12.3 MB`.
  public static func bytes(_ size: Int) -> String {
    var value = Double(size)
    for unit in ["B", "kB", "MB", "GB"] {
      if value < 1000 { return unit == "B" ? "\(size) B" : "\(decimal(value, places: 1)) \(unit)" }
      value /= 1000
    }
    return "\(decimal(value, places: 1)) TB"
  }
}
