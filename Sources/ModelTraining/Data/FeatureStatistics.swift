import AMBDSGDN
import DialogueDomain
import Tensors

/// What training data says of one modality's features: the rows that have it, nothing else.
enum FeatureStatistics {
  /// Mean and deviation of each column.
  static func standardisation(_ table: FeatureTable) -> Standardisation {
    let width = table.width
    var (sum, squares) = ([Double](repeating: 0, count: width), [Double](repeating: 0, count: width))
    let rows = Double(max(table.missing.filter { !$0 }.count, 1))
    forEachElement(table) { column, value in sum[column] += value }
    let mean = sum.map { $0 / rows }
    forEachElement(table) { column, value in
      squares[column] += (value - mean[column]) * (value - mean[column])
    }
    let deviation = squares.map { ($0 / rows).squareRoot() }
    return Standardisation(mean: mean.map(Float.init), deviation: deviation.map(Float.init))
  }

  /// The deviation of all elements together, in the units that enter the projection; 1 where nothing varies.
  static func overallDeviation(_ table: FeatureTable, _ standardisation: Standardisation?) -> Double {
    let raw = Matrix(rows: table.rows, columns: table.width, table.values)
    let scaled = FeatureTable(
      width: table.width, values: (standardisation?(raw) ?? raw).values, missing: table.missing)
    var (count, sum, squares) = (0.0, 0.0, 0.0)
    forEachElement(scaled) { _, value in
      count += 1
      sum += value
      squares += value * value
    }
    guard count > 0 else { return 1 }
    let variance = squares / count - (sum / count) * (sum / count)
    return variance > 1e-16 ? variance.squareRoot() : 1
  }

  private static func forEachElement(_ table: FeatureTable, _ body: (_ column: Int, _ value: Double) -> Void) {
    table.values.withUnsafeBufferPointer { values in
      for (row, isMissing) in table.missing.enumerated() where !isMissing {
        for column in 0..<table.width { body(column, Double(values[row * table.width + column])) }
      }
    }
  }
}
