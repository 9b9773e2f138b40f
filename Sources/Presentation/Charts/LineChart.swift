/// Lines over a common axis as one self-contained SVG, readable in light and dark, with bands of confidence where given.
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

  /// A chart of lines over a common axis.
  public init(
    title: String, xName: String, lines: [Line], yRange: ClosedRange<Double>? = nil, yNumbers: ChartNumber = .plain
  ) {
    self.title = title
    self.xName = xName
    self.lines = lines
    self.yRange = yRange
    self.yNumbers = yNumbers
  }

  // Small enough that a telephone need not shrink the text.
  private static let (width, plotHeight) = (480.0, 210.0)
  private static let (left, right, top) = (48.0, 16.0, 34.0)
  private static let legendRow = 18.0
  private static let colours = ["#2f6fb2", "#c4572b", "#3b8a4e", "#8354a6"]
  private static let dashes = ["", "6 3", "2 3", "8 3 2 3"]

  /// The picture; a text alternative names the lines and their last values.
  public var svg: String {
    let values = lines.flatMap { $0.points.map(\.y) + $0.band.flatMap { [$0.lower, $0.upper] } }
    let xs = ChartAxis(
      lines.flatMap(\.points).filter { $0.y.isFinite }.map(\.x), from: Self.left, to: Self.width - Self.right)
    let bottom = Self.top + Self.plotHeight
    let ys = ChartAxis(values.filter(\.isFinite), range: yRange, from: bottom, to: Self.top)
    let legend = legendPlaces
    let height = bottom + 44 + Self.legendRow * Double((legend.last?.row ?? -1) + 1)
    var drawing = SVGDrawing(width: Self.width, height: height, alternative: alternative)
    drawing.text(title, 8, 18, isBold: true)
    for tick in ys.ticks {
      let y = ys.place(tick)
      drawing.line(
        from: (Self.left, y), to: (Self.width - Self.right, y), style: "stroke=\"currentColor\" stroke-opacity=\"0.15\""
      )
      drawing.text(yNumbers.text(tick), Self.left - 6, y + 4, .end)
    }
    for tick in xs.ticks { drawing.text(ChartNumber.plain.text(tick), xs.place(tick), bottom + 16, .middle) }
    drawing.text(xName, (Self.left + Self.width - Self.right) / 2, bottom + 34, .middle)
    for (index, line) in lines.enumerated() { draw(band: line, index, xs, ys, on: &drawing) }
    for (index, line) in lines.enumerated() {
      draw(line.points.filter { $0.y.isFinite }.map { (xs.place($0.x), ys.place($0.y)) }, index, on: &drawing)
      let (x, y) = (legend[index].x, bottom + 52 + Self.legendRow * Double(legend[index].row))
      drawing.line(from: (x, y - 4), to: (x + 22, y - 4), style: Self.stroke(index))
      drawing.text(line.name, x + 28, y)
    }
    return drawing.svg
  }

  /// A line, or the dot that a single point is.
  private func draw(_ points: [(x: Double, y: Double)], _ index: Int, on drawing: inout SVGDrawing) {
    if points.count == 1 {
      drawing.dot(points[0], radius: 3.5, style: "fill=\"\(Self.colours[index % Self.colours.count])\"")
    } else {
      drawing.polyline(points, style: Self.stroke(index))
    }
  }

  private func draw(band line: Line, _ index: Int, _ xs: ChartAxis, _ ys: ChartAxis, on drawing: inout SVGDrawing) {
    let band = line.band.filter { $0.lower.isFinite && $0.upper.isFinite }
    guard band.count > 1 else { return }
    let outline =
      band.map { (xs.place($0.x), ys.place($0.upper)) } + band.reversed().map { (xs.place($0.x), ys.place($0.lower)) }
    drawing.polygon(outline, style: "fill=\"\(Self.colours[index % Self.colours.count])\" fill-opacity=\"0.14\"")
  }

  /// Where each line's name stands below the picture, in as many rows as they need.
  private var legendPlaces: [(row: Int, x: Double)] {
    var (row, x) = (0, Self.left)
    return lines.map { line in
      let width = 28 + TextMeasure.width(line.name) + 18
      if x > Self.left && x + width > Self.width { (row, x) = (row + 1, Self.left) }
      defer { x += width }
      return (row, x)
    }
  }

  private static func stroke(_ index: Int) -> String {
    let dash = dashes[index % dashes.count]
    return "stroke=\"\(colours[index % colours.count])\" stroke-width=\"1.8\""
      + (dash.isEmpty ? "" : " stroke-dasharray=\"\(dash)\"")
  }

  private var alternative: String {
    let ends = lines.map { line in
      "\(line.name) ends at \(line.points.last.map { yNumbers.text($0.y) } ?? "nothing")"
    }
    return "\(title): \(ends.joined(separator: "; "))"
  }
}
