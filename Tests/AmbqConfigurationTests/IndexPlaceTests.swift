import Foundation
import TestFolders
import Testing

@testable import AmbqConfiguration

/// Where the index lies, and which spool's it is.
struct IndexPlaceTests {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  /// The configuration of a file in `etc`.
  private func loaded(
    _ text: String, environment: [String: String] = [:], overrides: [String: String] = [:]
  ) throws -> LoadedConfiguration {
    let file = try folder.write(text, to: "etc/ambd.toml")
    return try LoadedConfiguration(file: file, environment: environment, overrides: overrides, in: folder.url)
  }

  private func place(_ path: String) -> String { folder.url.appendingPathComponent(path).path }

  @Test(arguments: ["", "index = \"\""])
  func unlessItIsNamedItLiesInTheSpool(_ line: String) throws {
    let loaded = try loaded("spool = \"../spool\"\n\(line)")
    #expect(loaded.values.layout.index.path == place("spool/index.sqlite"))
    #expect(loaded.warnings.isEmpty)
  }

  @Test func aNamedOneStartsFromTheFileAndMovesNothingElse() throws {
    let loaded = try loaded("spool = \"../spool\"\nindex = \"../local/lab.sqlite\"")
    #expect(loaded.values.layout.index.path == place("local/lab.sqlite"))
    #expect(loaded.values.layout.lock.path == place("spool/lock"))
    #expect(loaded.values.layout.labels.path == place("spool/labels"))
  }

  @Test(arguments: [
    (["AMBD_INDEX": "variable.sqlite"], [:], "variable.sqlite"),
    (["AMBD_INDEX": "variable.sqlite"], ["index": "line.sqlite"], "line.sqlite"),
    (["AMBD_SPOOL": "other", "AMBD_INDEX": "variable.sqlite"], [:], "variable.sqlite"),
    ([:], ["spool": "other", "index": "line.sqlite"], "line.sqlite"),
    ([:], ["index": ""], "spool/index.sqlite"),
    // The same spool under another source is no other spool, whatever came between.
    ([:], ["spool": "./spool/"], "file.sqlite"),
    (["AMBD_SPOOL": "other"], ["spool": "spool"], "file.sqlite"),
  ])
  func laterSourcesGoFirst(
    _ environment: [String: String], _ overrides: [String: String], _ expected: String
  ) throws {
    let loaded = try loaded(
      "spool = \"../spool\"\nindex = \"../file.sqlite\"", environment: environment, overrides: overrides)
    #expect(loaded.values.layout.index.path == place(expected))
    #expect(loaded.warnings.isEmpty)
  }

  @Test(arguments: [
    ([:], ["spool": "other"]), (["AMBD_SPOOL": "other"], [:]),
    (["AMBD_INDEX": "variable.sqlite"], ["spool": "other"]),
  ])
  func anotherSpoolHasItsOwnAndAWarningSaysSo(
    _ environment: [String: String], _ overrides: [String: String]
  ) throws {
    let loaded = try loaded(
      "spool = \"../spool\"\nindex = \"../file.sqlite\"", environment: environment, overrides: overrides)
    #expect(loaded.values.layout.index.path == place("other/index.sqlite"))
    #expect(loaded.origins["index"] == nil)
    let warning = try #require(loaded.warnings.first)
    #expect(loaded.warnings.count == 1)
    #expect(warning.contains("is that of the spool \(place("spool"));"))
    #expect(warning.contains("the spool \(place("other")) (\(loaded.origins["spool"] ?? "")) has its own"))
  }

  @Test func aLinkToTheSpoolIsThatSpool() throws {
    try FileManager.default.createDirectory(
      at: folder.url.appendingPathComponent("spool"), withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(atPath: place("link"), withDestinationPath: place("spool"))
    let loaded = try loaded(
      "spool = \"../spool\"\nindex = \"../file.sqlite\"", overrides: ["spool": "link"])
    #expect(loaded.values.layout.index.path == place("file.sqlite"))
  }
}
