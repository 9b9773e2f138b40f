import DialogueDomain
import Foundation

/// The sample bundles that come with the programs.
enum ShippedSamples {
  /// Those of the installation, `share/ambq/samples` beside the program's folder, else of a checkout in the current folder.
  ///
  /// - Throws: where there are none.
  static func files() throws -> [String] {
    let installed = Figures.sibling("../share/ambq/samples").standardizedFileURL.path
    for folder in [installed, "etc/samples"] {
      let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
      let bundles = names.filter { $0.hasSuffix(".h5") }.sorted().map { "\(folder)/\($0)" }
      if bundles.count > 1 { return bundles }
    }
    throw SamplesMissing(installed: installed)
  }
}

private struct SamplesMissing: ExplainedError {
  let installed: String

  var explanation: Explanation {
    Explanation(
      .missingInput, "the sample bundles are not here", expected: "\(installed) or etc/samples",
      remedy: "Name bundles by --data.")
  }
}
