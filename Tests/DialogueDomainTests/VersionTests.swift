import DialogueDomain
import Foundation
import Testing

struct VersionTests {
  /// The changelog's newest heading is the version's, or "Unreleased" with the number that it will get.
  @Test func theVersionIsTheChangelogs() throws {
    let file = URL(fileURLWithPath: #filePath).appendingPathComponent("../../../CHANGELOG.md").standardized
    let text = try String(contentsOf: file, encoding: .utf8)
    let heading = try #require(text.firstMatch(of: /\n## (\S+)/)).1
    if heading == "Unreleased" {
      let next = try #require(text.firstMatch(of: /\n## Unreleased\n\nTo become ([0-9.]+)\.\n/)).1
      #expect(Version.current == "\(next)-dev")
    } else {
      #expect(Version.current == heading)
    }
  }
}
