import Foundation
import Testing

/// Fills a spool to look at with one's own eyes, when asked to:
/// `AMBQ_DEMO_SPOOL=/tmp/spool swift test --filter AmbqDemoTests`.
struct AmbqDemoTests {
  private static var target: String? { ProcessInfo.processInfo.environment["AMBQ_DEMO_SPOOL"] }

  @Test(.enabled(if: target != nil, "only where AMBQ_DEMO_SPOOL is set"))
  func fillsASpoolToLookAt() throws {
    let path = try #require(Self.target)
    try AmbqSpool(at: URL(fileURLWithPath: path)).fill()
  }
}
