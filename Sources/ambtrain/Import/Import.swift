import ArgumentParser

/// `ambtrain import`: what other programs made, made ours.
struct Import: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Make bundles of published feature pickles, or a model directory of PyTorch weights.",
    discussion: "Files are only read: nothing that a pickle asks to be run is run.",
    subcommands: [ImportFeatures.self, ImportModel.self])
}
