/// Lines over a common axis as one self-contained SVG, readable in light and dark, with bands of confidence where given.
///
/// Several lines with bands would hide each other: each then has a small picture of its own, with the others faint behind.
public struct LineChart: Sendable {
  /// One line.
  public struct Line: Sendable {
    /// What the line is called below the picture.
    public let name: String
    /// In the order in which they are joined.
    public let points: [(x: Double, y: Double)]
    /// Lower and upper end at some x; empty: no band.
    public let band: [(x: Double, lower: Double, upper: Double)]

    /// A line through points, with a band where there is one.
    public init(
      name: String, points: [(x: Double, y: Double)], band: [(x: Double, lower: Double, upper: Double)] = []
    ) {
      self.name = name
      self.points = points
      self.band = band
    }

    /// A band of one point has no extent.
    fileprivate var drawnBand: [(x: Double, lower: Double, upper: Double)] {
      let finite = band.filter { $0.lower.isFinite && $0.upper.isFinite }
      return finite.count > 1 ? finite : []
    }
  }

  /// What the picture shows, for its heading and text alternative.
  public let title: String
  /// What the x axis shows.
  public let xName: String
  /// Drawn in this order.
  public let lines: [Line]
  /// From where to where the y axis goes; nil: over the values there are.
  public let yRange: ClosedRange<Double>?
  /// How the numbers along the y axis are written.
  public let yNumbers: ChartNumber
  /// What the line is where it has a band, for the legend.
  public let lineName: String
  /// What the bands are, for the legend.
  public let bandName: String

  /// A chart of lines over a common axis.
  public init(
    title: String, xName: String, lines: [Line], yRange: ClosedRange<Double>? = nil, yNumbers: ChartNumber = .plain,
    lineName: String = "mean", bandName: String = "95 % band"
  ) {
    self.title = title
    self.xName = xName
    self.lines = lines
    self.yRange = yRange
    self.yNumbers = yNumbers
    self.lineName = lineName
    self.bandName = bandName
  }

  private static let (plotHeight, smallHeight) = (200.0, 104.0)
  private static let (left, right, between) = (42.0, 14.0, 16.0)
  private static let legendRow = 18.0

  /// The picture; a text alternative names the lines and their last values.
  public var svg: String { lines.count { !$0.drawnBand.isEmpty } > 1 ? multiples : whole }

  /// All lines in one picture.
  private var whole: String {
    var drawing = SVGDrawing(alternative: alternative)
    let top = drawing.heading(title)
    let bottom = top + Self.plotHeight
    let (xs, ys) = axes(from: Self.left, to: SVGDrawing.width - Self.right, top: top, bottom: bottom, steps: 6.5)
    rules(ys, from: Self.left, to: SVGDrawing.width - Self.right, hasNumbers: true, on: &drawing)
    for tick in xs.ticks { drawing.text(ChartNumber.plain.text(tick), xs.place(tick), bottom + 16, .middle) }
    drawing.text(xName, (Self.left + SVGDrawing.width - Self.right) / 2, bottom + 34, .middle)
    for (index, line) in lines.enumerated() { draw(band: line, index, xs, ys, on: &drawing) }
    for (index, line) in lines.enumerated() { draw(line, Series.stroke(index), index, xs, ys, on: &drawing) }
    let named = lines.enumerated().map { (name: $1.name, key: Key.line($0)) }
    let bands = lines.indices.filter { !lines[$0].drawnBand.isEmpty }
    drawing.height = legend(named + bands.prefix(1).map { (name: bandName, key: .band($0)) }, bottom + 52, on: &drawing)
    return drawing.svg
  }

  /// A small picture for each line, two side by side, over the same axes.
  private var multiples: String {
    var drawing = SVGDrawing(alternative: alternative)
    var y = drawing.heading(title) + 8
    let width = (SVGDrawing.width - Self.left - Self.right - Self.between) / 2
    for (index, line) in lines.enumerated() {
      let column = Double(index % 2)
      let start = Self.left + column * (width + Self.between)
      let (top, bottom) = (y + 8, y + 8 + Self.smallHeight)
      let (xs, ys) = axes(from: start, to: start + width, top: top, bottom: bottom, steps: 4)
      drawing.text(TextMeasure.fitted(line.name, into: width), start, y, isBold: true)
      rules(ys, from: start, to: start + width, hasNumbers: column == 0, on: &drawing)
      for (place, other) in lines.enumerated() where place != index {
        draw(other, "stroke=\"currentColor\" stroke-opacity=\"0.3\" stroke-width=\"1\"", nil, xs, ys, on: &drawing)
      }
      draw(band: line, index, xs, ys, on: &drawing)
      draw(line, Series.stroke(index), index, xs, ys, on: &drawing)
      for tick in xs.ticks { drawing.text(ChartNumber.plain.text(tick), xs.place(tick), bottom + 16, .middle) }
      if column == 1 || index == lines.count - 1 { y = bottom + 42 }
    }
    drawing.text(xName, SVGDrawing.width / 2, y - 8, .middle)
    drawing.height = legend(
      [(lineName, .line(0)), (bandName, .band(0)), ("the others", .faint)], y + 12, on: &drawing)
    return drawing.svg
  }

  // MARK: Axes

  private func axes(
    from start: Double, to end: Double, top: Double, bottom: Double, steps: Double
  ) -> (ChartAxis, ChartAxis) {
    let values = lines.flatMap { $0.points.map(\.y) + $0.band.flatMap { [$0.lower, $0.upper] } }
    let places = lines.flatMap(\.points).filter { $0.y.isFinite }.map(\.x)
    return (
      ChartAxis(places, from: start, to: end, steps: steps),
      ChartAxis(values.filter(\.isFinite), range: yRange, from: bottom, to: top, steps: steps)
    )
  }

  private func rules(
    _ ys: ChartAxis, from start: Double, to end: Double, hasNumbers: Bool, on drawing: inout SVGDrawing
  ) {
    for tick in ys.ticks {
      let y = ys.place(tick)
      drawing.line(from: (start, y), to: (end, y), style: Series.rule())
      if hasNumbers { drawing.text(yNumbers.text(tick), start - 6, y + 4, .end) }
    }
  }

  // MARK: Lines

  /// A line, or the dot that a single point is.
  private func draw(
    _ line: Line, _ style: String, _ index: Int?, _ xs: ChartAxis, _ ys: ChartAxis, on drawing: inout SVGDrawing
  ) {
    let points = line.points.filter { $0.y.isFinite }.map { (x: xs.place($0.x), y: ys.place($0.y)) }
    if points.count == 1 {
      drawing.dot(points[0], radius: 3.5, style: index.map { Series.fill($0) } ?? "fill-opacity=\"0.3\"")
    } else {
      drawing.polyline(points, style: style)
    }
  }

  private func draw(band line: Line, _ index: Int, _ xs: ChartAxis, _ ys: ChartAxis, on drawing: inout SVGDrawing) {
    let band = line.drawnBand
    guard !band.isEmpty else { return }
    let outline =
      band.map { (xs.place($0.x), ys.place($0.upper)) } + band.reversed().map { (xs.place($0.x), ys.place($0.lower)) }
    drawing.polygon(outline, style: Series.fill(index, opacity: 0.22))
  }

  // MARK: Legend

  private enum Key {
    case line(Int)
    case band(Int)
    case faint
  }

  /// Names below the picture, in as many rows as they need; returns where the picture ends.
  private func legend(_ entries: [(name: String, key: Key)], _ start: Double, on drawing: inout SVGDrawing) -> Double {
    var (x, y) = (Self.left, start)
    for (name, key) in entries {
      let width = 28 + TextMeasure.width(name) + 18
      if x > Self.left && x + width > SVGDrawing.width { (x, y) = (Self.left, y + Self.legendRow) }
      switch key {
      case .line(let index): drawing.line(from: (x, y - 4), to: (x + 22, y - 4), style: Series.stroke(index))
      case .band(let index): drawing.rectangle(x, y - 10, 22, 12, style: Series.fill(index, opacity: 0.22))
      case .faint:
        drawing.line(
          from: (x, y - 4), to: (x + 22, y - 4),
          style: "stroke=\"currentColor\" stroke-opacity=\"0.3\" stroke-width=\"1\"")
      }
      drawing.text(name, x + 28, y)
      x += width
    }
    return y + 10
  }

  private var alternative: String {
    let ends = lines.map { line in
      "\(line.name) ends at \(line.points.last.map { yNumbers.text($0.y) } ?? "nothing")"
    }
    return "\(title): \(ends.joined(separator: "; "))"
  }
}
