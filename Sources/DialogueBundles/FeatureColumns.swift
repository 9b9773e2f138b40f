import DialogueDomain

/// The feature matrix of one modality in the file: shape and type checked before anything is read.
struct FeatureColumns {
  private let dataset: HDF5Dataset
  private let rows: Int
  private let width: Int

  init(_ dataset: HDF5Dataset, utterances: Int) throws {
    let expected = "two dimensions: [utterances, columns]"
    guard let shape = dataset.shape, shape.count == 2 else {
      throw BundleError.wrongShape(at: dataset.path, found: HDF5Shape.describe(dataset.shape), expected: expected)
    }
    guard shape[1] > 0 else {
      throw BundleError.wrongShape(
        at: dataset.path, found: HDF5Shape.describe(shape), expected: "\(expected), with at least one column")
    }
    guard [.float16, .float32, .float64].contains(dataset.element) else {
      throw BundleError.wrongType(
        at: dataset.path, found: dataset.element.name, expected: "float16, float32 or float64")
    }
    guard shape[0] == utterances else {
      throw BundleError.lengthsDisagree(
        at: dataset.path, found: shape[0], expected: utterances, of: "the number of utterances in /speaker")
    }
    self.dataset = dataset
    (rows, width) = (utterances, shape[1])
  }

  /// Reads the matrix and applies the missing-row rule.
  ///
  /// - Returns: the table, and what its zero rows say about the copy.
  /// - Throws: `BundleError` naming row and column of a value that is neither finite nor part of an all-NaN row.
  func read() throws -> (FeatureTable, FeatureTrace) {
    var values = try dataset.floats()
    var missing = [Bool](repeating: false, count: rows)
    var zero = [Bool](repeating: false, count: rows)
    try values.withUnsafeMutableBufferPointer { values in
      for row in 0..<rows {
        let cells = UnsafeMutableBufferPointer(rebasing: values[(row * width)..<((row + 1) * width)])
        let largest = Self.largestMagnitude(cells)
        zero[row] = largest == 0
        guard largest >= Self.infinity else { continue }
        guard cells.allSatisfy(\.isNaN) else {
          let column = cells.firstIndex { !$0.isFinite } ?? 0
          throw BundleError.notFinite(at: dataset.path, row: row, column: column, found: cells[column])
        }
        missing[row] = true
        cells.update(repeating: 0)
      }
    }
    let trace = FeatureTrace(
      path: dataset.path, zeroRows: zero, contiguous: dataset.storage.contiguous,
      isChecksummed: dataset.storage.isChecksummed)
    return (FeatureTable(width: width, values: values, missing: missing), trace)
  }

  private static let infinity = Int32(bitPattern: Float.infinity.bitPattern)

  /// The bits of the largest magnitude: 0 for a row of zeros, at least those of infinity where a value is not finite.
  private static func largestMagnitude(_ cells: UnsafeMutableBufferPointer<Float>) -> Int32 {
    var largest: Int32 = 0
    for index in 0..<cells.count {
      largest = max(largest, Int32(bitPattern: cells[index].bitPattern & 0x7FFF_FFFF))
    }
    return largest
  }
}
