import Foundation
import Testing

@testable import Presentation

struct ChartTests {
  private func isWellFormed(_ svg: String) -> Bool {
    // Every element here is closed in its own tag or holds text only.
    let opened = svg.matches(of: /<([a-z]+)[ >]/).map { String($0.1) }
    let closed = svg.matches(of: /<\/([a-z]+)>/).map { String($0.1) }
    let selfClosed = svg.components(separatedBy: "/>").count - 1
    return opened.count == closed.count + selfClosed && svg.hasPrefix("<svg xmlns=") && svg.hasSuffix("</svg>\n")
  }

  @Test func everyPictureIsSelfContainedWithATextAlternative() {
    let pictures = [
      LineChart(
        title: "Noise <all>", xName: "σ",
        lines: [
          LineChart.Line(name: "a & b", points: [(0, 1), (1, 0.5)], band: [(0, 0.9, 1.1), (1, 0.4, 0.6)])
        ], yRange: 0...1.2, yNumbers: .percent
      ).svg,
      HeatMap(
        title: "M", rowName: "r", columnName: "c", rowLabels: ["x", "y"], columnLabels: ["frustration", "joy"],
        cells: [[.init("1", shade: 0.1), .init("2", shade: 0.9)], [.init("–", shade: .nan), .init("4", shade: 1)]]
      ).svg,
      TernaryMap(
        title: "T", corners: ["text", "visual", "audio"],
        points: [.init(shares: [1, 0, 0], text: "9", shade: 1), .init(shares: [0, 1, 0], text: "1", shade: 0)],
        steps: 10, legend: ShadeLegend("shade: F1", low: "1", high: "9")
      ).svg,
      BarChart(
        title: "B", series: ["one", "two"], groups: [.init(name: "g", values: [0.5, nil])], limit: 1,
        numbers: .precisePercent
      ).svg,
    ]
    for svg in pictures {
      #expect(isWellFormed(svg), "\(svg)")
      #expect(svg.contains("role=\"img\" aria-label=\""))
      #expect(!svg.contains("href") && !svg.contains("<script") && !svg.contains("url("))
      #expect(!svg.contains("nan") && !svg.contains("inf"))
    }
  }

  @Test func aBandIsDrawnAndALineWithoutOneHasNone() {
    let plain = LineChart(title: "t", xName: "x", lines: [.init(name: "a", points: [(0, 1), (1, 2)])])
    let banded = LineChart(
      title: "t", xName: "x", lines: [.init(name: "a", points: [(0, 1), (1, 2)], band: [(0, 0, 2), (1, 1, 3)])])
    #expect(!plain.svg.contains("<polygon"))
    #expect(banded.svg.contains("<polygon"))
  }

  @Test func picturesOfNothingAreStillPictures() {
    #expect(isWellFormed(LineChart(title: "t", xName: "x", lines: []).svg))
    #expect(isWellFormed(BarChart(title: "t", series: [], groups: [], limit: 0, numbers: .count).svg))
    let empty = HeatMap(title: "t", rowName: "", columnName: "", rowLabels: [], columnLabels: [], cells: [])
    #expect(isWellFormed(empty.svg))
  }

  @Test func columnLabelsThatDoNotFitAreTurned() {
    func map(_ labels: [String]) -> String {
      HeatMap(
        title: "t", rowName: "r", columnName: "c", rowLabels: ["x"], columnLabels: labels,
        cells: [labels.map { _ in HeatMap.Cell("1", shade: 0.5) }]
      ).svg
    }
    #expect(!map(["joy", "fear"]).contains("rotate(-60"))
    #expect(map([String](repeating: "frustration", count: 7)).contains("rotate(-60"))
  }

  @Test func inkIsLightOnDeepShadesOnly() {
    #expect(Shade.ink(0.9).hasSuffix("fill=\"#ffffff\""))
    #expect(Shade.ink(0.3).hasSuffix("fill=\"#000000\""))
    #expect(Shade.ink(.nan).isEmpty)
    #expect(Shade.style(.nan) == "fill=\"none\"")
  }

  @Test func numbersAreWrittenAsAsked() {
    #expect(ChartNumber.percent.text(0.123) == "12")
    #expect(ChartNumber.precisePercent.text(0.123) == "12.3")
    #expect(ChartNumber.plain.text(0.1234) == "0.123")
    #expect(ChartNumber.plain.text(250.4) == "250")
    #expect(ChartNumber.count.text(3) == "3")
  }

  @Test func longLabelsAreCutWhereTheyWouldRunInto() {
    #expect(TextMeasure.fitted("short", into: 100) == "short")
    let cut = TextMeasure.fitted("a name that goes on and on", into: 60)
    #expect(cut.hasSuffix("…") && TextMeasure.width(cut) <= 60)
  }
}
