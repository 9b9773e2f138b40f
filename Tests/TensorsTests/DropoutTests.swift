import Testing

@testable import Tensors

/// Masks are a function of key and batch row: not of how a batch is cut.
@Suite struct DropoutTests {
  @Test func aPieceDropsTheSameElementsAsTheWholeBatch() {
    let x = GradientCheck.random(10, 33, seed: 1)
    let whole = dropped(x, firstRow: 0)
    let tail = Matrix(rows: 6, columns: 33, Array(x.values[(4 * 33)...]))
    #expect(dropped(tail, firstRow: 4) == Array(whole[(4 * 33)...]))
  }

  @Test func attentionDropsTheSameWeightsInAPiece() {
    func attend(_ rows: Range<Int>, lengths: [Int]) -> [Float] {
      let run = Computation(dropout: DropoutSource(key: 5, firstRow: rows.lowerBound))
      let inputs = (0..<3).map { seed in
        let all = GradientCheck.random(12, 8, seed: UInt64(seed)).values
        return run.input(
          Matrix(rows: rows.count, columns: 8, all[(rows.lowerBound * 8)..<(rows.upperBound * 8)]))
      }
      return run.selfAttention(
        q: inputs[0], k: inputs[1], v: inputs[2], heads: 2, segments: Segments(lengths: lengths), dropout: 0.5
      ).value.values
    }
    let whole = attend(0..<12, lengths: [5, 7])
    #expect(attend(5..<12, lengths: [7]) == Array(whole[40...]))
  }

  @Test func theShareOfZerosIsTheProbabilityAndTheMeanIsKept() {
    let ones = Matrix(rows: 300, columns: 300, [Float](repeating: 1, count: 90_000))
    let values = dropped(ones, firstRow: 0, probability: 0.3)
    let zeros = Double(values.filter { $0 == 0 }.count) / 90_000
    // Three standard deviations of 90,000 draws are 0.0046.
    #expect(abs(zeros - 0.3) < 0.005)
    #expect(values.allSatisfy { $0 == 0 || abs($0 - 1 / 0.7) < 1e-6 })
  }

  @Test func everyPlaceHasItsOwnMask() {
    let run = Computation(dropout: DropoutSource(key: 9, firstRow: 0))
    let x = run.input(Matrix(rows: 4, columns: 64, [Float](repeating: 1, count: 256)))
    #expect(run.dropout(x, 0.5).value.values != run.dropout(x, 0.5).value.values)
  }

  private func dropped(_ x: Matrix, firstRow: Int, probability: Float = 0.5) -> [Float] {
    let run = Computation(dropout: DropoutSource(key: 3, firstRow: firstRow))
    return run.dropout(run.input(x), probability).value.values
  }
}
