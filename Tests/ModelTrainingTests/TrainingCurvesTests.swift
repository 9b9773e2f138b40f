import Presentation
import Testing

@testable import ModelTraining

@Suite struct TrainingCurvesTests {
  @Test func fewStepsAreDrawnAsTheyAre() {
    let line = LineChart.Line(name: "text", everyStep: (1...120).map { (Double($0), 0.5) })
    #expect(line.points.count == 120 && line.band.isEmpty)
  }

  @Test func manyStepsAreGatheredAndNoneIsLost() {
    // Every step is 0.2 but one; it lies in the middle of the nine from 433 to 441.
    let line = LineChart.Line(name: "text", everyStep: (1...1000).map { (Double($0), $0 == 437 ? 1 : 0.2) })
    #expect(line.points.count <= 120 && line.band.count == line.points.count)
    #expect(line.band.filter { $0.upper == 1 }.map(\.x) == [437])
    #expect(line.band.allSatisfy { $0.lower == 0.2 })
    let mean = line.points.map(\.y).max() ?? 0
    #expect(abs(mean - (8 * 0.2 + 1) / 9) < 1e-12)
  }
}
