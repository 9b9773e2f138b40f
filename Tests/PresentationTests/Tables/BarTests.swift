import Testing

@testable import Presentation

struct BarTests {
  @Test(arguments: [
    (0.0, ""), (1.0, "████"), (0.5, "██"), (0.03125, "▏"), (0.90625, "███▋"), (-1, ""), (2, "████"), (.nan, ""),
    (.infinity, "████"),
  ])
  func aBarIsAnEighthFine(_ fraction: Double, _ expected: String) {
    #expect(Bar.filled(fraction, width: 4) == expected)
    #expect(Bar.padded(fraction, width: 4).count == 4)
  }

  @Test(arguments: [
    ([0.5, 0.25, 0.25], 8, [4, 2, 2]), ([1, 1, 1], 10, [4, 3, 3]), ([0, 0, 0], 10, [0, 0, 0]),
    ([0.99, 0.01, 0], 10, [10, 0, 0]),
    ([0.4, 0, 0.6], 5, [2, 0, 3]), ([.nan, 1], 4, [0, 0]),
  ])
  func partsOfABarFillIt(_ shares: [Double], _ width: Int, _ expected: [Int]) {
    #expect(Bar.divided(shares, width: width) == expected)
  }
}
