import Foundation
import Testing

@testable import Presentation

/// What holds for every picture, whatever it shows.
struct PictureRuleTests {
  /// What a telephone of 358 pixels leaves for a picture.
  private static let telephone = 334.0

  static let pictures: [(name: String, svg: String, legend: [String])] = {
    let band = [(0.0, 0.2, 0.4), (1.0, 0.3, 0.6)].map { (x: $0.0, lower: $0.1, upper: $0.2) }
    func lines(_ count: Int, hasBand: Bool) -> [LineChart.Line] {
      (0..<count).map { .init(name: "line \($0)", points: [(0, 0.3), (1, 0.5)], band: hasBand ? band : []) }
    }
    func map(_ columns: Int, _ text: String) -> String {
      let names = (0..<columns).map { "a long emotion's name \($0)" }
      return HeatMap(
        title: "A title that is so long that it cannot stand on one line of the picture, and goes on", rowName: "r",
        columnName: "c", rowLabels: ["x", "a row with a name that goes on and on"], columnLabels: names,
        cells: [0, 1].map { row in names.map { _ in HeatMap.Cell(text, shade: Double(row)) } }
      ).svg
    }
    return [
      ("lines", LineChart(title: "t", xName: "x", lines: lines(5, hasBand: false)).svg, ["line 0", "line 4"]),
      ("one band", LineChart(title: "t", xName: "x", lines: lines(1, hasBand: true)).svg, ["line 0", "95 % band"]),
      (
        "bands", LineChart(title: "t", xName: "x", lines: lines(5, hasBand: true), bandName: "spread").svg,
        ["mean", "spread", "the others", "line 4"]
      ),
      ("seven classes", map(7, "1,234"), ["shade: share of the row:", "0 %", "100 %"]),
      ("twenty-eight classes", map(28, "12,345"), ["shade: share of the row:"]),
      (
        "bars",
        BarChart(title: "t", series: ["one"], groups: [.init(name: "g", values: [0.5])], limit: 1, numbers: .percent)
          .svg,
        ["one"]
      ),
      (
        "triangle",
        TernaryMap(
          title: "t", corners: ["text", "visual", "audio"], points: [.init(shares: [1, 0, 0], text: "99", shade: 1)],
          steps: 10, legend: ShadeLegend("shade: F1", low: "48", high: "86")
        ).svg, ["shade: F1:", "48", "86"]
      ),
      (
        "intervals",
        IntervalChart(
          title: "t", rows: [.init(name: "a", value: 1, interval: 0.5...1.5, points: [1], isBase: true)],
          valueName: "median", pointName: "a seed"
        ).svg, ["median", "a seed", "95 % interval", "what others are read against"]
      ),
    ]
  }()

  private func numbers(_ pattern: String, _ svg: String) throws -> [Double] {
    try svg.matches(of: Regex(pattern)).compactMap { $0.output[1].substring.flatMap { Double($0) } }
  }

  @Test(arguments: pictures.indices)
  func noTextIsUnderNinePixelsOnATelephone(picture: Int) throws {
    let (name, svg, _) = Self.pictures[picture]
    let width = try #require(try numbers("viewBox=\"0 0 ([0-9.]+) ", svg).first)
    let sizes = try numbers("font-size=\"([0-9.]+)\"", svg)
    #expect(try #require(sizes.min()) * min(Self.telephone / width, 1) >= 9, "\(name)")
    // Not blown up on a wide page either.
    #expect(try numbers("<svg [^>]*? width=\"([0-9.]+)\"", svg).first == width)
  }

  @Test(arguments: pictures.indices)
  func nothingIsDrawnBeyondTheEdges(picture: Int) throws {
    let (name, svg, _) = Self.pictures[picture]
    for rectangle in svg.matches(of: /<rect x="([0-9.]+)" y="([0-9.]+)" width="([0-9.]+)" height="([0-9.]+)"/) {
      let values = [rectangle.1, rectangle.2, rectangle.3, rectangle.4].compactMap { Double($0) }
      #expect(values[0] + values[2] <= SVGDrawing.width, "\(name)")
    }
    for text in svg.matches(of: /<text x="([0-9.]+)" y="[0-9.]+"(.*?)>([^<]*)<\/text>/) {
      let (x, style, words) = (Double(text.1) ?? 0, String(text.2), String(text.3))
      let width = TextMeasure.width(words, size: style.contains("font-size=\"11\"") ? 11 : 12)
      let end =
        style.contains("-60")
        ? x + width / 2
        : style.contains("-90") || style.contains("\"end\"")
          ? x
          : style.contains("\"middle\"") ? x + width / 2 : x + width
      #expect(end <= SVGDrawing.width + 1, "\(name): \(words)")
    }
  }

  @Test(arguments: pictures.indices)
  func everyPictureHasALegend(picture: Int) {
    let (name, svg, legend) = Self.pictures[picture]
    for entry in legend { #expect(svg.contains(">\(entry)</text>"), "\(name): \(entry)") }
  }

  @Test(arguments: pictures.indices)
  func aloneAPictureIsDarkOnWhite(picture: Int) {
    let svg = SVGText.standalone(Self.pictures[picture].svg)
    #expect(svg.contains("color=\"#1c1e21\">\n<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>"))
    #expect(!svg.contains("Canvas") && !svg.contains("<style"))
    // What has a colour says so itself: no stylesheet is at hand.
    for element in svg.matches(of: /<[a-z]+ [^>]*class="([a-z])[0-9]+"[^>]*>/) {
      #expect(element.0.contains(element.1 == "l" ? "stroke=\"#" : "fill=\"#"))
    }
  }

  @Test func bandsThatWouldOverlapAreSmallPicturesOfTheirOwn() {
    let bands = Self.pictures[2].svg
    #expect(bands.components(separatedBy: "<polygon").count - 1 == 5)
    // Each of five lines in colour once, and faint behind the four others.
    #expect(bands.components(separatedBy: "<polyline").count - 1 == 25)
    #expect(Self.pictures[1].svg.components(separatedBy: "<polyline").count - 1 == 1)
  }

  @Test func columnsThatDoNotFitGoOnBelow() {
    let wide = Self.pictures[4].svg
    #expect(wide.components(separatedBy: ">x</text>").count - 1 > 1)
    #expect(wide.components(separatedBy: ">12,345</text>").count - 1 == 56)
    #expect(Self.pictures[3].svg.components(separatedBy: ">x</text>").count - 1 == 1)
  }
}
