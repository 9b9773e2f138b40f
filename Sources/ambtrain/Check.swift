import AMBDSGDN
import ArgumentParser
import DialogueBundles
import Foundation
import Presentation

/// `ambtrain check`: the daemon's verdict on bundles, without a daemon.
struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say whether bundles can be scored, and what they hold.",
    discussion: "Exits 0 when every file is good, 65 when one is not, 66 when one is missing.")

  @Argument(help: ArgumentHelp("Dialogue feature bundles.", valueName: "file"))
  var files: [String]

  @Option(help: ArgumentHelp("Also check that this model can score them.", valueName: "dir"))
  var model: String?

  func run() throws {
    let reader = IsolatedBundleReader()
    var failures = Failures()
    var configuration: ModelConfiguration?
    try Failures.reporting {
      configuration = try model.map { try Model(directory: URL(fileURLWithPath: $0)).configuration }
    }
    var output = OutputWriter(descriptor: STDOUT_FILENO)
    for file in files {
      do {
        let reading = try reader.read(URL(fileURLWithPath: file))
        try configuration?.check(reading.bundle, named: file)
        try output.line(BundleSummary(reading, name: file).description)
        try output.flush()
      } catch {
        failures.report(error)
      }
    }
    try failures.end()
  }
}
