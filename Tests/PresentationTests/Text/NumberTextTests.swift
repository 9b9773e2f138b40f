import Presentation
import Testing

struct NumberTextTests {
  @Test(arguments: [(0.0, "0 %"), (0.004, "<1 %"), (0.005, "1 %"), (0.474, "47 %"), (1, "100 %"), (.nan, "–")])
  func wholePerCentNeverHidesWhatIsThere(_ share: Double, _ expected: String) {
    #expect(NumberText.percent(share) == expected)
  }

  @Test func sharesWithDecimalsHaveTheirSignOrNot() {
    #expect(NumberText.percent(0.1234, places: 1) == "12.3 %" && NumberText.percent(0.3, places: 0) == "30 %")
    #expect(NumberText.percent(nil, places: 1) == "–" && NumberText.percent(.infinity, places: 1) == "–")
    #expect(NumberText.percentage(0.1234) == "12.3" && NumberText.percentage(0.1234, places: 2) == "12.34")
    #expect(NumberText.percentage(0.02, signed: true) == "+2.0" && NumberText.percentage(-0.02, signed: true) == "-2.0")
    #expect(NumberText.percentage(nil) == "–")
  }

  @Test func meansHaveTheirDeviationWhereThereIsOne() {
    #expect(NumberText.percentage(0.686, deviation: 0.004) == "68.6±0.4")
    #expect(NumberText.percentage(0.686, deviation: nil) == "68.6" && NumberText.percentage(nil, deviation: nil) == "–")
  }

  @Test func aRoundedNothingHasNoSign() {
    #expect(
      NumberText.fixed(-0.0001, places: 3) == "0.000" && NumberText.fixed(0.0001, places: 3, signed: true) == "0.000")
    #expect(NumberText.fixed(-0.0006, places: 3) == "-0.001" && NumberText.fixed(2, places: 0) == "2")
    #expect(NumberText.fixed(.nan, places: 2) == "–" && NumberText.fixed(nil, places: 2) == "–")
  }

  @Test(arguments: [(0.805, 2, "0.81"), (-0.001, 2, "0.00"), (12.05, 1, "12.1"), (1e9, 2, "–"), (0.1234, 3, "0.123")])
  func decimalsAreRounded(_ value: Double, _ places: Int, _ expected: String) {
    #expect(NumberText.decimal(value, places: places) == expected)
  }

  @Test func countsAndSizesAreReadable() {
    #expect(NumberText.count(1_234_567) == "1,234,567" && NumberText.count(-1000) == "-1,000")
    #expect(NumberText.count(1, "bundle") == "1 bundle" && NumberText.count(0, "bundle") == "0 bundles")
    #expect(NumberText.bytes(812) == "812 B" && NumberText.bytes(12_345_678) == "12.3 MB")
  }
}
