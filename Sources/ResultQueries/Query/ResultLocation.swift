import AmbqConfiguration
import Foundation

/// Where the spool and its index lie: from the command line, else the environment, else the configuration.
///
/// The configuration's index is that of the configuration's spool: for a spool named otherwise it counts only where that
/// is the same one.
public struct ResultLocation: Sendable {
  /// Nil where only an index is named.
  public let spool: SpoolLayout?
  /// The index file.
  public let index: URL
  private let configuration: LoadedConfiguration?
  private let file: URL?
  private let environment: [String: String]

  /// - Parameters:
  ///   - spool: what the command line names, a folder; it counts before `AMBQ_SPOOL`.
  ///   - index: likewise a file; before `AMBQ_INDEX`.
  ///   - configurationFile: likewise; before what `LoadedConfiguration` looks for.
  /// - Throws: `SettingError` where spool and index follow from a configuration that is wrong.
  public init(
    spool: String? = nil, index: String? = nil, configurationFile: String? = nil, environment: [String: String]
  ) throws {
    func named(_ option: String?, _ variable: String) -> URL? {
      let value = option ?? environment[variable]
      return value.flatMap { $0.isEmpty ? nil : URL(fileURLWithPath: $0) }
    }
    file = configurationFile.map { URL(fileURLWithPath: $0) }
    self.environment = environment
    // What the command line names counts before any variable: with --spool, AMBQ_INDEX is not looked at.
    let namedIndex = named(index, spool == nil ? "AMBQ_INDEX" : "")
    let namedSpool = named(spool, index == nil ? "AMBQ_SPOOL" : "")
    if let namedIndex {
      self.spool = namedSpool.map { SpoolLayout(root: $0) }
      self.index = namedIndex
      configuration = nil
    } else {
      let loaded = try LoadedConfiguration(
        file: file, environment: environment, overrides: namedSpool.map { ["spool": $0.path] } ?? [:])
      self.spool = loaded.values.layout
      self.index = loaded.values.layout.index
      configuration = loaded
    }
  }

  /// The configuration; the defaults where none was needed to find the index and there is none that can be read.
  public var settings: AmbdConfiguration {
    let loaded = configuration ?? (try? LoadedConfiguration(file: file, environment: environment))
    return loaded?.values ?? AmbdConfiguration(in: URL(fileURLWithPath: "/"))
  }
}
