import Configuration
import Daemon
import Foundation
import Spool

/// What `ambd --check` prints: every setting with where it comes from, the model, and the spool's filesystem.
struct CheckReport {
  let text: String

  /// - Throws: an `ExplainedError` for the first thing that is wrong with the configuration or the model.
  init(_ assembly: DaemonAssembly) throws {
    let loaded = try assembly.configuration()
    let model = try assembly.model(loaded.values)
    _ = try assembly.intake(loaded.values)

    var lines = ["configuration: \(loaded.file?.path ?? "no file, the defaults")"]
    let width = AmbdConfiguration.keys.map(\.path.count).max() ?? 0
    for key in AmbdConfiguration.keys {
      let name = key.path.padding(toLength: width, withPad: " ", startingAt: 0)
      lines.append("  \(name) = \(key.value(loaded.values))  (\(loaded.origins[key.path] ?? "default"))")
    }
    lines += loaded.warnings.map { "warning: \($0)" }
    lines.append("model: \(model.name) (\(model.digest.prefix(8)))")
    lines += model.facts.map { "  \($0)" }
    let spool = loaded.values.spool
    if FileManager.default.fileExists(atPath: spool.path) {
      let filesystem = FilesystemKind(of: spool)
      lines.append("spool: \(spool.path), on a \(filesystem.name) filesystem")
    } else {
      lines.append("spool: \(spool.path), which ambd will make")
    }
    lines.append("All is well.")
    text = lines.joined(separator: "\n") + "\n"
  }
}
