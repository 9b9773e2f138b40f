import Tensors
import Testing

@testable import AMBDSGDN

/// What enters the projection of a feature column.
@Suite struct StandardisationTests {
  @Test func columnsAreBroughtToMeanZeroAndDeviationOne() {
    let scale = Standardisation(mean: [1, -2], deviation: [0.5, 4])
    #expect(scale(Matrix(rows: 2, columns: 2, [1, -2, 2, 6])).values == [0, 0, 2, 2])
    #expect(scale.constantColumns.isEmpty)
  }

  /// Rounding to half precision left such a column in real features: 0 and -6e-8, nothing else.
  @Test(arguments: [Float(1.9e-8), 0]) func aColumnThatHardlyVariedInTrainingIsLeftOut(deviation: Float) {
    let scale = Standardisation(mean: [0, 0, 0], deviation: [0.05, deviation, 0.04])
    #expect(scale.constantColumns == [1])
    #expect(scale(Matrix(rows: 2, columns: 3, [0.05, 1e-6, 0, 0, 1, 0.04])).values == [1, 0, 0, 0, 0, 1])
  }

  @Test func aColumnOfSmallButRealSpreadStays() {
    #expect(Standardisation(mean: [0, 0, 0], deviation: [1, 0.01, 1]).constantColumns.isEmpty)
  }

  @Test func modalityOfConstantColumnsAloneEntersAsZero() {
    let scale = Standardisation(mean: [5, 6], deviation: [0, 0])
    #expect(scale.constantColumns == [0, 1])
    #expect(scale(Matrix(rows: 1, columns: 2, [7, 6])).values == [0, 0])
  }

  @Test func valuesFarFromTrainingAreClipped() {
    let scale = Standardisation(mean: [0], deviation: [1])
    #expect(scale(Matrix(rows: 3, columns: 1, [19.5, 3e38, -1000])).values == [19.5, 20, -20])
  }
}
