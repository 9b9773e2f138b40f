import ArgumentParser

/// The seeds to train: so many from --seed on, or a range of them.
enum Seeds: ExpressibleByArgument, Equatable {
  case count(Int)
  case range(ClosedRange<UInt64>)

  /// `5`, `1-10`, `1..10`, `1...10` or `1…10`.
  init?(argument: String) {
    if let count = Int(argument) {
      self = .count(count)
      return
    }
    guard let first = argument.firstIndex(where: { !$0.isNumber }),
      let last = argument.lastIndex(where: { !$0.isNumber }),
      ["-", "..", "...", "…"].contains(argument[first...last]), let lower = UInt64(argument[..<first]),
      let upper = UInt64(argument[argument.index(after: last)...]), lower <= upper
    else { return nil }
    self = .range(lower...upper)
  }

  private static let most = 1000

  static let expected = "--seeds takes a number from 1 to \(most), or a range of as many."

  /// Nil where there are none or too many to be meant.
  ///
  /// - Parameter first: where a count begins.
  func values(from first: UInt64) -> [UInt64]? {
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
