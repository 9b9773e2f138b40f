import Foundation
import Testing

@testable import AmbqConfiguration

/// `etc/ambd.toml` is documentation that must stay true.
struct ShippedFileTests {
  private let root = URL(fileURLWithPath: #filePath, isDirectory: false)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  private var file: URL { root.appendingPathComponent("etc/ambd.toml", isDirectory: false) }

  @Test func theShippedFileEqualsTheDefaults() throws {
    let loaded = try LoadedConfiguration(file: file, in: root)
    var expected = AmbdConfiguration(in: root)
    // What ships beside the programs is no default of theirs.
    expected.report.baseline = root.appendingPathComponent("etc/baselines/late-fusion.json").path
    #expect(loaded.values == expected)
    #expect(FileManager.default.fileExists(atPath: expected.report.baseline))
  }

  @Test func theShippedFileNamesEveryKeyWithAComment() throws {
    let loaded = try LoadedConfiguration(file: file, in: root)
    #expect(loaded.origins.keys.sorted() == AmbdConfiguration.keys.map(\.path).sorted())
    let blocks = try String(contentsOf: file, encoding: .utf8).components(separatedBy: "\n\n")
    for block in blocks where block.contains(" = ") {
      #expect(block.contains("# "), "without a comment: \(block)")
    }
  }

  @Test func theManualPageNamesEveryKey() throws {
    let page = try String(
      contentsOf: root.appendingPathComponent("man/ambd.toml.5", isDirectory: false), encoding: .utf8)
    for key in AmbdConfiguration.keys {
      #expect(page.contains(".It Ic \(key.path) "), "ambd.toml(5) lacks \(key.path)")
    }
  }
}
