import DialogueDomain

/// A bundle that has been taken apart and checked; its features are read once more, part by part, from the same bytes.
struct DecodedBundle {
  let outline: BundleOutline
  /// None for a transcript.
  var tables: [Modality: FeatureColumns] = [:]
  /// Holds the bytes that the tables are read from.
  var file: HDF5File?

  /// The features of some dialogues, which must follow those that were asked for last.
  ///
  /// - Throws: `HDF5Failure`, `BundleError`.
  func features(of dialogues: Range<Int>) throws -> [Modality: FeatureTable] {
    let rows = outline.rows(of: dialogues)
    return try tables.mapValues { columns in
      FeatureTable(
        width: columns.outline.width, values: try columns.values(rows), missing: Array(columns.outline.missing[rows]))
    }
  }

  /// Everything at once.
  func whole() throws -> FeatureBundle {
    let dialogues = 0..<outline.dialogues.count
    return outline.part(dialogues, features: try features(of: dialogues))
  }
}

/// The feature matrix of one modality in the file: shape and type checked before anything is read, then read in bands of rows.
final class FeatureColumns {
  /// Bytes of a band; whole chunks may take more.
  static let bytesAtOnce = 8 << 20

  private let dataset: HDF5Dataset
  private let rows: Int
  private let rowsAtOnce: Int
  /// The width, and once it has been checked, which rows are missing.
  private(set) var outline: FeatureOutline
  private var zeroRows: [Bool]
  private var band: (rows: Range<Int>, values: [Float]) = (0..<0, [])

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
    guard shape[0] == utterances || shape[1] != utterances else {
      throw BundleError.transposed(at: dataset.path, found: shape, expected: utterances)
    }
    guard shape[0] == utterances else {
      throw BundleError.lengthsDisagree(
        at: dataset.path, found: shape[0], expected: utterances, of: "the number of utterances in /speaker")
    }
    self.dataset = dataset
    rows = utterances
    rowsAtOnce = dataset.rowsAtOnce(bytes: Self.bytesAtOnce, columns: shape[1])
    outline = FeatureOutline(width: shape[1], missing: [Bool](repeating: false, count: utterances))
    zeroRows = outline.missing
  }

  /// Reads the matrix once, band by band, and finds which rows are missing.
  ///
  /// - Returns: what its zero rows say about the copy.
  /// - Throws: `BundleError` naming row and column of a value that is neither finite nor part of an all-NaN row.
  func check() throws -> FeatureTrace {
    try dataset.checkFloats()
    for first in stride(from: 0, to: rows, by: rowsAtOnce) { try readBand(from: first) }
    return FeatureTrace(
      path: dataset.path, zeroRows: zeroRows, contiguous: dataset.storage.contiguous,
      isChecksummed: dataset.storage.isChecksummed)
  }

  /// Some rows' values, zeros for missing ones; asked for in order, each band is read once more, and the only one not at all.
  func values(_ range: Range<Int>) throws -> [Float] {
    if range == band.rows { return band.values }
    let width = outline.width
    var values: [Float] = []
    values.reserveCapacity(range.count * width)
    var row = range.lowerBound
    while row < range.upperBound {
      if !band.rows.contains(row) { try readBand(from: row / rowsAtOnce * rowsAtOnce) }
      let end = min(range.upperBound, band.rows.upperBound)
      values += band.values[(row - band.rows.lowerBound) * width..<(end - band.rows.lowerBound) * width]
      row = end
    }
    return values
  }

  /// Reads some rows and applies the missing-row rule.
  private func readBand(from first: Int) throws {
    let width = outline.width
    // The one before goes first.
    band = (0..<0, [])
    let range = first..<min(first + rowsAtOnce, rows)
    var values = try dataset.floats(rows: range)
    try values.withUnsafeMutableBufferPointer { values in
      for row in range {
        let start = (row - first) * width
        let cells = UnsafeMutableBufferPointer(rebasing: values[start..<start + width])
        let largest = Self.largestMagnitude(cells)
        zeroRows[row] = largest == 0
        guard largest >= Self.infinity else { continue }
        guard cells.allSatisfy(\.isNaN) else {
          let column = cells.firstIndex { !$0.isFinite } ?? 0
          throw BundleError.notFinite(at: dataset.path, row: row, column: column, found: cells[column])
        }
        outline.missing[row] = true
        cells.update(repeating: 0)
      }
    }
    band = (range, values)
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
