import DialogueDomain
import Foundation
import TypedSettings

/// A configuration put together from its sources, and where each value came from.
///
/// Command line over environment over file over default. But an index belongs to the spool it was given with: where a
/// later source names another spool and no index, that spool's own is used.
public struct LoadedConfiguration: Sendable {
  /// Every setting.
  public private(set) var values: AmbdConfiguration
  /// The file that was read; nil where there is none and the defaults stand.
  public let file: URL?
  /// Where a key's value came from (`/etc/ambq/ambd.toml:12`, `AMBD_SPOOL`, `command line`); absent for defaults.
  public private(set) var origins: [String: String] = [:]
  /// What looks like a mistake but cannot be refused: environment variables of our prefix that no key has, an index that
  /// is not used since it is another spool's.
  public private(set) var warnings: [String] = []
  /// The spool at the source that gave the index.
  private var indexedSpool: URL?

  /// The variable that names the configuration file.
  public static let fileVariable = "AMBD_CONFIG"

  /// Reads the sources.
  ///
  /// - Parameters:
  ///   - file: the file of `--config`. Without it: the environment's `AMBD_CONFIG`, then `etc/ambd.toml` below the
  ///     working folder, then `/etc/ambq/ambd.toml`, then the defaults alone. `AMBD_CONFIG` set but empty means no file.
  ///   - overrides: values of the command line, by key path.
  ///   - folder: the working folder: what relative paths outside the file start from. Those in the file start from the
  ///     file's own folder.
  /// - Throws: `SettingError` for the first thing that is wrong.
  public init(
    file: URL? = nil, environment: [String: String] = [:], overrides: [String: String] = [:],
    in folder: URL = URL(fileURLWithPath: FileManager.default.currentDirectoryPath, isDirectory: true)
  ) throws {
    values = AmbdConfiguration(in: folder)
    self.file = file ?? Self.findFile(environment, in: folder)
    if let file = self.file {
      let document = try SettingsFile(file, keys: AmbdConfiguration.keys)
      try apply(in: file.deletingLastPathComponent(), document.value)
    }
    try apply(in: folder) { key in
      environment[key.environmentVariable].map { (.word($0), key.environmentVariable) }
    }
    try AmbdConfiguration.keys.checkNames(overrides.keys, origin: "command line")
    try apply(in: folder) { key in overrides[key.path].map { (.word($0), "command line") } }
    leaveIndexOfAnotherSpool()
    try values.checkRelations(origins)
    warnings += Self.unknownVariables(environment)
  }

  /// Puts the values of one source in place.
  private mutating func apply(
    in folder: URL, _ source: (SettingKey<AmbdConfiguration>) -> (value: SettingValue, origin: String)?
  ) throws {
    let found = try AmbdConfiguration.keys.apply(to: &values, in: folder, source)
    if found["index"] != nil { indexedSpool = values.spool }
    origins.merge(found) { $1 }
  }

  private mutating func leaveIndexOfAnotherSpool() {
    guard let indexedSpool, !values.index.isEmpty,
      values.spool.resolvingSymlinksInPath().path != indexedSpool.resolvingSymlinksInPath().path
    else { return }
    warnings.append(
      "the index \(values.index) (\(origins["index"] ?? "default")) is that of the spool \(indexedSpool.path);"
        + " the spool \(values.spool.path) (\(origins["spool"] ?? "default")) has its own")
    values.index = ""
    origins["index"] = nil
  }

  private static func findFile(_ environment: [String: String], in folder: URL) -> URL? {
    if let named = environment[fileVariable] {
      return named.isEmpty
        ? nil : URL(fileURLWithPath: named, isDirectory: false, relativeTo: folder).absoluteURL
    }
    let usual = [
      folder.appendingPathComponent("etc/ambd.toml", isDirectory: false),
      URL(fileURLWithPath: "/etc/ambq/ambd.toml", isDirectory: false),
    ]
    return usual.first { FileManager.default.fileExists(atPath: $0.path) }
  }

  private static func unknownVariables(_ environment: [String: String]) -> [String] {
    let known = AmbdConfiguration.keys.map(\.environmentVariable) + [fileVariable]
    return environment.keys.filter { $0.hasPrefix("AMBD_") && !known.contains($0) }.sorted().map { name in
      let nearest = nearestName(to: name, among: known)
      return "no key has the environment variable \(name)" + (nearest.map { "; did you mean \($0)?" } ?? "")
    }
  }
}
