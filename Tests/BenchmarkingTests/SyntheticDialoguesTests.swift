import Testing

@testable import Benchmarking

@Suite struct SyntheticDialoguesTests {
  @Test func theShapesAreThoseOfThePublishedSets() {
    #expect(SyntheticDialogues.iemocapTest.count == 31)
    #expect(SyntheticDialogues.iemocapTest.reduce(0, +) == 1623)
    #expect(SyntheticDialogues.iemocapTest.min() == 10)
    #expect(SyntheticDialogues.iemocapTest.max() == 110)
    #expect(SyntheticDialogues.iemocapTraining.count == 120)
    #expect(SyntheticDialogues.iemocapTraining.reduce(0, +) == 5810)
  }
}
