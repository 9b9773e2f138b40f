import AMBDSGDN
import ArgumentParser
import DialogueBundles
import DialogueDomain
import FeatureImport
import Foundation
import OperatingSystem
import Presentation
import TextEncoder

/// `ambtrain import`: what other programs made, made ours.
struct Import: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Make bundles of published feature pickles, or a model directory of PyTorch weights.",
    discussion: "Files are only read: nothing that a pickle asks to be run is run.",
    subcommands: [ImportFeatures.self, ImportModel.self, ImportEncoder.self])
}

/// `ambtrain import encoder`: a BERT of Hugging Face's layout for transcripts.
struct ImportEncoder: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "encoder",
    abstract: "Take a BERT or MiniLM of Hugging Face's layout for the words of transcripts.",
    discussion: """
      The folder holds config.json, vocab.txt and model.safetensors. They are checked and copied; --encoder, AMBQ_ENCODER or \
      encoder in ambd.toml name the copy. The name of its folder is what its vectors are called.

      EXAMPLES
        ambtrain import encoder downloads/bert-base-uncased --out encoders/bert-base-uncased
        ambtrain train --data talks.csv --encoder encoders/bert-base-uncased --tune-encoder --out mine
      """)

  @Argument(help: ArgumentHelp("The encoder's folder.", valueName: "dir"))
  var folder: String

  @Option(help: ArgumentHelp("The folder to write; one that holds an encoder is kept.", valueName: "dir"))
  var out: String

  @Flag(help: "Replace the encoder that lies there.")
  var force = false

  func run() throws {
    try Failures.reporting {
      let target = URL(fileURLWithPath: out).standardizedFileURL
      if !force, (try? EncoderDirectory(target)) != nil { throw StorageError("writing", target, code: EEXIST) }
      let directory = try EncoderDirectory(URL(fileURLWithPath: folder))
      // Reads every weight and encodes a text: what cannot be used is told before anything is copied.
      let encoder = try TextEncoder(directory: directory)
      _ = try encoder.encode(["a"])
      try directory.copy(to: target)
      let configuration = encoder.network.configuration
      var output = OutputWriter(descriptor: STDOUT_FILENO)
      try output.line(
        "\(target.lastPathComponent)/\(encoder.width): \(configuration.layers) layers, \(configuration.heads) heads, "
          + "\(NumberText.count(configuration.vocabulary)) pieces, \(NumberText.count(configuration.parameterCount)) weights, "
          + "texts of up to \(encoder.tokenizer.longest) tokens")
      try output.line("wrote \(target.path)")
      try output.flush()
    }
  }
}

/// `ambtrain import features`: the feature pickles of this literature as bundles.
struct ImportFeatures: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "features",
    abstract: "Make train.h5 and test.h5 of a published IEMOCAP or MELD feature pickle.")

  @Argument(help: ArgumentHelp("The pickle.", valueName: "file"))
  var file: String

  @Option(help: ArgumentHelp("The folder for train.h5 and test.h5.", valueName: "dir"))
  var out: String

  @Option(
    help: ArgumentHelp("Class names in the order of the labels; those of the data set by default.", valueName: "a,b,c"))
  var emotions: ClassNames?

  @OptionGroup(title: "Extractors")
  var extractors: ExtractorOptions

  func run() throws {
    try Failures.reporting {
      let found = try FeaturePickleImport(URL(fileURLWithPath: file), emotions: emotions?.set)
      let folder = URL(fileURLWithPath: out)
      try DurableFile.makeFolder(folder)
      var output = OutputWriter(descriptor: STDOUT_FILENO)
      for finding in found.findings { try output.line(finding) }
      for (name, bundle) in [("train.h5", found.train), ("test.h5", found.test)] {
        let url = folder.appendingPathComponent(name)
        try BundleWriter().write(named(bundle), to: url)
        try output.line("wrote \(url.path)")
      }
      try output.flush()
    }
  }

  /// The bundle with the extractors that were given.
  private func named(_ bundle: FeatureBundle) -> FeatureBundle {
    var named = bundle
    for (modality, name) in extractors.names where bundle.features[modality] != nil {
      named.extractors[modality] = name
    }
    return named
  }
}

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
        configuration: configuration, members: [parameters], standardisation: [:], card: try card(configuration),
        to: directory)
      var output = OutputWriter(descriptor: STDOUT_FILENO)
      try output.line("\(configuration.tensors.count) tensors, \(configuration.parameterCount) weights")
      try output.line("wrote \(directory.path)")
      try output.flush()
    }
  }

  private func state(_ url: URL) throws -> PublishedState {
    var tensors: [NamedTensor] = []
    for shard in try CheckpointShards(url).files {
      tensors +=
        shard.pathExtension == "safetensors"
        ? try PublishedState.tensors(safetensors: shard) : try TorchArchive.tensors(shard)
    }
    return PublishedState(tensors, file: url.path)
  }

  private func card(_ configuration: ModelConfiguration) throws -> String {
    """
    # \(configuration.name)

    Imported from `\(URL(fileURLWithPath: file).lastPathComponent)`, SHA-256 \
    `\(FileDigest.sha256(try MappedFile(URL(fileURLWithPath: file))))`.
    What it was trained on and how well it does is for whoever trained it to say; evaluate it by `ambtrain evaluate`.

    """
  }
}
