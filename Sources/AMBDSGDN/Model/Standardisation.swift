import Tensors

/// Features brought to mean 0 and deviation 1 per column by the training data's statistics: (x − mean) / deviation.
///
/// A column that hardly varied in training tells nothing, and divided by its deviation the least disturbance of it would
/// drown all others: where a column's deviation is below `leastShare` of the modality's median, it is left out and
/// enters as zero. What remains is clipped to ±`bound`.
public struct Standardisation: Sendable {
  /// [1, D_m].
  public let mean: Matrix
  /// [1, D_m], as the training data has it; 0 for a column that never changed.
  public let deviation: Matrix
  /// Columns that are left out, rising.
  public let constantColumns: [Int]
  private let factor: Matrix

  /// Share of the median deviation below which a column counts as constant.
  public static let leastShare: Float = 1e-3
  /// Deviations from the mean beyond which a value is taken for this many.
  public static let bound: Float = 20

  /// - Parameters:
  ///   - mean: one a column.
  ///   - deviation: one a column, not negative; those of models made before count likewise.
  public init(mean: [Float], deviation: [Float]) {
    precondition(mean.count == deviation.count, "one mean and one deviation a column")
    self.mean = Matrix(rows: 1, columns: mean.count, mean)
    self.deviation = Matrix(rows: 1, columns: deviation.count, deviation)
    let varying = deviation.filter { $0 > 0 }.sorted()
    let least = varying.isEmpty ? 0 : varying[varying.count / 2] * Self.leastShare
    constantColumns = deviation.indices.filter { deviation[$0] <= 0 || deviation[$0] < least }
    var factor = deviation.map { 1 / $0 }
    for column in constantColumns { factor[column] = 0 }
    self.factor = Matrix(rows: 1, columns: factor.count, factor)
  }

  /// Feature rows [T, D_m] in the units that enter the projection.
  public func callAsFunction(_ features: Matrix) -> Matrix {
    features.standardised(mean: mean, factor: factor, bound: Self.bound)
  }
}
