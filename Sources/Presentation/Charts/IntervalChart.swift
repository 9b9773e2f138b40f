import Foundation

/// A dot for each of several settings, with its interval and the single values behind it.
public struct IntervalChart: Sendable {
  /// One setting.
  public struct Row: Sendable {
    /// The setting's name.
    public let name: String
    /// Where the dot stands.
    public let value: Double
    /// The interval about the dot; nil where none is known.
    public let interval: ClosedRange<Double>?
    /// The single values behind `value`.
    public let points: [Double]
    /// Whether the other rows are to be read against this one.
    public let isBase: Bool

    /// One setting with its value and what is behind it.
    public init(name: String, value: Double, interval: ClosedRange<Double>?, points: [Double], isBase: Bool = false) {
      self.name = name
      self.value = value
      self.interval = interval
      self.points = points
      self.isBase = isBase
    }
  }

  /// What the picture shows, for its heading and text alternative.
  public let title: String
  /// From top to bottom.
  public let rows: [Row]

  /// A chart with a row per setting.
  public init(title: String, rows: [Row]) {
    self.title = title
    self.rows = rows
  }

  private static let (width, left, right, top, rowHeight) = (480.0, 16.0, 66.0, 34.0, 36.0)
  private static let (plain, base) = ("#2f6fb2", "#c4572b")
  private var bottom: Double { Self.top + Self.rowHeight * Double(rows.count) }

  /// The picture; a text alternative holds the names and values.
  public var svg: String {
    let range = range
    let axis = ChartAxis([], range: range, from: Self.left, to: Self.width - Self.right)
    var drawing = SVGDrawing(width: Self.width, height: bottom + 26, alternative: alternative)
    drawing.text(title, 8, 18, isBold: true)
    for tick in axis.ticks {
      drawing.line(from: (axis.place(tick), Self.top), to: (axis.place(tick), bottom), style: Self.ink(0.15))
      drawing.text(ChartNumber.plain.text(tick), axis.place(tick), bottom + 16, .middle)
    }
    for (index, row) in rows.enumerated() where row.value.isFinite {
      let y = Self.top + Self.rowHeight * Double(index) + 25
      drawing.text(row.name, Self.left, y - 10, isBold: row.isBase)
      let colour = row.isBase ? Self.base : Self.plain
      if let interval = row.interval?.clamped(to: range) {
        drawing.line(
          from: (axis.place(interval.lowerBound), y), to: (axis.place(interval.upperBound), y),
          style: "stroke=\"\(colour)\" stroke-width=\"3\" stroke-opacity=\"0.5\"")
      }
      for point in row.points where point.isFinite {
        drawing.line(from: (axis.place(point), y - 5), to: (axis.place(point), y + 5), style: Self.ink(0.5))
      }
      drawing.rectangle(axis.place(row.value) - 4, y - 4, 8, 8, style: "rx=\"4\" fill=\"\(colour)\"")
      drawing.text(Self.number(row.value), Self.width - 8, y + 4, .end)
    }
    return drawing.svg
  }

  /// All values and their intervals; intervals of few values, which can be many times wider, are cut at the edge.
  private var range: ClosedRange<Double> {
    let values = rows.flatMap { $0.points + [$0.value] }.filter(\.isFinite)
    let (least, most) = (values.min() ?? 0, values.max() ?? 1)
    let span = max(most - least, 0.01 * abs(most), 1e-6)
    let intervals = rows.compactMap(\.interval)
    let lower = intervals.map(\.lowerBound).min() ?? least
    let upper = intervals.map(\.upperBound).max() ?? most
    return max(min(lower, least) - 0.05 * span, least - span)...min(max(upper, most) + 0.05 * span, most + span)
  }

  private static func number(_ value: Double) -> String { String(format: "%.2f", value) }

  private static func ink(_ opacity: Double) -> String { "stroke=\"currentColor\" stroke-opacity=\"\(opacity)\"" }

  private var alternative: String {
    "\(title): " + rows.map { "\($0.name) \(Self.number($0.value))" }.joined(separator: "; ")
  }
}
