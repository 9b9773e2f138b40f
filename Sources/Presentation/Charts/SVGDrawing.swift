import Foundation

/// One self-contained SVG in the making: shapes and text in the page's own text colour, with a text alternative.
///
/// Ink is `currentColor` and shades are laid over whatever the page is, so that a picture reads in light, in dark and
/// in print.
struct SVGDrawing {
  enum Anchor: String {
    case start
    case middle
    case end
  }

  private let width: Double
  private let height: Double
  private let alternative: String
  private var parts: [String] = []

  init(width: Double, height: Double, alternative: String) {
    self.width = width
    self.height = height
    self.alternative = alternative
  }

  mutating func text(
    _ text: String, _ x: Double, _ y: Double, _ anchor: Anchor = .start, size: Double = 12, isBold: Bool = false,
    ink: String? = nil, turned degrees: Double? = nil
  ) {
    var attributes = "x=\"\(Self.number(x))\" y=\"\(Self.number(y))\""
    if anchor != .start { attributes += " text-anchor=\"\(anchor.rawValue)\"" }
    if size != 12 { attributes += " font-size=\"\(Self.number(size))\"" }
    if isBold { attributes += " font-weight=\"bold\"" }
    if let ink { attributes += " fill=\"\(ink)\"" }
    if let degrees {
      attributes += " transform=\"rotate(\(Self.number(degrees)) \(Self.number(x)) \(Self.number(y)))\""
    }
    parts.append("<text \(attributes)>\(MarkupText.escaped(text))</text>")
  }

  /// A straight line.
  ///
  /// - Parameter style: stroke attributes beside the ink's.
  mutating func line(from start: (x: Double, y: Double), to end: (x: Double, y: Double), style: String) {
    parts.append(
      "<line x1=\"\(Self.number(start.x))\" y1=\"\(Self.number(start.y))\" x2=\"\(Self.number(end.x))\" "
        + "y2=\"\(Self.number(end.y))\" \(style)/>")
  }

  mutating func polyline(_ points: [(x: Double, y: Double)], style: String) {
    parts.append("<polyline points=\"\(Self.list(points))\" fill=\"none\" \(style)/>")
  }

  mutating func polygon(_ points: [(x: Double, y: Double)], style: String) {
    parts.append("<polygon points=\"\(Self.list(points))\" \(style)/>")
  }

  mutating func dot(_ place: (x: Double, y: Double), radius: Double, style: String) {
    parts.append(
      "<circle cx=\"\(Self.number(place.x))\" cy=\"\(Self.number(place.y))\" r=\"\(Self.number(radius))\" \(style)/>")
  }

  mutating func rectangle(_ x: Double, _ y: Double, _ width: Double, _ height: Double, style: String) {
    parts.append(
      "<rect x=\"\(Self.number(x))\" y=\"\(Self.number(y))\" width=\"\(Self.number(width))\" "
        + "height=\"\(Self.number(height))\" \(style)/>")
  }

  /// The finished picture.
  var svg: String {
    let head = """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(Self.number(width)) \(Self.number(height))" role="img" \
      aria-label="\(MarkupText.escaped(alternative))" font-family="sans-serif" font-size="12" fill="currentColor">
      """
    return ([head] + parts + ["</svg>"]).joined(separator: "\n") + "\n"
  }

  /// A coordinate with one decimal at most.
  static func number(_ value: Double) -> String {
    let text = String(format: "%.1f", value)
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  private static func list(_ points: [(x: Double, y: Double)]) -> String {
    points.map { "\(number($0.x)),\(number($0.y))" }.joined(separator: " ")
  }
}

/// Finished pictures.
public enum SVGText {
  /// A picture as a file of its own: with a ground and an ink that follow the reader's choice of light or dark.
  public static func standalone(_ svg: String) -> String {
    guard let end = svg.firstIndex(of: ">") else { return svg }
    let style = "\n<style>:root { color-scheme: light dark; color: CanvasText; background: Canvas; }</style>"
    return svg[...end] + style + svg[svg.index(after: end)...]
  }
}
