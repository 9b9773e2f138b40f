import DialogueDomain

/// Feature vectors as they come from a file, on their way into a feature table.
struct FeatureRows {
  var width: Int
  /// Row-major.
  var values: [Float] = []

  /// What to do with a row of which some numbers, but not all, are not finite.
  enum PartlyMissing {
    /// Tell the caller, who says where.
    case refuse
    /// Treat the whole row as missing.
    case drop
  }

  /// A row that was not let in.
  struct BadRow: Error {
    var row: Int
    var column: Int
    var value: Float
  }

  var count: Int { width == 0 ? 0 : values.count / width }

  /// The rows in another order as a feature table; a row of nothing but NaN is missing.
  ///
  /// - Throws: `BadRow`, with the row's number in the file, for one that holds some NaN or infinite numbers.
  func table(order: [Int], partlyMissing: PartlyMissing) throws -> FeatureTable {
    var sorted: [Float] = []
    sorted.reserveCapacity(order.count * width)
    var missing: [Bool] = []
    missing.reserveCapacity(order.count)
    for row in order {
      let vector = values[row * width..<(row + 1) * width]
      let firstBad = vector.firstIndex { !$0.isFinite }
      if let firstBad, partlyMissing == .refuse, !vector.allSatisfy(\.isNaN) {
        throw BadRow(row: row, column: firstBad - vector.startIndex, value: vector[firstBad])
      }
      missing.append(firstBad != nil)
      if firstBad == nil {
        sorted.append(contentsOf: vector)
      } else {
        sorted.append(contentsOf: repeatElement(0, count: width))
      }
    }
    return FeatureTable(width: width, values: sorted, missing: missing)
  }
}
