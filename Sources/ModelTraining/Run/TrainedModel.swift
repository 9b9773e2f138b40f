import AMBDSGDN
import DialogueDomain
import EvaluationStatistics
import Foundation
import OperatingSystem

/// What a data set is called and holds, for a model's papers.
public struct DataSummary: Sendable, Hashable {
  public let dataset: String?
  public let dialogues: Int
  public let utterances: Int
  /// Labelled rows of each class.
  public let classCounts: [Int]
  /// SHA-256 over the content.
  public let digest: String

  init(_ data: TrainingData, digest: String) {
    dataset = data.bundle.dataset
    dialogues = data.bundle.dialogues.count
    utterances = data.bundle.utterances.count
    classCounts = data.classCounts
    self.digest = digest
  }
}

/// A finished training: the best epoch's network and all that is known of how it came about.
public struct TrainedModel: Sendable {
  /// With the temperature fitted on validation.
  public let configuration: ModelConfiguration
  public let parameters: ParameterSet
  public let standardisation: [Modality: Standardisation]
  public let recipe: TrainingRecipe
  public let seed: UInt64
  public let trainingData: DataSummary
  public let validationData: DataSummary
  public let record: TrainingRecord
  /// On the dialogues that chose the epoch.
  public let evaluation: Evaluation
  public let temperatureFit: TemperatureFit?

  /// The model as scoring takes it.
  public var model: Model {
    Model(network: Network(configuration, parameters), standardisation: standardisation)
  }

  /// Writes the model directory, `metrics.jsonl` and `curves.html`.
  ///
  /// - Parameters:
  ///   - command: what made the model, for its card.
  ///   - test: data that chose nothing, and the figures on it.
  /// - Throws: `StorageError` where a file cannot be written.
  public func write(
    to directory: URL, command: String? = nil, test: (data: TrainingData, evaluation: Evaluation)? = nil
  ) throws {
    var described = configuration
    described.training = provenance
    let measured = test.map {
      ModelCard.Measured(summary: DataSummary($0.data, digest: $0.data.digest), evaluation: $0.evaluation)
    }
    let card = ModelCard(trained: self, command: command, test: measured).text
    try Model.write(
      configuration: described, parameters: parameters, standardisation: standardisation, card: card, to: directory)
    try DurableFile.write(Data(try record.lines().utf8), to: directory.appendingPathComponent("metrics.jsonl"))
    try DurableFile.write(Data(TrainingCurves(self).html.utf8), to: directory.appendingPathComponent("curves.html"))
  }

  /// The `training` entry of `config.json`.
  private var provenance: JSONValue {
    .object([
      "recipe": .object(recipe.values), "seed": .integer(Int(truncatingIfNeeded: seed)),
      "training_data": .string(trainingData.digest), "validation_data": .string(validationData.digest),
      "best_epoch": .integer(record.best?.epoch ?? 0),
      "selected_on": .string(recipe.selectsOnTest ? "test" : "validation"),
      "label_counts": .array(trainingData.classCounts.map(JSONValue.integer)),
      "validation_accuracy": .number(evaluation.accuracy),
      "validation_weighted_f1": .number(evaluation.weightedF1),
    ])
  }
}
