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
  /// What the dot is, for the legend.
  public let valueName: String
  /// What the single values are, for the legend.
  public let pointName: String

  /// A chart with a row per setting.
  public init(title: String, rows: [Row], valueName: String = "mean", pointName: String = "a single run") {
    self.title = title
    self.rows = rows
    self.valueName = valueName
    self.pointName = pointName
  }

  private static let (left, right, rowHeight) = (16.0, 62.0, 36.0)

  /// The picture; a text alternative holds the names and values.
  public var svg: String {
    let range = range
    var drawing = SVGDrawing(alternative: alternative)
    let top = drawing.heading(title)
    let bottom = top + Self.rowHeight * Double(rows.count)
    let axis = ChartAxis([], range: range, from: Self.left, to: SVGDrawing.width - Self.right, steps: 5)
    for tick in axis.ticks {
      drawing.line(from: (axis.place(tick), top), to: (axis.place(tick), bottom), style: Series.rule())
      drawing.text(ChartNumber.plain.text(tick), axis.place(tick), bottom + 16, .middle)
    }
    for (index, row) in rows.enumerated() where row.value.isFinite {
      let y = top + Self.rowHeight * Double(index) + 25
      drawing.text(
        TextMeasure.fitted(row.name, into: SVGDrawing.width - 2 * Self.left), Self.left, y - 10, isBold: row.isBase)
      let place = row.isBase ? 1 : 0
      if let interval = row.interval?.clamped(to: range) {
        drawing.polygon(
          [
            (axis.place(interval.lowerBound), y - 1.5), (axis.place(interval.upperBound), y - 1.5),
            (axis.place(interval.upperBound), y + 1.5), (axis.place(interval.lowerBound), y + 1.5),
          ], style: Series.fill(place, opacity: 0.5))
      }
      for point in row.points where point.isFinite {
        drawing.line(from: (axis.place(point), y - 5), to: (axis.place(point), y + 5), style: Series.rule(0.5))
      }
      drawing.dot((axis.place(row.value), y), radius: 4, style: Series.fill(place))
      drawing.text(Self.number(row.value), SVGDrawing.width - 8, y + 4, .end)
    }
    drawing.height = legend(bottom + 38, on: &drawing)
    return drawing.svg
  }

  /// What is drawn, as far as there is any of it; returns where the picture ends.
  private func legend(_ start: Double, on drawing: inout SVGDrawing) -> Double {
    var (x, y) = (Self.left, start)
    func room(for text: String) {
      let width = 18 + TextMeasure.width(text, size: SVGDrawing.smallText) + 16
      if x > Self.left, x + width > SVGDrawing.width { (x, y) = (Self.left, y + 18) }
    }
    func write(_ text: String) {
      drawing.text(text, x + 18, y, size: SVGDrawing.smallText)
      x += 18 + TextMeasure.width(text, size: SVGDrawing.smallText) + 16
    }
    room(for: valueName)
    drawing.dot((x + 7, y - 4), radius: 4, style: Series.fill(0))
    write(valueName)
    if rows.contains(where: \.isBase) {
      room(for: "what others are read against")
      drawing.dot((x + 7, y - 4), radius: 4, style: Series.fill(1))
      write("what others are read against")
    }
    if rows.contains(where: { $0.interval != nil }) {
      room(for: "95 % interval")
      drawing.rectangle(x, y - 5.5, 14, 3, style: Series.fill(0, opacity: 0.5))
      write("95 % interval")
    }
    if rows.contains(where: { !$0.points.isEmpty }) {
      room(for: pointName)
      drawing.line(from: (x + 7, y - 9), to: (x + 7, y + 1), style: Series.rule(0.5))
      write(pointName)
    }
    return y + 10
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

  private var alternative: String {
    "\(title): " + rows.map { "\($0.name) \(Self.number($0.value))" }.joined(separator: "; ")
  }
}
