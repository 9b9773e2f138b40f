import Presentation
import Testing

struct LineChartTests {
  @Test func aChartIsWholeXMLWithATextAlternativeAndPassesOverGaps() {
    let chart = LineChart(
      title: "a < b", xName: "epoch", lines: [.init(name: "loss", points: [(1, 2.5), (2, .nan), (3, 0.5)])])
    #expect(chart.svg.contains("aria-label=") && chart.svg.hasSuffix("</svg>\n"))
    #expect(!chart.svg.lowercased().contains("nan"))
    #expect(chart.svg.contains("a &lt; b"))
  }

  @Test func aSinglePointIsADot() {
    let chart = LineChart(title: "t", xName: "epoch", lines: [.init(name: "loss", points: [(1, 2.5), (2, .nan)])])
    #expect(chart.svg.contains("<circle ") && !chart.svg.contains("<polyline "))
  }
}
