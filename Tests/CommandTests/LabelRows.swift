/// The rows of a label file, or of `ambq list --format tsv --fields all`, without the header.
struct LabelRows {
  private static let stability = 11
  private let fields: [[Substring]]

  init(_ table: String) {
    fields = table.split(separator: "\n").dropFirst().map { line in
      line.split(separator: "\t", omittingEmptySubsequences: false)
    }
  }

  /// Nil where the field is empty.
  var stabilities: [Double?] { fields.map { Double($0[Self.stability]) } }

  var withoutStability: [[Substring]] {
    fields.map { Array($0[..<Self.stability] + $0[(Self.stability + 1)...]) }
  }
}
