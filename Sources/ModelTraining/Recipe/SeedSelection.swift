/// The seeds of several trainings: so many from a first one on, or a range of them.
public enum SeedSelection: Sendable, Hashable {
  /// So many, from the first one on.
  case count(Int)
  /// These.
  case range(ClosedRange<UInt64>)

  /// Reads `5`, `1-10`, `1..10`, `1...10` or `1…10`; nil where the text is none of these.
  public init?(_ text: String) {
    if let count = Int(text) {
      self = .count(count)
      return
    }
    guard let first = text.firstIndex(where: { !$0.isNumber }), let last = text.lastIndex(where: { !$0.isNumber }),
      ["-", "..", "...", "…"].contains(text[first...last]), let lower = UInt64(text[..<first]),
      let upper = UInt64(text[text.index(after: last)...]), lower <= upper
    else { return nil }
    self = .range(lower...upper)
  }

  private static let most = 1000

  /// What a selection may be, for messages.
  public static let expected = "a number from 1 to \(most), or a range of as many"

  /// The seeds; nil where there are none or too many to be meant.
  ///
  /// - Parameter first: where a count begins.
  public func seeds(from first: UInt64) -> [UInt64]? {
    switch self {
    case .count(let count):
      guard (1...Self.most).contains(count), first <= UInt64(Int.max) - UInt64(count) else { return nil }
      return (0..<UInt64(count)).map { first + $0 }
    case .range(let range):
      guard range.upperBound < UInt64(Int.max), range.upperBound - range.lowerBound < UInt64(Self.most) else {
        return nil
      }
      return Array(range)
    }
  }
}
