import Testing

@testable import Tensors

/// Every differentiable operation with inputs that reach its corners.
enum OperationCatalogue {
  struct Entry: Sendable, CustomTestStringConvertible {
    let name: String
    let make: @Sendable () -> GradientCheck

    var testDescription: String { name }
  }

  static let entries: [Entry] = activations + sums + products + embeddings + bands + attentions

  private static func random(_ rows: Int, _ columns: Int, _ seed: UInt64) -> Matrix {
    GradientCheck.random(rows, columns, seed: seed)
  }

  /// Numbers at least 0.2 away from zero, so that differences do not straddle a kink there.
  private static func awayFromZero(_ rows: Int, _ columns: Int, _ seed: UInt64) -> Matrix {
    Matrix(rows: rows, columns: columns, random(rows, columns, seed).values.map { $0 < 0 ? $0 - 0.2 : $0 + 0.2 })
  }

  // 37 columns: no register width divides them.
  private static let activations = [
    Entry(name: "relu") { GradientCheck([awayFromZero(3, 37, 1)]) { $0.relu($1[0]) } },
    Entry(name: "gelu with erf") { GradientCheck([random(3, 37, 2)]) { $0.geluErf($1[0]) } },
    Entry(name: "gelu with tanh") { GradientCheck([random(3, 37, 3)]) { $0.geluTanh($1[0]) } },
    Entry(name: "gate") { GradientCheck([random(3, 37, 4), random(3, 37, 5)]) { $0.gated($1[0], by: $1[1]) } },
    Entry(name: "layer norm") {
      GradientCheck([random(4, 37, 6), random(1, 37, 7), random(1, 37, 8)]) {
        $0.layerNormalised($1[0], weight: $1[1], bias: $1[2], epsilon: 1e-5, scale: 0.7)
      }
    },
    Entry(name: "dropout") {
      GradientCheck([random(5, 37, 9)], dropout: DropoutSource(key: 3, firstRow: 11)) { $0.dropout($1[0], 0.4) }
    },
  ]

  private static let sums = [
    Entry(name: "add") { GradientCheck([random(3, 37, 10), random(3, 37, 11)]) { $0.add($1[0], $1[1]) } },
    Entry(name: "add with itself") { GradientCheck([random(3, 37, 12)]) { $0.add($1[0], $1[0]) } },
    Entry(name: "scaled") { GradientCheck([random(3, 37, 13)]) { $0.scaled($1[0], by: -1.7) } },
    Entry(name: "rows scaled") {
      GradientCheck([random(3, 37, 14)]) { $0.rowsScaled($1[0], by: [0, 1.25, -2]) }
    },
    Entry(name: "rows added") {
      GradientCheck([random(4, 9, 15), random(3, 9, 16)]) {
        $0.addingRows(
          $1[0], constant: random(2, 9, 17), positions: [0, 1, 0, 1], table: $1[1], slots: [2, 0, 0, 1])
      }
    },
    Entry(name: "concatenated") {
      GradientCheck([random(3, 5, 18), random(3, 2, 19), random(3, 7, 20)]) { $0.concatenated($1) }
    },
    Entry(name: "difference of exponentials") {
      GradientCheck((0..<4).map { Matrix(rows: 1, columns: 9, random(1, 9, 21 + $0).values.map { $0 * 0.3 }) }) {
        $0.differenceOfExponentials($1[0], $1[1], minus: $1[2], $1[3], plus: 0.4)
      }
    },
  ]

  private static let products = [
    Entry(name: "linear") {
      GradientCheck([random(7, 5, 30), random(5, 6, 31), random(1, 6, 32)]) { $0.linear($1[0], $1[1], bias: $1[2]) }
    },
    Entry(name: "linear on two rows without bias") {
      GradientCheck([random(2, 5, 33), random(5, 6, 34)]) { $0.linear($1[0], $1[1]) }
    },
    Entry(name: "linear twice with one weight") {
      GradientCheck([random(4, 5, 35), random(5, 5, 36), random(1, 5, 37)]) {
        $0.linear($0.linear($1[0], $1[1], bias: $1[2]), $1[1], bias: $1[2])
      }
    },
    Entry(name: "row dots") {
      GradientCheck([random(6, 40, 38), random(1, 21, 39)]) { $0.rowDots($1[0], columns: 3..<24, $1[1]) }
    },
  ]

  private static let embeddings = [
    Entry(name: "gathered rows, some twice and some never") {
      GradientCheck([random(5, 37, 60)]) { $0.gathered($1[0], rows: [4, 0, 4, 2]) }
    },
    Entry(name: "means over ranges that leave rows out") {
      GradientCheck([random(9, 37, 61)]) { $0.means($1[0], over: [0..<1, 1..<5, 6..<9]) }
    },
    Entry(name: "unit norm") { GradientCheck([random(3, 37, 62)]) { $0.unitNormalised($1[0]) } },
  ]

  // Segments of one row, shorter than the window, and longer than it.
  private static let lengths = [1, 3, 9, 2, 6]

  private static func graph(window: Int) -> BandedGraph {
    BandedGraph(Segments(lengths: lengths), window: window) { i, j in
      // Every row has itself; other edges are missing here and there.
      i == j ? 1 : (i * 7 + j * 3) % 4 == 0 ? 0 : UInt8(2 + (i + 2 * j) % 4)
    }
  }

  private static let bands = [1, 4, 12].flatMap { window -> [Entry] in
    [
      Entry(name: "band attention, window \(window)") {
        // Scores on a grid of halves plus a quarter stay clear of the rectifier's kink at zero.
        func grid(_ columns: Int, _ seed: UInt64) -> [Float] {
          random(1, columns, seed).values.map { ($0 * 2).rounded() / 2 }
        }
        let rows = lengths.reduce(0, +)
        return GradientCheck([
          Matrix(rows: rows, columns: 1, grid(rows, 40)), Matrix(rows: rows, columns: 1, grid(rows, 41)),
          Matrix(rows: 6, columns: 1, grid(6, 42).map { $0 + 0.25 }),
        ]) {
          $0.bandedAttention(
            left: $1[0], right: $1[1], relationScores: $1[2], graph: graph(window: window), slope: 0.2)
        }
      },
      Entry(name: "band product, window \(window)") {
        let rows = lengths.reduce(0, +)
        // Panels of 32, 16 and 8 columns and a tail of 5. Weights off the graph's edges are zero and stay so.
        return GradientCheck([random(rows, 2 * window + 1, 43), random(rows, 61, 44)]) {
          let weights = $0.onEdges($1[0], of: graph(window: window))
          return $0.bandedProduct(weights, $1[1], graph: graph(window: window))
        }
      },
      Entry(name: "band difference, window \(window)") {
        let rows = lengths.reduce(0, +)
        return GradientCheck([
          random(rows, 2 * window + 1, 45), random(1, 1, 46), random(rows, 2 * window + 1, 47),
        ]) { $0.difference($1[0], $1[1], times: $1[2]) }
      },
    ]
  }

  // Longer than one block of keys, exactly one, and a single row.
  private static let attentions = [(lengths: [1, 150, 3], dropout: Float(0)), ([128, 2], 0), ([140, 5], 0.3)].map {
    lengths, dropout in
    Entry(name: "self-attention over \(lengths), dropout \(dropout)") {
      let rows = lengths.reduce(0, +)
      return GradientCheck(
        (0..<3).map { random(rows, 6, 50 + $0) }, dropout: DropoutSource(key: 5, firstRow: 30)
      ) {
        $0.selfAttention(
          q: $1[0], k: $1[1], v: $1[2], heads: 2, segments: Segments(lengths: lengths), dropout: dropout)
      }
    }
  }
}

extension Computation {
  /// The band with everything off the graph's edges set to zero, as attention leaves it.
  fileprivate func onEdges(_ band: Variable, of graph: BandedGraph) -> Variable {
    let mask = graph.relations.map { $0 == 0 ? Float(0) : 1 }
    let y = Matrix(rows: band.rows, columns: band.columns, zip(band.value.values, mask).map { $0 * $1 })
    return result(y, of: [band]) { dy in
      let gradient = band.gradientToAddTo()
      for (index, kept) in mask.enumerated() { gradient[index] += kept * dy[index] }
    }
  }
}
