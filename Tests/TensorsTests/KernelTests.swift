import Foundation
import Testing

@testable import Tensors

/// Loops that no operation of a computation runs, and the random numbers.
@Suite struct KernelTests {
  @Test func adamFollowsItsFormulaOnEveryBuild() {
    let count = 37
    let gradient = CounterBasedRandom.standardNormal(1, count: count)
    // Small weights, so that their own rounding does not hide the step's.
    let start = CounterBasedRandom.standardNormal(2, count: count).map { 0.01 * $0 }
    for kernels in Kernels.all {
      var (weight, first, second) = (start, [Float](repeating: 0, count: count), [Float](repeating: 0, count: count))
      for step in 1...3 {
        kernels.loops.adam(
          &weight, gradient, &first, &second, 0.01, 0.9, 0.999, Float(1 - pow(0.9, Double(step))),
          Float(1 - pow(0.999, Double(step))), 1e-8, 0.1, count)
      }
      for index in 0..<count {
        let expected = adam(start: Double(start[index]), gradient: Double(gradient[index]))
        #expect(abs(Double(weight[index]) - expected) < 2e-8, "\(kernels.name)")
      }
    }
  }

  private func adam(start: Double, gradient: Double) -> Double {
    var (weight, first, second) = (start, 0.0, 0.0)
    for step in 1...3 {
      let g = gradient + 0.1 * weight
      first = 0.9 * first + 0.1 * g
      second = 0.999 * second + 0.001 * g * g
      let corrected = (first / (1 - pow(0.9, Double(step))), second / (1 - pow(0.999, Double(step))))
      weight -= 0.01 * corrected.0 / (corrected.1.squareRoot() + 1e-8)
    }
    return weight
  }

  @Test func normalDrawsAreTheSameBytesOnEveryBuildAndFromAnyStart() {
    let whole = CounterBasedRandom.standardNormal(4, count: 101)
    #expect(CounterBasedRandom.standardNormal(4, first: 33, count: 68) == Array(whole[33...]))
    for kernels in Kernels.all {
      var values = [Float](repeating: 0, count: 101)
      kernels.loops.standard_normal(4, 0, &values, 101)
      #expect(values == whole, "\(kernels.name)")
    }
  }

  @Test func normalDrawsHaveMeanZeroAndDeviationOne() {
    let draws = CounterBasedRandom.standardNormal(11, count: 40_000).map(Double.init)
    let mean = draws.reduce(0, +) / 40_000
    let variance = draws.reduce(0) { $0 + $1 * $1 } / 40_000
    #expect(abs(mean) < 0.02)
    #expect(abs(variance - 1) < 0.03)
  }

  @Test func standardisingSubtractsMultipliesAndClipsOnEveryBuild() {
    let (mean, factor): ([Float], [Float]) = ([1, 2, 3, 4], [2, 0.5, -1, 0])
    for kernels in Kernels.all {
      var values = [Float](repeating: 9, count: 12)
      kernels.loops.standardise([1, 4, 5, 3e38, 3, 2, 1, 0, 400, -400, 5, -3e38], mean, factor, 20, &values, 3, 4)
      #expect(values == [0, 1, -2, 0, 4, 0, 2, 0, 20, -20, -2, 0], "\(kernels.name)")
      kernels.loops.standardise([.nan], [0], [1], 20, &values, 1, 1)
      #expect(values[0].isNaN, "\(kernels.name)")
    }
  }

  @Test func piecesOfWorkComeBackInOrder() throws {
    let squares = try Parallel.map(count: 50, threads: 4) { $0 * $0 }
    #expect(squares == (0..<50).map { $0 * $0 })
  }

  @Test func theFirstErrorByIndexIsThrown() {
    struct Odd: Error, Equatable { let index: Int }
    #expect(throws: Odd(index: 3)) {
      _ = try Parallel.map(count: 20, threads: 3) { index in
        if index >= 3 && index % 2 == 1 { throw Odd(index: index) }
        return index
      }
    }
  }
}
