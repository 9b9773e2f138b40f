import AMBDSGDN
import ArgumentParser
import Foundation
import Presentation
import TextEncoder

/// `ambtrain describe`: a model's sizes and every tensor.
struct Describe: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print a model's configuration, its number of parameters and every tensor with its shape.",
    discussion: "With --extractor it prints what each column of an extractor's features is.")

  @Option(help: "A published network size: \(Preset.allCases.map(\.rawValue).joined(separator: ", ")).")
  var preset: Preset?

  @Option(help: ArgumentHelp("A model directory.", valueName: "dir"))
  var model: String?

  @Option(help: "An extractor of features: \(TurnTiming.extractor).")
  var extractor: String?

  func validate() throws {
    guard [preset?.rawValue, model, extractor].count(where: { $0 != nil }) == 1 else {
      throw ValidationError("Give one of --preset, --model and --extractor.")
    }
    guard extractor == nil || extractor == TurnTiming.extractor else {
      throw ValidationError("--extractor takes \(TurnTiming.extractor).")
    }
  }

  func run() throws {
    try Failures.reporting {
      var output = OutputWriter(descriptor: STDOUT_FILENO)
      if extractor != nil {
        for line in TurnTiming.explanation { try output.line(line) }
        try output.flush()
        return
      }
      if let preset {
        try describe(preset.configuration, &output)
      } else {
        let models = try ModelFolder(directory: URL(fileURLWithPath: model ?? ""))
        for (place, model) in models.all.enumerated() {
          if place > 0 { try output.line("\nIn words/, for what was said:\n") }
          try output.line("digest      \(model.digest)")
          try describe(model.configuration, &output)
        }
      }
      try output.flush()
    }
  }

  private func describe(_ configuration: ModelConfiguration, _ output: inout OutputWriter) throws {
    for line in Self.summary(configuration) { try output.line(line) }
    try output.line()
    for tensor in configuration.tensors {
      try output.line("\(tensor.name)  [\(tensor.shape.map(String.init).joined(separator: ", "))]")
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
      "parameters  \(NumberText.count(configuration.parameterCount)) in \(configuration.tensors.count) tensors"
        + (configuration.members == 1 ? "" : ", in each of \(configuration.members) networks"),
    ]
  }
}
