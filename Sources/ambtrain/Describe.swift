import AMBDSGDN
import ArgumentParser
import Foundation
import Presentation

/// `ambtrain describe`: a model's sizes and every tensor.
struct Describe: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print a model's configuration, its number of parameters and every tensor with its shape.")

  @Option(help: "A published network size: \(Preset.allCases.map(\.rawValue).joined(separator: ", ")).")
  var preset: Preset?

  @Option(help: ArgumentHelp("A model directory.", valueName: "dir"))
  var model: String?

  func validate() throws {
    guard (preset == nil) != (model == nil) else { throw ValidationError("Give either --preset or --model.") }
  }

  func run() throws {
    try Failures.reporting {
      var output = OutputWriter(descriptor: STDOUT_FILENO)
      let configuration: ModelConfiguration
      if let preset {
        configuration = preset.configuration
      } else {
        let model = try Model(directory: URL(fileURLWithPath: model ?? ""))
        configuration = model.configuration
        try output.line("digest      \(model.digest)")
      }
      for line in Self.summary(configuration) { try output.line(line) }
      try output.line()
      for tensor in configuration.tensors {
        try output.line("\(tensor.name)  [\(tensor.shape.map(String.init).joined(separator: ", "))]")
      }
      try output.flush()
    }
  }

  static func summary(_ configuration: ModelConfiguration) -> [String] {
    let modalities = configuration.modalityOrder.map { modality in
      let entry = configuration.modalities[modality]
      let extractor = entry?.extractor.map { " (\($0))" } ?? ""
      return "\(modality.rawValue) \(entry?.width ?? 0)\(extractor)"
    }
    return [
      "name        \(configuration.name)",
      "emotions    \(configuration.emotions.names.joined(separator: ", "))",
      "modalities  \(modalities.joined(separator: ", "))",
      "network     hidden \(configuration.hidden), encoder \(configuration.encoderLayers) × "
        + "\(configuration.encoderHeads) heads, graph \(configuration.graphHeads) heads, window "
        + "\(configuration.window), \(configuration.speakers) speakers",
      "parameters  \(NumberText.count(configuration.parameterCount)) in \(configuration.tensors.count) tensors",
    ]
  }
}
