/// A figure over the simplex of three shares, such as fusion weights: a triangle of shaded cells.
///
/// A corner is where one share is 1; the opposite side is where it is 0.
public struct TernaryMap: Sendable {
  /// One point of the simplex.
  public struct Point: Sendable {
    /// Shares of the three corners in their order; they sum to 1.
    public let shares: [Double]
    /// What the text alternative says of it.
    public let text: String
    /// How deep its shade is, 0 to 1; not a number: blank.
    public let shade: Double

    /// A point with its text and the depth of its shade.
    public init(shares: [Double], text: String, shade: Double) {
      self.shares = shares
      self.text = text
      self.shade = shade
    }
  }

  /// What the picture shows, for its heading and text alternative.
  public let title: String
  /// Names of the top, the left and the right corner.
  public let corners: [String]
  /// In any order; points that are not given stay blank.
  public let points: [Point]
  /// Steps from a corner to another: cells are one step wide.
  public let steps: Int
  /// What the shades mean.
  public let legend: ShadeLegend

  /// - Parameter corners: three names.
  public init(title: String, corners: [String], points: [Point], steps: Int, legend: ShadeLegend) {
    precondition(corners.count == 3 && steps > 0, "a triangle has three corners and at least one step")
    self.title = title
    self.corners = corners
    self.points = points
    self.steps = steps
    self.legend = legend
  }

  private static let (side, left) = (300.0, 50.0)

  /// The picture; its text alternative gives the corners, the middle and the extremes.
  public var svg: String {
    var drawing = SVGDrawing(alternative: alternative)
    let top = drawing.heading(title) + 34
    let rise = Self.side * 0.866
    let step = Self.side / Double(steps)
    for point in points where point.shares.count == 3 {
      let x = Self.left + Self.side * (point.shares[2] + point.shares[0] / 2)
      let y = top + rise * (1 - point.shares[0])
      drawing.polygon(Self.hexagon(x, y, width: step - 1.5), style: Shade.style(point.shade))
      drawing.text(point.text, x, y + 4, .middle, size: SVGDrawing.smallText, style: Shade.ink(point.shade))
    }
    drawing.text("all \(corners[0])", Self.left + Self.side / 2, top - 24, .middle)
    drawing.text("all \(corners[1])", Self.left, top + rise + 36, .middle)
    drawing.text("all \(corners[2])", Self.left + Self.side, top + rise + 36, .middle)
    drawing.shadeLegend(legend, top + rise + 60)
    drawing.height = top + rise + 70
    return drawing.svg
  }

  /// A hexagon that stands on a corner, so that hexagons one step apart touch.
  private static func hexagon(_ x: Double, _ y: Double, width: Double) -> [(x: Double, y: Double)] {
    let (half, tall) = (width / 2, width / 3.4641)
    return [
      (x, y - 2 * tall), (x + half, y - tall), (x + half, y + tall), (x, y + 2 * tall), (x - half, y + tall),
      (x - half, y - tall),
    ]
  }

  private var alternative: String {
    let ends = corners.indices.compactMap { corner in
      points.first { $0.shares[corner] == 1 }.map { "all \(corners[corner]) \($0.text)" }
    }
    let values = points.filter { $0.shade.isFinite }
    let least = values.min { $0.shade < $1.shade }.map { "least \($0.text)" }
    let most = values.max { $0.shade < $1.shade }.map { "most \($0.text)" }
    return "\(title): \((ends + [least, most].compactMap { $0 }).joined(separator: "; "))"
  }
}
