import DialogueBundles
import DialogueDomain
import Foundation
import ModelTraining

/// Bundles named on the command line, read and checked.
struct BundleFiles {
  let files: [String]
  let readings: [BundleReading]

  /// - Throws: `BundleError` for the first bad one; where two are the same.
  init(_ files: [String]) throws {
    let reader = IsolatedBundleReader()
    self.files = files
    readings = try files.map { try reader.read(URL(fileURLWithPath: $0)) }
    var known: [String: String] = [:]
    for (file, reading) in zip(files, readings) {
      if let earlier = known.updateValue(file, forKey: reading.digest) {
        throw BundleNamedTwice(file: file, earlier: earlier)
      }
    }
  }

  /// The bundles as one set of labelled dialogues.
  func trainingData() throws -> TrainingData {
    try TrainingData(
      joining: zip(files, readings).map { TrainingData.Source(name: $0, bundle: $1.bundle) })
  }

  /// Nil where no file is named.
  static func trainingData(_ files: [String]) throws -> TrainingData? {
    files.isEmpty ? nil : try BundleFiles(files).trainingData()
  }
}

/// Its dialogues would count twice, and be held out and trained on at once.
private struct BundleNamedTwice: ExplainedError {
  let file: String
  let earlier: String

  var explanation: Explanation {
    Explanation(
      .usage, "the bundle is named twice", at: file, found: "the same content as \(earlier)",
      remedy: "Name each bundle once.")
  }
}
