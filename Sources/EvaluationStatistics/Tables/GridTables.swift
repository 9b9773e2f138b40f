import DialogueDomain
import Foundation

/// The noise grid as text: for every two modalities a plane of their noise levels, the third one clean, as in the heat maps
/// of the paper's Figure 7.
public struct GridTables: Sendable {
  private let statistics: ProbeStatistics
  private let shape: ProbeShape

  /// Nil where no grid ran, or the model has one modality only.
  public init?(_ statistics: ProbeStatistics) {
    guard let shape = statistics.shape, statistics.grid.conditions > 0, shape.modalities.count > 1 else { return nil }
    self.statistics = statistics
    self.shape = shape
  }

  /// Weighted F1 where the truth is known, else the share of labels that noise changed; sums over seeds.
  public var text: String {
    let pairs = shape.modalities.indices.flatMap { row in
      shape.modalities.indices.dropFirst(row + 1).map { (row: row, column: $0) }
    }
    return pairs.map { plane($0.row, $0.column) }.joined(separator: "\n")
  }

  private func plane(_ row: Int, _ column: Int) -> String {
    let levels = shape.plan.levels
    let figure = statistics.known > 0 ? "Weighted F1" : "Labels changed"
    var table = TextTable(
      header: [shape.modalities[row].rawValue] + levels.map { String(format: "%.1fσ", $0) })
    for (place, level) in levels.enumerated() {
      let cells = levels.indices.map { other in
        var cell = [Int](repeating: 0, count: shape.modalities.count)
        (cell[row], cell[column]) = (place, other)
        let condition = shape.gridCondition(cell)
        return percent(
          statistics.known > 0
            ? statistics.grid.weightedF1(condition: condition) ?? 0 : statistics.grid.flipRate(condition: condition))
      }
      table.append([String(format: "%.1fσ", level)] + cells)
    }
    let names = "\(shape.modalities[row].rawValue) (rows) and \(shape.modalities[column].rawValue) (columns)"
    return "\(figure) with noise on \(names), %\n\(table.text)"
  }
}
