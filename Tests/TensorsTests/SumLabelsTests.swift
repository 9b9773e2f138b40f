import Testing

@testable import Tensors

@Suite struct SumLabelsTests {
  /// Class-major logits of 700 rows: more than two of the loops' blocks.
  private func logits(_ key: UInt64, classes: Int = 7, rows: Int = 700) -> Matrix {
    Matrix(rows: classes, columns: rows, CounterBasedRandom.standardNormal(key, count: classes * rows))
  }

  @Test func labelsAreTheGreatestOfTheWeightedSums() {
    let terms = [
      SumLabels.Term(logits(1), factor: 2.4), SumLabels.Term(logits(2), factor: 0.3), SumLabels.Term(logits(3)),
    ]
    let expected = (0..<700).map { row in
      let sums = (0..<7).map { label in
        terms.reduce(0 as Float) { $0 + $1.factor * $1.logits[label, row] }
      }
      return Int32(sums.indices.reduce(0) { sums[$1] > sums[$0] ? $1 : $0 })
    }
    #expect(SumLabels.labels(terms) == expected)
  }

  @Test func aTieGoesToTheFirstClass() {
    let left = Matrix(rows: 3, columns: 2, [0, 1, 1, 1, 1, 0])
    #expect(SumLabels.labels([SumLabels.Term(left)]) == [1, 0])
    #expect(SumLabels.labels([SumLabels.Term(left), SumLabels.Term(left, factor: -1)]) == [0, 0])
  }

  @Test func everyBuildOfTheLoopsGivesTheSameLabels() {
    let terms = [logits(4), logits(5), logits(6)]
    let found = Kernels.all.map { kernels in
      withExtendedLifetime(terms) {
        [Int32](unsafeUninitializedCapacity: 700) { labels, filled in
          if let start = labels.baseAddress {
            kernels.loops.sum_labels(
              terms.map { UnsafePointer($0.elements) }, [0.7, 1.9, 0.4], 3, 700, 7, start)
          }
          filled = 700
        }
      }
    }
    #expect(found.allSatisfy { $0 == found[0] } && Set(found[0]).count == 7)
  }

  @Test func noTermsAndNoRowsGiveNoLabels() {
    #expect(SumLabels.labels([]).isEmpty)
    #expect(SumLabels.labels([SumLabels.Term(logits(1, rows: 0))]).isEmpty)
  }
}
