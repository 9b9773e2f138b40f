import AMBDSGDN
import AmbqConfiguration
import BundleSpool
import DialogueDomain
import Foundation
import OperatingSystem
import ResultIndex
import ScoringDaemon

/// What `ambd --check` prints: every setting with where it comes from, the model, the spool and its index.
struct CheckReport {
  let text: String

  /// - Throws: an `ExplainedError` for the first thing that is wrong with the configuration, the model or the place of the index.
  init(_ assembly: DaemonAssembly) throws {
    let loaded = try assembly.configuration()
    let models = try assembly.models(loaded.values)
    _ = try assembly.intake(loaded.values)

    var lines = ["configuration: \(loaded.file?.path ?? "no file, the defaults")"]
    let width = AmbdConfiguration.keys.map(\.path.count).max() ?? 0
    for key in AmbdConfiguration.keys {
      let name = key.path.padding(toLength: width, withPad: " ", startingAt: 0)
      lines.append("  \(name) = \(key.value(loaded.values).written)  (\(loaded.origins[key.path] ?? "default"))")
    }
    lines += (loaded.warnings + loaded.values.scoring.precision.warnings).map { "warning: \($0)" }
    for (title, model) in zip(["model", "model for words"], models.all) {
      lines.append("\(title): \(model.configuration.name) (\(model.digest.prefix(8)))")
      lines += Self.facts(model.configuration).map { "  \($0)" }
    }
    if loaded.values.reader.isolated { lines.append("sandbox: \(ProcessSandbox.description)") }
    let layout = loaded.values.layout
    let hasSpool = FileManager.default.fileExists(atPath: layout.root.path)
    let place = hasSpool ? "on a \(FilesystemKind(of: layout.root).name) filesystem" : "which ambd will make"
    lines.append("spool: \(layout.root.path), \(place)")
    if hasSpool || !loaded.values.index.isEmpty { try IndexWriter.checkPlace(of: layout.index) }
    let hasIndex = FileManager.default.fileExists(atPath: layout.index.path)
    if hasIndex { try IndexWriter.check(layout.index, of: layout.root) }
    try Spool(layout).check()
    lines.append("index: \(layout.index.path)" + (hasIndex ? "" : ", which ambd will make"))
    lines.append("All is well.")
    text = lines.joined(separator: "\n") + "\n"
  }

  private static func facts(_ configuration: ModelConfiguration) -> [String] {
    let modalities = configuration.modalityOrder.map { modality in
      let entry = configuration.modalities[modality]
      return "\(modality.rawValue) \(entry?.width ?? 0)" + (entry?.extractor.map { " (\($0))" } ?? "")
    }
    return [
      "emotions: \(configuration.emotions.names.joined(separator: ", "))",
      "features: \(modalities.joined(separator: ", "))",
      "size: \(configuration.sizeInWords)",
    ]
  }
}
