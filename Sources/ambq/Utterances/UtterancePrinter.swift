import ResultIndex

/// Writes utterances one after the other in one format.
protocol UtterancePrinter {
  /// How much of each row the format shows.
  static var detail: IndexedUtterance.Detail { get }

  mutating func print(_ row: IndexedUtterance) throws
  /// Must be called after the last row, also where there was none.
  mutating func finish() throws
}
