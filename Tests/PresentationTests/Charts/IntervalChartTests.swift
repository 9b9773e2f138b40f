import Foundation
import Presentation
import Testing

struct IntervalChartTests {
  private func chart(_ interval: ClosedRange<Double>?) -> String {
    IntervalChart(
      title: "F1 & more",
      rows: [
        .init(name: "base", value: 50, interval: interval, points: [49, 51], isBase: true),
        .init(name: "other", value: 52, interval: nil, points: [52]),
      ]
    ).svg
  }

  @Test func everyRowHasItsNameValueAndPoints() {
    let svg = chart(48...52)
    #expect(svg.contains("aria-label=\"F1 &amp; more: base 50.00; other 52.00\""))
    #expect(svg.contains(">base</text>") && svg.contains(">52.00</text>"))
    // One mark for each of three single values, and one in the legend.
    #expect(svg.components(separatedBy: "stroke-opacity=\"0.5\"/>").count - 1 == 3 + 1)
  }

  @Test func anIntervalFarWiderThanTheValuesIsCutAtTheEdge() {
    let svg = chart(-1000...1000)
    // From the left edge to the right one.
    #expect(svg.contains("<polygon points=\"16,") && svg.contains(" 338,"))
    #expect(!svg.contains("nan") && !svg.contains("inf"))
  }

  @Test func oneValueAloneIsDrawn() {
    let svg = IntervalChart(title: "one", rows: [.init(name: "a", value: 3, interval: nil, points: [3])]).svg
    #expect(svg.hasPrefix("<svg") && svg.hasSuffix("</svg>\n") && !svg.contains("nan"))
  }
}
