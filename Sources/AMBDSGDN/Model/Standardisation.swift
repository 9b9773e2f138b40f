import Tensors

/// Features brought to mean 0 and deviation 1 per column by the training data's statistics: (x − mean) / deviation.
public struct Standardisation: Sendable {
  /// [1, D_m].
  public let mean: Matrix
  /// [1, D_m], positive.
  public let deviation: Matrix
  private let factor: Matrix

  public init(mean: [Float], deviation: [Float]) {
    precondition(mean.count == deviation.count, "one mean and one deviation a column")
    self.mean = Matrix(rows: 1, columns: mean.count, mean)
    self.deviation = Matrix(rows: 1, columns: deviation.count, deviation)
    factor = Matrix(rows: 1, columns: deviation.count, deviation.map { 1 / $0 })
  }

  /// Feature rows [T, D_m] in the units that enter the projection.
  public func callAsFunction(_ features: Matrix) -> Matrix {
    features.standardised(mean: mean, factor: factor)
  }
}
