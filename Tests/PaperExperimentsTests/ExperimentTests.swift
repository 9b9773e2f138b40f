import PaperExperiments
import Testing

@Suite struct ExperimentTests {
  @Test func tablesAndFiguresAreNamesToo() throws {
    #expect(try Experiment(named: "table-4") == .modalities)
    #expect(try Experiment(named: "table-6") == .ablation)
    #expect(try Experiment(named: "warm-up") == .warmUp)
    let names = Experiment.allCases.flatMap { [$0.rawValue] + $0.aliases }
    #expect(Set(names).count == names.count)
    #expect(throws: ExperimentError.self) { try Experiment(named: "table-1") }
  }
}
