import Foundation

/// A share from 0 to 1 as a shade of one colour, laid over the page: readable in light and dark, and without colour.
enum Shade {
  private static let colour = "#1f5a9e"

  /// Fill attributes; a value that is not a number is left blank.
  static func style(_ share: Double) -> String {
    guard share.isFinite else { return "fill=\"none\"" }
    let opacity = 0.04 + 0.96 * min(max(share, 0), 1)
    return "fill=\"\(colour)\" fill-opacity=\"\(String(format: "%.3f", opacity))\""
  }

  /// The ink of text on the shade: the page's own on faint ones.
  static func ink(_ share: Double) -> String? {
    share.isFinite && share > 0.7 ? "#ffffff" : nil
  }
}
