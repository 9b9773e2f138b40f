import AMBDSGDN
import DialogueDomain
import EvaluationStatistics
import Foundation
import OperatingSystem
import Presentation
import TextEncoder

/// A finished model: one network or a set of them, with what held-out dialogues say of its probabilities.
///
/// The set's logits are the mean of its members'. Temperature, the limit of doubt and the sets of labels are fitted on the
/// held-out dialogues as the whole set sees them.
public struct TrainedModel: Sendable {
  /// One, or the members of a set.
  public let networks: [TrainedNetwork]
  /// What temperature and doubt rest on; nil where nothing was held out.
  public let heldOut: HeldOut?
  /// With the temperature and the limits of doubt.
  public let configuration: ModelConfiguration
  /// How the temperature was found; nil where too few held-out rows have a label.
  public let temperatureFit: TemperatureFit?
  /// On the held-out dialogues.
  public let evaluation: Evaluation?

  /// - Parameters:
  ///   - networks: at least one; of one configuration and standardisation.
  ///   - heldOut: the dialogues that were held out of folds; where nil, those that chose the networks' epochs.
  public init(_ networks: [TrainedNetwork], heldOut folds: HeldOut? = nil) {
    precondition(!networks.isEmpty, "a model has a network")
    self.networks = networks
    let recipe = networks[0].recipe
    var configuration = networks[0].configuration
    configuration.members = networks.count
    let heldOut = folds ?? HeldOut.mean(networks.compactMap(\.heldOut))
    temperatureFit = heldOut?.temperatureFit
    configuration.temperature = temperatureFit?.temperature ?? 1
    configuration.doubt = heldOut?.doubtRule(
      temperature: configuration.temperature, risk: recipe.risk, coverage: recipe.coverage)
    evaluation = heldOut?.evaluation(
      configuration.emotions, temperature: configuration.temperature, rule: configuration.doubt)
    self.heldOut = heldOut
    self.configuration = configuration
  }

  /// What it was trained by.
  public var recipe: TrainingRecipe { networks[0].recipe }
  /// What it learnt from.
  public var trainingData: DataSummary { networks[0].trainingData }
  /// What features are brought to mean 0 and deviation 1 with, by modality.
  public var standardisation: [Modality: Standardisation] { networks[0].standardisation }

  /// What to know of how it came about, one sentence each.
  public var advice: [String] {
    var advice = networks.count == 1 ? networks[0].advice : []
    guard let evaluation, let heldOut else {
      return advice + ["Nothing was held out: how good the model is, and how far to believe it, is not known."]
    }
    let rows = evaluation.comparison.utterances
    if temperatureFit == nil {
      advice.append(
        "\(rows) labelled utterances were held out, too few to calibrate on (least: \(TemperatureFit.leastRows)): "
          + "probabilities are as the network gives them, and no label is called uncertain.")
    } else {
      let folds = heldOut.origin == .folds ? ", each out of one fold's training" : ""
      advice.append("Temperature and doubt rest on \(rows) labelled utterances that were held out\(folds).")
    }
    if let doubt = configuration.doubt, doubt.leastConfidence == nil {
      advice.append(
        "No confidence keeps the promised risk of \(NumberText.percent(doubt.risk)): no label is called certain or "
          + "uncertain. A greater risk in the recipe may be kept.")
    }
    return advice
  }

  /// The model as scoring takes it.
  public var model: Model {
    Model(configuration, members: networks.map(\.parameters), standardisation: standardisation)
  }

  /// How each member alone labels the held-out dialogues; empty where they are the folds'.
  public var memberEvaluations: [Evaluation] {
    networks.compactMap { $0.heldOut?.evaluation(configuration.emotions, temperature: 1) }
  }

  /// Writes the model directory, `metrics.jsonl` (of each member of a set `metrics-<seed>.jsonl`) and `curves.html`.
  ///
  /// - Parameters:
  ///   - command: what made the model, for its card.
  ///   - test: data that chose nothing, and the figures on it.
  ///   - teacher: the set that taught it, where it was distilled.
  ///   - encoder: the tuned encoder whose vectors it reads, which its directory carries.
  /// - Throws: `StorageError` where a file cannot be written.
  public func write(
    to directory: URL, command: String? = nil, test: (data: TrainingData, evaluation: Evaluation)? = nil,
    teacher: TrainedModel? = nil, encoder: TunedEncoder? = nil
  ) throws {
    var described = configuration
    described.training = provenance
    let measured = test.map {
      ModelCard.Measured(summary: DataSummary($0.data, digest: $0.data.digest), evaluation: $0.evaluation)
    }
    let card = ModelCard(trained: self, command: command, test: measured, teacher: teacher, encoder: encoder).text
    if let encoder { try encoder.write(to: directory) } else { TunedEncoder.remove(from: directory) }
    try Model.write(
      configuration: described, members: networks.map(\.parameters), standardisation: standardisation, card: card,
      to: directory)
    for network in networks {
      let name = networks.count == 1 ? "metrics.jsonl" : "metrics-\(network.seed).jsonl"
      try DurableFile.write(Data(try network.record.lines().utf8), to: directory.appendingPathComponent(name))
    }
    try DurableFile.write(Data(TrainingCurves(self).html.utf8), to: directory.appendingPathComponent("curves.html"))
  }

  /// The `training` entry of `config.json`.
  private var provenance: JSONValue {
    var entry: [String: JSONValue] = [
      "recipe": .object(recipe.values),
      "seeds": .array(networks.map { .integer(Int(truncatingIfNeeded: $0.seed)) }),
      "epochs": .array(networks.map { .integer($0.record.best?.epoch ?? 0) }),
      "training_data": .string(trainingData.digest),
      "label_counts": .array(trainingData.classCounts.map(JSONValue.integer)),
    ]
    if let heldOut, let evaluation {
      entry["held_out"] = .object([
        "origin": .string(heldOut.origin.rawValue), "data": .string(heldOut.data.digest),
        "accuracy": .number(evaluation.accuracy), "weighted_f1": .number(evaluation.weightedF1),
      ])
    }
    return .object(entry)
  }
}
