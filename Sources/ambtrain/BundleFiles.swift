import Bundles
import Dialogue
import Foundation
import Training

/// Bundles named on the command line, read and checked.
struct BundleFiles {
  let files: [String]
  let readings: [BundleReading]

  /// - Throws: `BundleError` for the first bad one.
  init(_ files: [String]) throws {
    let reader = IsolatedBundleReader()
    self.files = files
    readings = try files.map { try reader.read(URL(fileURLWithPath: $0)) }
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
