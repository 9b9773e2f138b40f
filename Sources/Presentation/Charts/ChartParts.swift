import Foundation

/// How the numbers along an axis or in a cell are written.
public enum ChartNumber: Sendable {
  /// Three digits, fewer where they would be zeros.
  case plain
  /// A share as per cent without its sign: 0.123 as `12`.
  case percent
  /// A share as per cent with a digit after the point: 0.123 as `12.3`.
  case precisePercent
  /// A whole number.
  case count

  func text(_ value: Double) -> String {
    switch self {
    case .plain:
      abs(value) >= 100 || value == value.rounded() ? String(format: "%.0f", value) : String(format: "%.3g", value)
    case .percent: NumberText.percentage(value, places: 0)
    case .precisePercent: NumberText.percentage(value)
    case .count: String(format: "%.0f", value)
    }
  }
}

/// Values along one side of a picture, with round numbers to label.
struct ChartAxis {
  let ticks: [Double]
  private let low: Double
  private let high: Double
  private let start: Double
  private let end: Double

  /// - Parameters:
  ///   - range: from where to where, instead of the least and the most of the values.
  ///   - steps: about how many stretches the labels cut the axis into.
  init(
    _ values: [Double], range: ClosedRange<Double>? = nil, from start: Double, to end: Double, steps: Double = 6.5
  ) {
    let least = range?.lowerBound ?? values.min() ?? 0
    let most = max(range?.upperBound ?? values.max() ?? 1, least + 1e-6)
    let rough = (most - least) / steps
    let power = pow(10, floor(log10(rough)))
    let round = ([1, 2, 5, 10].first { $0 * power >= rough * (1 - 1e-9) } ?? 10) * power
    // Between whole numbers, such as epochs, there is nothing to label.
    let step = values.contains { $0 != $0.rounded() } || range != nil ? round : max(round, 1)
    let first = (least / step).rounded(.down)
    ticks = (0...8).map { (first + Double($0)) * step }.filter {
      $0 >= least - step * 1e-9 && $0 <= most + step * 1e-9
    }
    low = least
    high = most
    self.start = start
    self.end = end
  }

  func place(_ value: Double) -> Double {
    start + (value - low) / (high - low) * (end - start)
  }
}

/// A share from 0 to 1 as a shade of one colour: readable in light and dark, and without colour.
enum Shade {
  private static func step(_ share: Double) -> Int {
    Int((min(max(share, 0), 1) * Double(PageColours.shadeCount - 1)).rounded())
  }

  /// Fill attributes; a value that is not a number is left blank.
  static func style(_ share: Double) -> String {
    guard share.isFinite else { return "fill=\"none\"" }
    return "class=\"s\(step(share))\" fill=\"\(PageColours.light.shades[step(share)].text)\""
  }

  /// The ink of text on the shade; on none the page's own.
  static func ink(_ share: Double) -> String {
    guard share.isFinite else { return "" }
    return "class=\"t\(step(share))\" fill=\"\(PageColours.light.shades[step(share)].inkOnIt.text)\""
  }
}

/// The colours of lines and bars as attributes.
enum Series {
  private static let dashes = ["", "6 3", "2 3", "8 3 2 3"]

  /// Of a line.
  static func stroke(_ index: Int) -> String {
    let place = index % PageColours.light.lines.count
    let dash = dashes[index % dashes.count]
    return "class=\"l\(place)\" stroke=\"\(PageColours.light.lines[place].text)\" stroke-width=\"1.8\""
      + (dash.isEmpty ? "" : " stroke-dasharray=\"\(dash)\"")
  }

  /// Of a dot or a band of the same line.
  static func fill(_ index: Int, opacity: Double = 1) -> String {
    let place = index % PageColours.light.lines.count
    return "class=\"f\(place)\" fill=\"\(PageColours.light.lines[place].text)\""
      + (opacity < 1 ? " fill-opacity=\"\(opacity)\"" : "")
  }

  /// Of a bar: they tell each other apart by depth, which print keeps.
  static func bar(_ index: Int) -> String {
    let bars = PageColours.light.bars
    let place = index % bars.count
    return "class=\"r\(place)\" fill=\"\(bars[place].text)\" stroke=\"\(bars[0].text)\" stroke-width=\"0.8\""
  }

  /// Of helping lines, in the page's ink.
  static func rule(_ opacity: Double = 0.15) -> String { "stroke=\"currentColor\" stroke-opacity=\"\(opacity)\"" }
}

/// About how wide text is in a sans-serif font; enough to keep labels apart.
enum TextMeasure {
  static func width(_ text: String, size: Double = 12) -> Double {
    // A wide character, such as a Chinese one, takes about its whole size; a mark between digits a third of it, others a
    // little over half.
    text.unicodeScalars.reduce(0) { $0 + ($1.value >= 0x1100 ? 1.0 : $1 == "," || $1 == "." ? 0.33 : 0.56) } * size
  }

  /// The text, cut with an ellipsis where it is wider than its room.
  static func fitted(_ text: String, into room: Double, size: Double = 12) -> String {
    guard width(text, size: size) > room else { return text }
    var short = text
    while !short.isEmpty && width(short + "…", size: size) > room { short.removeLast() }
    return short + "…"
  }
}

/// What the faintest and the deepest shade of a map of shares stand for.
///
/// At least ten points apart, so that differences within the noise do not look like a landscape.
public struct ShadeRange: Sendable {
  /// What the faintest shade stands for.
  public let least: Double
  /// What the deepest shade stands for.
  public let most: Double

  private static let leastSpan = 0.1

  /// - Parameter values: the shares that the map shows.
  public init(_ values: [Double]) {
    most = max(values.max() ?? 1, Self.leastSpan)
    least = min(values.min() ?? 0, most - Self.leastSpan)
  }

  /// What the shades of the map mean, in per cent.
  public func legend(_ name: String) -> ShadeLegend {
    ShadeLegend(
      name, low: NumberText.percentage(least, places: 0), high: NumberText.percentage(most, places: 0))
  }

  /// How deep the shade of a share is, 0 to 1.
  public func shade(_ value: Double) -> Double { (value - least) / (most - least) }
}
