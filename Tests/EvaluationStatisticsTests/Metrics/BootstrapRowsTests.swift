import Testing

@testable import EvaluationStatistics

struct BootstrapRowsTests {
  /// A statistic with two counts, to be resampled the one way and the other.
  private struct Pair: AdditiveStatistic {
    var hits = 0
    var total = 0
    static let zero = Pair()
    static func += (left: inout Pair, right: Pair) {
      left.hits += right.hits
      left.total += right.total
    }
  }

  @Test func bandsOfRowsAreTheBandsOfTheirStatistics() throws {
    let bootstrap = Bootstrap(resamples: 200, seed: 7)
    let units = (0..<23).map { Pair(hits: $0 % 5, total: 4 + $0 % 3) }
    let rows = units.flatMap { [Int32($0.hits), Int32($0.total)] }
    let bands = bootstrap.bands(ofRows: rows, width: 2) { sums in
      [Double(sums[0]) / Double(sums[1]), Double(sums[1])]
    }
    #expect(bands.count == 2)
    #expect(bands[0] == bootstrap.band(of: units) { Double($0.hits) / Double($0.total) })
    #expect(bands[1] == bootstrap.band(of: units) { Double($0.total) })
    #expect(bands[0].lower < bands[0].value && bands[0].value < bands[0].upper)
  }

  /// Counts that fill 16 bits after a few rows, and some that do not fit; more columns than a vector has lanes.
  @Test(arguments: [1, 255, 4095, 4096, 70_000, Int(Int32.max)]) func sumsOfRowsDoNotOverflow(largest: Int) {
    let (units, width) = (45, 35)
    let rows = (0..<units * width).map { place in Int32(largest - place * 31 % min(largest, 97)) }
    let sums = UnitRows(rows, width: width)
    let drawn = (0..<3 * units).map { $0 * 7 % units }
    let expected = (0..<width).map { column in drawn.reduce(0) { $0 + Int(rows[$1 * width + column]) } }
    #expect(sums.total(drawn) == expected)
    #expect(sums.total([]) == [Int](repeating: 0, count: width))
  }

  @Test func oneUnitHasABandOfNoWidthAndNoneHasNoBand() {
    let bootstrap = Bootstrap(resamples: 50, seed: 7)
    let bands = bootstrap.bands(ofRows: [3, 4], width: 2) { [Double($0[0]) / Double($0[1])] }
    #expect(bands == [ConfidenceBand(value: 0.75, lower: 0.75, upper: 0.75)])
    #expect(bootstrap.bands(ofRows: [], width: 2) { _ in [1] }.isEmpty)
    #expect(Bootstrap(resamples: 0, seed: 7).bands(ofRows: [1], width: 1) { _ in [1] }.isEmpty)
  }

  @Test func sumsMadeElsewhereAreRoundedOnce() {
    #expect(ExactSum(rounding: 100_000.5).value == 100_000.5)
    #expect(ExactSum(rounding: .nan) == .zero)
    #expect(ExactSum(rounding: 1e300).units == .max)
    #expect(ExactSum(rounding: -1e300).units == .min)
  }
}
