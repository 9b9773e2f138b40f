import AMBDSGDN
import ArgumentParser
import DialogueDomain
import FeatureImport
import Foundation
import OperatingSystem
import Presentation

/// `ambtrain import model`: a published PyTorch `state_dict` as a model directory.
struct ImportModel: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "model",
    abstract: "Make a model directory of a PyTorch state_dict in safetensors or .pt form.",
    discussion: "Tensor names are those of the published code. --config says what no tensor tells: see ambtrain(1).")

  @Argument(help: ArgumentHelp("A .safetensors or .pt file.", valueName: "file"))
  var file: String

  @Option(help: ArgumentHelp("The model's config.json.", valueName: "file"))
  var config: String

  @Option(help: ArgumentHelp("The model directory to write.", valueName: "dir"))
  var out: String

  func run() throws {
    try Failures.reporting {
      let json = try MappedFile(URL(fileURLWithPath: config)).withBytes { Data($0) }
      let configuration = try ModelConfiguration(json: json, file: config)
      let parameters = try state(URL(fileURLWithPath: file)).parameters(configuration)
      let directory = URL(fileURLWithPath: out)
      try Model.write(
        configuration: configuration, parameters: parameters, standardisation: [:], card: try card(configuration),
        to: directory)
      var output = OutputWriter(descriptor: STDOUT_FILENO)
      try output.line("\(configuration.tensors.count) tensors, \(configuration.parameterCount) weights")
      try output.line("wrote \(directory.path)")
      try output.flush()
    }
  }

  private func state(_ url: URL) throws -> PublishedState {
    guard url.pathExtension != "safetensors" else { return try PublishedState(safetensors: url) }
    return PublishedState(try TorchArchive.tensors(url), file: url.path)
  }

  private func card(_ configuration: ModelConfiguration) throws -> String {
    """
    # \(configuration.name)

    Imported from `\(URL(fileURLWithPath: file).lastPathComponent)`, SHA-256 \
    `\(FileDigest.sha256(try MappedFile(URL(fileURLWithPath: file))))`.
    What it was trained on and how well it does is for whoever trained it to say; judge it by `ambtrain evaluate`.

    """
  }
}
