/// Decides how wide the columns of a table are.
///
/// Where the natural widths do not fit: long texts give way down to a moderate width, then whole columns go, those of
/// the highest `droppable` together, then texts shrink to the least they may; what is left over goes back to the
/// texts. If even that does not fit, lines are longer than the terminal is wide.
struct TableLayout {
  /// Columns between two columns.
  static let gap = 2
  /// A text column keeps this much before others are dropped for it.
  private static let moderate = 24

  private let columns: [Table.Column]
  private let natural: [Int]
  private let slack: Int

  init(_ columns: [Table.Column], natural: [Int], slack: Int = 0) {
    self.columns = columns
    self.natural = natural
    self.slack = slack
  }

  /// The width of each column; nil for one that is left out.
  func widths(within width: Int) -> [Int?] {
    var widths: [Int?] = natural
    if Self.total(widths) <= width { return spread(widths, into: width) }
    for index in columns.indices {
      guard let least = columns[index].shrinksTo else { continue }
      widths[index] = min(natural[index], max(least, Self.moderate))
    }
    while Self.total(widths) > width, let first = firstToDrop(widths) {
      for index in columns.indices where columns[index].droppable == first { widths[index] = nil }
    }
    return spread(shrink(widths, into: width), into: width)
  }

  private func firstToDrop(_ widths: [Int?]) -> Int? {
    columns.indices.compactMap { widths[$0] == nil ? nil : columns[$0].droppable }.max()
  }

  /// Takes a column at a time from the widest text until the whole fits or none can give any more.
  private func shrink(_ widths: [Int?], into width: Int) -> [Int?] {
    var widths = widths
    while Self.total(widths) > width {
      var widest: (index: Int, width: Int)?
      for index in columns.indices {
        guard let current = widths[index], let least = columns[index].shrinksTo, current > least else { continue }
        if current > widest?.width ?? 0 { widest = (index, current) }
      }
      guard let widest else { break }
      widths[widest.index] = widest.width - 1
    }
    return widths
  }

  /// Gives a column at a time to the narrowest text that could use it, until nothing is left over.
  private func spread(_ widths: [Int?], into width: Int) -> [Int?] {
    var widths = widths
    while Self.total(widths) < width {
      var narrowest: (index: Int, width: Int)?
      for index in columns.indices {
        let limit = columns[index].shrinksTo == nil ? natural[index] : natural[index] + slack
        guard let current = widths[index], current < limit else { continue }
        if current < narrowest?.width ?? .max { narrowest = (index, current) }
      }
      guard let narrowest else { break }
      widths[narrowest.index] = narrowest.width + 1
    }
    return widths
  }

  private static func total(_ widths: [Int?]) -> Int {
    let shown = widths.compactMap { $0 }
    return shown.reduce(0, +) + gap * max(0, shown.count - 1)
  }
}
