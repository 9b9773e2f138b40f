import DialogueDomain
import Foundation
import ModelTraining

extension TrainingRecipe {
  /// Makes this the recipe of a quick look: a small network and few epochs, the balancing starting at the same share of the
  /// training.
  public mutating func shorten() {
    let share = Double(balancingWarmUp) / Double(epochs)
    hidden = 64
    epochs = 20
    batchDialogues = 4
    learningRate = 5e-4
    balancingWarmUp = min(Int((share * Double(epochs)).rounded()), epochs - 1)
  }
}

extension Experiment {
  /// The seeds of an experiment whose user names none: enough for an interval, fewer for a quick look.
  public static func seeds(isQuick: Bool) -> SeedSelection { .count(isQuick ? 3 : 5) }
}

/// The sample bundles that come with the programs.
public struct SampleBundles: Sendable, Equatable {
  /// To train on.
  public let data: [String]
  /// To evaluate on: the last one.
  public let test: [String]

  /// Finds those of the installation, `share/ambq/samples` beside the program's folder, else those of a checkout.
  ///
  /// - Parameters:
  ///   - program: the running program's file.
  ///   - keepsTest: false where the user names other data to evaluate on, so that all of them are trained on.
  ///   - checkout: the folder of a checkout, as it is to stand in messages.
  /// - Throws: `ExperimentError.samplesMissing` where there are fewer than two.
  public static func find(
    beside program: URL, keepsTest: Bool, checkout: String = "etc/samples"
  ) throws -> SampleBundles {
    let installed = program.deletingLastPathComponent().appendingPathComponent("../share/ambq/samples")
      .standardizedFileURL.path
    for folder in [installed, checkout] {
      let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
      let bundles = names.filter { $0.hasSuffix(".h5") }.sorted().map { "\(folder)/\($0)" }
      guard bundles.count > 1 else { continue }
      return keepsTest
        ? SampleBundles(data: bundles.dropLast(), test: bundles.suffix(1)) : SampleBundles(data: bundles, test: [])
    }
    throw ExperimentError.samplesMissing(installed: installed, checkout: checkout)
  }
}
