/// One statistic for each of several conditions, in a fixed order; tables add up condition by condition.
public struct ConditionTable<Cell: AdditiveStatistic>: AdditiveStatistic {
  /// Empty for `zero`.
  public private(set) var cells: [Cell]

  public init(_ cells: [Cell]) {
    self.cells = cells
  }

  public static var zero: ConditionTable { ConditionTable([]) }

  /// Adds cell by cell; both sides must have as many cells, or one of them be `zero`.
  public static func += (left: inout ConditionTable, right: ConditionTable) {
    if right.cells.isEmpty { return }
    if left.cells.isEmpty {
      left = right
      return
    }
    precondition(left.cells.count == right.cells.count, "tables of different conditions do not add up")
    for index in left.cells.indices { left.cells[index] += right.cells[index] }
  }

  public var isEmpty: Bool { cells.isEmpty }

  public subscript(index: Int) -> Cell { cells[index] }

  /// The sum over some of the conditions.
  public func total(_ indices: Range<Int>) -> Cell {
    cells[indices].total()
  }
}

extension ConditionTable: Hashable where Cell: Hashable {}

extension ConditionTable where Cell: CountCodable {
  func write(to writer: inout CountWriter) {
    for cell in cells { cell.write(to: &writer) }
  }

  static func read(
    from reader: inout CountReader, shape: ProbeShape, count: Int
  ) throws(ProbeStatisticsError) -> Self {
    var cells: [Cell] = []
    cells.reserveCapacity(count)
    for _ in 0..<count { cells.append(try Cell.read(from: &reader, shape: shape)) }
    return Self(cells)
  }
}
