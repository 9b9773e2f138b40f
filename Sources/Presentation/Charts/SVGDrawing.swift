import Foundation

/// One self-contained SVG in the making: shapes and text with a text alternative.
///
/// Text is in the page's own ink (`currentColor`); coloured things carry the colours of a light page as attributes, and a
/// class by which a dark page's stylesheet changes them. So a picture reads in light, in dark, in print and alone.
struct SVGDrawing {
  enum Anchor: String {
    case start
    case middle
    case end
  }

  /// Every picture is so wide: a telephone's 334 pixels of page then shrink the smallest text to no less than 9 of them.
  static let width = 400.0
  /// Of the least text in a picture.
  static let smallText = 11.0
  private static let margin = 8.0

  /// Set when all is drawn.
  var height = 0.0
  private let alternative: String
  private var parts: [String] = []

  init(alternative: String) {
    self.alternative = alternative
  }

  /// Writes the picture's title, on as many lines as it needs, and returns where what is below it begins.
  mutating func heading(_ title: String) -> Double {
    var lines = [""]
    for word in title.split(separator: " ") {
      let longer = lines[lines.count - 1].isEmpty ? String(word) : lines[lines.count - 1] + " " + word
      if !lines[lines.count - 1].isEmpty, TextMeasure.width(longer) > Self.width - 2 * Self.margin {
        lines.append(String(word))
      } else {
        lines[lines.count - 1] = longer
      }
    }
    for (index, line) in lines.enumerated() { text(line, Self.margin, 18 + 16 * Double(index), isBold: true) }
    return 34 + 16 * Double(lines.count - 1)
  }

  mutating func text(
    _ text: String, _ x: Double, _ y: Double, _ anchor: Anchor = .start, size: Double = 12, isBold: Bool = false,
    style: String = "", turned degrees: Double? = nil
  ) {
    var attributes = "x=\"\(Self.number(x))\" y=\"\(Self.number(y))\""
    if anchor != .start { attributes += " text-anchor=\"\(anchor.rawValue)\"" }
    if size != 12 { attributes += " font-size=\"\(Self.number(size))\"" }
    if isBold { attributes += " font-weight=\"bold\"" }
    if !style.isEmpty { attributes += " \(style)" }
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

  /// A part of the picture that leads to an anchor of its page; the keyboard passes it by, since a list says the same.
  mutating func link(to anchor: String, title: String, turn: Int, _ body: (inout SVGDrawing) -> Void) {
    parts.append(
      "<a href=\"#\(anchor)\" tabindex=\"-1\" data-turn=\"\(turn)\"><title>\(MarkupText.escaped(title))</title>")
    body(&self)
    parts.append("</a>")
  }

  mutating func rectangle(_ x: Double, _ y: Double, _ width: Double, _ height: Double, style: String) {
    parts.append(
      "<rect x=\"\(Self.number(x))\" y=\"\(Self.number(y))\" width=\"\(Self.number(width))\" "
        + "height=\"\(Self.number(height))\" \(style)/>")
  }

  /// What the shades of a map mean: its name, the least value, the scale, the greatest value.
  mutating func shadeLegend(_ legend: ShadeLegend, _ y: Double) {
    text(legend.name + ":", Self.margin, y, size: Self.smallText)
    var x = Self.margin + TextMeasure.width(legend.name + ":", size: Self.smallText) + 8
    text(legend.low, x, y, size: Self.smallText)
    x += TextMeasure.width(legend.low, size: Self.smallText) + 6
    for step in stride(from: 0.0, through: 1, by: 0.2) {
      rectangle(x, y - 10, 18, 12, style: Shade.style(step))
      x += 18
    }
    text(legend.high, x + 6, y, size: Self.smallText)
  }

  /// The finished picture.
  var svg: String {
    let size = (Self.number(Self.width), Self.number(height))
    let head = """
      <svg xmlns="http://www.w3.org/2000/svg" width="\(size.0)" height="\(size.1)" viewBox="0 0 \(size.0) \(size.1)" \
      role="img" aria-label="\(MarkupText.escaped(alternative))" font-family="sans-serif" font-size="12" \
      fill="currentColor">
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

/// What the shades of a map mean.
public struct ShadeLegend: Sendable {
  /// What is shaded.
  public let name: String
  /// What the faintest shade stands for.
  public let low: String
  /// What the deepest shade stands for.
  public let high: String

  /// A legend of its texts.
  public init(_ name: String, low: String, high: String) {
    self.name = name
    self.low = low
    self.high = high
  }

  /// Of maps whose cells are shaded by their share of the row.
  public static let shareOfRow = ShadeLegend("shade: share of the row", low: "0 %", high: "100 %")
}

/// Finished pictures.
public enum SVGText {
  /// A picture as a file of its own: dark on white, wherever it is shown.
  public static func standalone(_ svg: String) -> String {
    guard let end = svg.firstIndex(of: ">") else { return svg }
    let ink = " color=\"\(PageColours.light.ink.text)\""
    let ground = ">\n<rect width=\"100%\" height=\"100%\" fill=\"\(PageColours.light.page.text)\"/>"
    return svg[..<end] + ink + ground + svg[svg.index(after: end)...]
  }
}
