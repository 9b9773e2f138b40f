/// Groups of horizontal bars with their values written behind them.
public struct BarChart: Sendable {
  /// One thing with a bar for each series.
  public struct Group: Sendable {
    /// What stands before the bars.
    public let name: String
    /// One per series; nil: no bar.
    public let values: [Double?]

    /// A group of bars, one per series of the chart.
    public init(name: String, values: [Double?]) {
      self.name = name
      self.values = values
    }
  }

  /// What the picture shows, for its heading and text alternative.
  public let title: String
  /// Names of the bars within a group.
  public let series: [String]
  /// From top to bottom.
  public let groups: [Group]
  /// The value that fills the width.
  public let limit: Double
  /// How the values are written.
  public let numbers: ChartNumber

  /// A chart whose groups have one value per series.
  public init(title: String, series: [String], groups: [Group], limit: Double, numbers: ChartNumber) {
    self.title = title
    self.series = series
    self.groups = groups
    self.limit = limit
    self.numbers = numbers
  }

  private static let (barHeight, gap, nameWidth) = (16.0, 12.0, 120.0)

  /// The picture; its text alternative reads all values.
  public var svg: String {
    var drawing = SVGDrawing(alternative: alternative)
    let top = drawing.heading(title)
    let left = min(groups.map { TextMeasure.width($0.name) }.max() ?? 0, Self.nameWidth) + 16
    let room = SVGDrawing.width - left - 52
    let groupHeight = Self.barHeight * Double(series.count) + Self.gap
    let bottom = top + groupHeight * Double(groups.count)
    for (place, group) in groups.enumerated() {
      let y = top + groupHeight * Double(place)
      drawing.text(
        TextMeasure.fitted(group.name, into: Self.nameWidth), left - 8,
        y + Self.barHeight * Double(series.count) / 2 + 4,
        .end)
      for (index, value) in group.values.enumerated() {
        guard let value, value.isFinite else { continue }
        let length = limit > 0 ? min(max(value / limit, 0), 1) * room : 0
        let barY = y + Self.barHeight * Double(index)
        drawing.rectangle(left, barY, max(length, 1), Self.barHeight - 2, style: Series.bar(index))
        drawing.text(numbers.text(value), left + length + 6, barY + 11, size: SVGDrawing.smallText)
      }
    }
    for (index, name) in series.enumerated() {
      let y = bottom + 10 + 18 * Double(index)
      drawing.rectangle(left, y - 9, 14, 10, style: Series.bar(index))
      drawing.text(name, left + 20, y, size: SVGDrawing.smallText)
    }
    drawing.height = bottom + 8 + 18 * Double(series.count)
    return drawing.svg
  }

  private var alternative: String {
    let rows = groups.map { group in
      group.name + " "
        + zip(series, group.values).map { name, value in
          "\(name) \(value.map { numbers.text($0) } ?? "unknown")"
        }.joined(separator: ", ")
    }
    return "\(title): \(rows.joined(separator: "; "))"
  }
}
