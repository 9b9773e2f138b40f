/// How much memory the decoded content of one file may still take, so that a few bytes cannot ask for terabytes.
final class DecodingBudget {
  let limit: Int
  private(set) var remaining: Int

  init(_ limit: Int) {
    self.limit = limit
    remaining = limit
  }

  /// Takes `count` elements of `size` bytes from the budget.
  ///
  /// - Throws: `BundleError` naming `place` when that is more than is left.
  func charge(_ count: Int, of size: Int, at place: String) throws {
    let (bytes, overflow) = count.multipliedReportingOverflow(by: size)
    guard !overflow, bytes <= remaining else {
      throw BundleError.tooLarge(at: place, found: "\(count) elements of \(size) bytes", limit: limit)
    }
    remaining -= bytes
  }
}
