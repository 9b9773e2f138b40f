import Foundation

/// Rows of words in columns: the first column to the left, the others to the right.
struct TextTable {
  private var rows: [[String]]

  init(header: [String]) {
    rows = [header]
  }

  mutating func append(_ row: [String]) {
    rows.append(row)
  }

  /// One line per row, columns two spaces apart, without trailing spaces.
  var text: String {
    let columns = rows.map(\.count).max() ?? 0
    let widths = (0..<columns).map { column in
      rows.map { $0.indices.contains(column) ? $0[column].count : 0 }.max() ?? 0
    }
    return rows.map { row in
      let cells = row.enumerated().map { column, word in
        let padding = String(repeating: " ", count: widths[column] - word.count)
        return column == 0 ? word + padding : padding + word
      }
      var line = cells.joined(separator: "  ")
      while line.last == " " { line.removeLast() }
      return line + "\n"
    }.joined()
  }
}

/// Shares as percentages with one digit.
func percent(_ share: Double) -> String {
  String(format: "%.1f", share * 100)
}

/// A mean with its deviation, as percentages with one digit: `68.6±0.4`; the deviation only where there are several.
func percent(_ values: [Double]) -> String {
  guard let first = values.first else { return "–" }
  guard values.count > 1 else { return percent(first) }
  let mean = values.reduce(0, +) / Double(values.count)
  let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
  return percent(mean) + "±" + percent((squares / Double(values.count - 1)).squareRoot())
}
