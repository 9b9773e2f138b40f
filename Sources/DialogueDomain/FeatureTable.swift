/// The feature vectors of one modality: one row per utterance, row-major [utterances, width].
public struct FeatureTable: Sendable, Hashable {
  /// Elements per row, d_m in the paper.
  public let width: Int
  /// `missing.count * width` values; a missing row's values are zero.
  public var values: [Float]
  /// True for an utterance that lacks this modality (an all-NaN row in the bundle).
  public var missing: [Bool]

  public init(width: Int, values: [Float], missing: [Bool]) {
    precondition(values.count == missing.count * width, "a feature table holds width values per row")
    self.width = width
    self.values = values
    self.missing = missing
  }

  public var rows: Int { missing.count }
}
