/// Numbers as people read them.
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

  /// Two decimals: `0.81`.
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
