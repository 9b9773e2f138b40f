import AmbqConfiguration
import Foundation

/// Where the spool and its index lie: from the command line, else the environment, else the configuration.
///
/// The configuration's index is that of the configuration's spool: for a spool named otherwise it counts only where that
/// is the same one.
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
    let spool = named(options.spool, options.index == nil ? "AMBQ_SPOOL" : "")
    if let index {
      self.spool = spool.map { SpoolLayout(root: $0) }
      self.index = index
    } else {
      let loaded = try LoadedConfiguration(
        file: options.config.map { URL(fileURLWithPath: $0) }, environment: environment,
        overrides: spool.map { ["spool": $0.path] } ?? [:])
      self.spool = loaded.values.layout
      self.index = loaded.values.layout.index
    }
  }
}
