import ArgumentParser
import DialogueBundles
import DialogueDomain
import FeatureImport
import Foundation
import OperatingSystem
import Presentation

/// `ambtrain import features`: the feature pickles of this literature as bundles.
struct ImportFeatures: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "features",
    abstract: "Make train.h5 and test.h5 of a published IEMOCAP or MELD feature pickle.")

  @Argument(help: ArgumentHelp("The pickle.", valueName: "file"))
  var file: String

  @Option(help: ArgumentHelp("The folder for train.h5 and test.h5.", valueName: "dir"))
  var out: String

  @OptionGroup(title: "Extractors")
  var extractors: ExtractorOptions

  func run() throws {
    try Failures.reporting {
      let found = try FeaturePickleImport(URL(fileURLWithPath: file))
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
