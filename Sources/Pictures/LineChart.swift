import Foundation

/// Lines over a common axis as one self-contained SVG, readable in light and dark.
public struct LineChart: Sendable {
  /// One line.
  public struct Line: Sendable {
    public let name: String
    public let points: [(x: Double, y: Double)]

    public init(name: String, points: [(x: Double, y: Double)]) {
      self.name = name
      self.points = points
    }
  }

  public let title: String
  public let xName: String
  public let lines: [Line]

  public init(title: String, xName: String, lines: [Line]) {
    self.title = title
    self.xName = xName
    self.lines = lines
  }

  private static let (width, height) = (640.0, 300.0)
  private static let (left, right, top, bottom) = (56.0, 130.0, 34.0, 44.0)
  private static let colours = ["#2f6fb2", "#c4572b", "#3b8a4e", "#8354a6"]
  private static let dashes = ["", "6 3", "2 3", "8 3 2 3"]

  /// The picture; a text alternative names the lines and their last values.
  public var svg: String {
    let points = lines.flatMap(\.points).filter { $0.y.isFinite }
    let xs = Axis(points.map(\.x), from: Self.left, to: Self.width - Self.right)
    let ys = Axis(points.map(\.y), from: Self.height - Self.bottom, to: Self.top)
    var parts = [
      """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(Int(Self.width)) \(Int(Self.height))" role="img" \
      aria-label="\(SVGText.escaped(alternative))" font-family="sans-serif" font-size="12" fill="currentColor">
      """,
      "<text x=\"\(Self.left)\" y=\"20\" font-weight=\"bold\">\(SVGText.escaped(title))</text>",
    ]
    for tick in ys.ticks {
      let y = Self.number(ys.place(tick))
      parts.append(
        "<line x1=\"\(Self.left)\" x2=\"\(Self.width - Self.right)\" y1=\"\(y)\" y2=\"\(y)\" stroke=\"currentColor\" "
          + "stroke-opacity=\"0.15\"/><text x=\"\(Self.left - 6)\" y=\"\(y)\" dy=\"4\" text-anchor=\"end\">"
          + "\(Self.label(tick))</text>")
    }
    for tick in xs.ticks {
      parts.append(
        "<text x=\"\(Self.number(xs.place(tick)))\" y=\"\(Self.height - Self.bottom + 16)\" text-anchor=\"middle\">"
          + "\(Self.label(tick))</text>")
    }
    parts.append(
      "<text x=\"\((Self.left + Self.width - Self.right) / 2)\" y=\"\(Self.height - 8)\" text-anchor=\"middle\">"
        + "\(SVGText.escaped(xName))</text>")
    for (index, line) in lines.enumerated() { parts += drawn(line, index, xs, ys) }
    return (parts + ["</svg>"]).joined(separator: "\n") + "\n"
  }

  private func drawn(_ line: Line, _ index: Int, _ xs: Axis, _ ys: Axis) -> [String] {
    let colour = Self.colours[index % Self.colours.count]
    let dash = Self.dashes[index % Self.dashes.count]
    let path = line.points.filter { $0.y.isFinite }
      .map { "\(Self.number(xs.place($0.x))),\(Self.number(ys.place($0.y)))" }.joined(separator: " ")
    let style = "stroke=\"\(colour)\" stroke-width=\"1.8\"" + (dash.isEmpty ? "" : " stroke-dasharray=\"\(dash)\"")
    let (x, y) = (Self.width - Self.right + 10, Self.top + 10 + 18 * Double(index))
    return [
      "<polyline points=\"\(path)\" fill=\"none\" \(style)/>",
      "<line x1=\"\(x)\" x2=\"\(x + 22)\" y1=\"\(y)\" y2=\"\(y)\" \(style)/>"
        + "<text x=\"\(x + 28)\" y=\"\(y + 4)\">\(SVGText.escaped(line.name))</text>",
    ]
  }

  private var alternative: String {
    let ends = lines.map { line in "\(line.name) ends at \(line.points.last.map { Self.label($0.y) } ?? "nothing")" }
    return "\(title): \(ends.joined(separator: "; "))"
  }

  private static func number(_ value: Double) -> String { String(format: "%.1f", value) }

  static func label(_ value: Double) -> String {
    abs(value) >= 100 || value == value.rounded() ? String(format: "%.0f", value) : String(format: "%.3g", value)
  }

  /// Values along one side of the picture, with round numbers to label.
  private struct Axis {
    let ticks: [Double]
    private let low: Double
    private let high: Double
    private let start: Double
    private let end: Double

    init(_ values: [Double], from start: Double, to end: Double) {
      let least = values.min() ?? 0
      let most = max(values.max() ?? 1, least + 1e-6)
      let rough = (most - least) / 4
      let power = pow(10, floor(log10(rough)))
      let step = ([1, 2, 5, 10].first { $0 * power >= rough } ?? 10) * power
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
}
