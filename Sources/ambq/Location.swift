import Configuration
import Foundation

/// Where the spool and its index lie: from the command line, else the environment, else the configuration.
struct Location {
  /// Nil where only an index is named.
  let spool: SpoolLayout?
  let index: URL

  init(_ options: CommonOptions) throws {
    try self.init(options.source)
  }

  init(_ options: SourceOptions, environment: [String: String] = ProcessInfo.processInfo.environment) throws {
    func named(_ option: String?, _ variable: String) -> URL? {
      let value = option ?? environment[variable]
      return value.flatMap { $0.isEmpty ? nil : URL(fileURLWithPath: $0) }
    }
    // What the command line names counts before any variable: with --spool, AMBQ_INDEX is not looked at.
    let index = named(options.index, options.spool == nil ? "AMBQ_INDEX" : "")
    let spool = named(options.spool, options.index == nil ? "AMBQ_SPOOL" : "").map { SpoolLayout(root: $0) }
    if let index {
      self.spool = spool
      self.index = index
    } else {
      let layout = try spool ?? Self.configured(options, environment)
      self.spool = layout
      self.index = layout.index
    }
  }

  private static func configured(
    _ options: SourceOptions, _ environment: [String: String]
  ) throws -> SpoolLayout {
    let loaded = try LoadedConfiguration(
      file: options.config.map { URL(fileURLWithPath: $0) }, environment: environment, overrides: [:])
    return SpoolLayout(root: loaded.values.spool)
  }
}
