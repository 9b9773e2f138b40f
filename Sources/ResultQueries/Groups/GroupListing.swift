import ResultIndex

/// The lists of `ambq dialogues`, `speakers`, `emotions` and `models`, and the counts of `ambq count --by`.
public struct GroupListing {
  /// What the utterances are grouped by.
  public let grouping: UtteranceGrouping
  /// Whether only the number of utterances is told.
  public let onlyCounts: Bool
  /// A field's name as typed, `-` before it for descending; nil for the order that suits the grouping.
  public var sort: String?
  /// At most so many; nil: all.
  public var limit: Int?

  /// - Parameter onlyCounts: whether only the number of utterances is told.
  public init(_ grouping: UtteranceGrouping, onlyCounts: Bool = false) {
    self.grouping = grouping
    self.onlyCounts = onlyCounts
  }

  /// Writes the groups in the console's format, one after the other.
  ///
  /// - Returns: how many there were.
  /// - Throws: `QueryError` for a field that is none, `IndexError`, `OutputError`.
  public func write(_ query: UtteranceQuery, _ reader: IndexReader, on console: ResultConsole) throws -> Int {
    let order = try order
    var found = 0
    func each(_ body: (UtteranceGroup) throws -> Void) throws {
      try reader.forEachGroup(grouping, query, order: order, limit: limit, hasFigures: !onlyCounts) { group in
        found += 1
        try body(group)
      }
    }
    if console.printsNames {
      try each { try console.name($0.name) }
    } else if console.drawsTable {
      let cells = onlyCounts ? GroupCell.counts(grouping) : GroupCell.all(grouping)
      var table = SampledTable(console, cells.map(\.column))
      try each { group in try table.append(cells.map { $0.cell(group) }) }
      try table.finish()
    } else {
      var writer = try RecordWriter(columns, console)
      try each { try writer.append($0) }
      try writer.finish()
    }
    return found
  }

  /// Writes which fields its objects have.
  ///
  /// - Throws: `OutputError`.
  public func listFields(on console: ResultConsole) throws { try columns.list(on: console) }

  private var columns: RecordColumns<UtteranceGroup> {
    onlyCounts ? Self.counts(grouping) : Self.columns(grouping)
  }

  private var order: GroupOrder {
    get throws {
      if let sort {
        let term = try SortTerm<GroupOrder.Field>(sort)
        return GroupOrder(term.field, descending: term.descending)
      }
      switch grouping {
      case .emotion, .speaker: return GroupOrder(.utterances, descending: true)
      case .day: return GroupOrder(.time)
      case .dialogue: return onlyCounts ? GroupOrder(.utterances, descending: true) : GroupOrder(.time)
      case .model: return GroupOrder(onlyCounts ? .utterances : .time, descending: true)
      }
    }
  }
}
