import Dialogue
import Foundation
import Testing

@testable import Robustness

@Suite struct ProbeFiguresTests {
  @Test func everyConditionIsARecord() throws {
    let made = try SampleStatistics.make(1)
    let figures = try #require(ProbeFigures(made))
    // Patterns all, text, audio: the clean run, and level 0.3 by two seeds.
    #expect(figures.noise.count == 9 && figures.noise.map(\.seed).prefix(3) == [nil, 1, 2])
    #expect(figures.noise[1].on == "all" && figures.noise[1].level == 0.3)
    let counts = try #require(made.noise(.all, level: 1, seed: 0))
    #expect(figures.noise[1].figures.changed == counts.clean.flipRate)
    #expect(figures.noise[1].figures.weightedF1 == counts.truth.weightedF1)
    #expect(figures.grid.map { $0.levels["text"] } == [0, 0, 0.3, 0.3])
    #expect(figures.grid.map { $0.levels["audio"] } == [0, 0.3, 0, 0.3])
    #expect(figures.imbalance.count == 5 && figures.imbalance[1].weights == ["text": 0.8, "audio": 0.2])
    #expect(figures.imbalance[1].clean?.joined().reduce(0, +) == 5)
    #expect(figures.simplex.count == 11 && figures.simplex[0].clean == nil)
    // Subsets {text}, {audio}, both; rates 0 and 0.5; gaps in text and audio: by two seeds each.
    #expect(figures.missing.count == 3 + 4 + 4)
    #expect(
      figures.missing.map(\.kind) == [String](repeating: "subset", count: 3) + [String](repeating: "dropped", count: 4)
        + [String](repeating: "gap", count: 4))
  }

  @Test func whatDidNotRunIsEmptyAndWhatIsUnknownIsAbsent() throws {
    let shape = try SampleStatistics.shape(probes: [.noise])
    let figures = try #require(ProbeFigures(ProbeStatistics(shape: shape)))
    #expect(figures.grid.isEmpty && figures.imbalance.isEmpty && figures.simplex.isEmpty && figures.missing.isEmpty)
    #expect(figures.noise.allSatisfy { $0.figures.accuracy == nil && $0.figures.weightedF1 == nil })
    #expect(ProbeFigures(.zero) == nil)
    let json = String(decoding: try JSONEncoder().encode(figures), as: UTF8.self)
    #expect(json.contains("\"changed\"") && !json.contains("accuracy"))
  }
}
