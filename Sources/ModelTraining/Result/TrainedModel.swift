import AMBDSGDN
import DialogueDomain
import EvaluationStatistics
import Foundation
import OperatingSystem

/// What a data set is called and holds, for a model's papers.
public struct DataSummary: Sendable, Hashable {
  /// The bundle's own name for it.
  public let dataset: String?
  /// How many dialogues.
  public let dialogues: Int
  /// How many utterances.
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
  /// The best epoch's weights.
  public let parameters: ParameterSet
  /// What features are brought to mean 0 and deviation 1 with, by modality.
  public let standardisation: [Modality: Standardisation]
  /// What it was trained by.
  public let recipe: TrainingRecipe
  /// What all its random choices followed from.
  public let seed: UInt64
  /// What it learnt from.
  public let trainingData: DataSummary
  /// What chose the epoch.
  public let validationData: DataSummary
  /// Every step and epoch.
  public let record: TrainingRecord
  /// On the dialogues that chose the epoch.
  public let evaluation: Evaluation
  /// How the temperature was found; nil where too few validation rows have a label.
  public let temperatureFit: TemperatureFit?

  /// What to know of how it came about, one sentence each.
  public var advice: [String] {
    var advice: [String] = []
    let best = record.best?.epoch ?? 0
    if best > 1, best == record.epochs.count {
      advice.append("The best epoch is the last of \(best): more epochs may do better.")
    }
    if recipe.isBalanced, best <= recipe.balancingWarmUp, recipe.balancingWarmUp > 0 {
      advice.append(
        "Balancing starts after epoch \(recipe.balancingWarmUp): epoch \(best), which was chosen, was trained without it."
      )
    }
    if temperatureFit == nil {
      advice.append(
        "\(evaluation.comparison.utterances) labelled utterances chose the epoch, too few to calibrate on (least: "
          + "\(TemperatureFit.leastRows)): probabilities are as the network gives them.")
    }
    return advice
  }

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

/// `MODEL_CARD.md`: what a model is, how it was made, how well it does and what it must not be used for.
struct ModelCard {
  /// Data that chose nothing, and how the model does on it.
  struct Measured {
    let summary: DataSummary
    let evaluation: Evaluation
  }

  let trained: TrainedModel
  let command: String?
  let test: Measured?

  var text: String {
    [title, making, data, results, calibration, use, law].joined(separator: "\n\n") + "\n"
  }

  private var configuration: ModelConfiguration { trained.configuration }

  private var title: String {
    let modalities = configuration.modalityOrder.map { modality -> String in
      let entry = configuration.modalities[modality]
      return "\(modality.rawValue) (\(entry?.extractor ?? "unknown extractor"), width \(entry?.width ?? 0))"
    }
    return """
      # \(configuration.name)

      An AMB-DSGDN model for the emotions of utterances in conversations: \(configuration.emotions.names.joined(separator: ", ")).
      Modalities: \(modalities.joined(separator: ", ")). Hidden size \(configuration.hidden), \
      window \(configuration.window), \(configuration.parameterCount) weights.
      """
  }

  private var making: String {
    let rows = trained.recipe.descriptions.map { "| \($0.key) | \($0.value) |" }
    let how =
      trained.recipe.selectsOnTest
      ? "**The epoch was chosen on the test data, as the paper does: the figures below are optimistic.**"
      : "The epoch was chosen on held-out dialogues; figures on the same dialogues flatter it a little."
    return """
      ## How it was made

      \(command.map { "Command: `\($0)`\n\n" } ?? "")Seed \(trained.seed); best epoch \
      \(trained.record.best?.epoch ?? 0) of \(trained.record.epochs.count). \(([how] + trained.advice).joined(separator: " "))
      The same data, recipe and seed make the same bytes on the same machine, whatever the number of threads.

      | key | value |
      | --- | --- |
      \(rows.joined(separator: "\n"))
      """
  }

  private var data: String {
    func row(_ name: String, _ summary: DataSummary) -> String {
      "| \(name) | \(summary.dataset ?? "unnamed") | \(summary.dialogues) | \(summary.utterances) | `\(summary.digest)` |"
    }
    let counts = zip(configuration.emotions.names, trained.trainingData.classCounts).map { "\($0) \($1)" }
    let tested = test.map { "\n" + row("test", $0.summary) } ?? ""
    return """
      ## Data

      | part | data set | dialogues | utterances | SHA-256 of the content |
      | --- | --- | --- | --- | --- |
      \(row("training", trained.trainingData))
      \(row(trained.recipe.selectsOnTest ? "test, which chose the epoch" : "validation", trained.validationData))\(tested)

      Training labels: \(counts.joined(separator: ", ")).\(constantColumns)
      """
  }

  private var constantColumns: String {
    let parts = configuration.modalityOrder.compactMap { modality -> String? in
      guard let columns = trained.standardisation[modality]?.constantColumns, !columns.isEmpty else { return nil }
      return "\(modality.rawValue) \(columns.map(String.init).joined(separator: ", "))"
    }
    guard !parts.isEmpty else { return "" }
    return "\n\nColumns that hardly varied in training and are left out, from 0: \(parts.joined(separator: "; "))."
  }

  private var results: String {
    let part = trained.recipe.selectsOnTest ? "the test data, which chose the epoch" : "the validation dialogues"
    let measured = test.map { "\n\n### On the test data, which chose nothing\n\n```\n\($0.evaluation.table)```" } ?? ""
    return """
      ## Results

      ### On \(part)

      ```
      \(trained.evaluation.table)```

      Confusion, truth in rows:

      ```
      \(trained.evaluation.confusionText)```\(measured)
      """
  }

  private var calibration: String {
    let fit = trained.temperatureFit
    let losses = fit.map { String(format: " (negative log-likelihood %.4f before, %.4f after)", $0.before, $0.after) }
    guard let fit, let losses else {
      return "## Calibration\n\nNone: T = 1, since too few labelled utterances chose the epoch."
    }
    return """
      ## Calibration

      Probabilities are softmax(logits / T) with T = \(String(format: "%.4f", configuration.temperature)), \
      fitted on the \(fit.rows) labelled utterances that chose the epoch\(losses). \
      Expected calibration error there: \(String(format: "%.4f", trained.evaluation.expectedCalibrationError)).
      """
  }

  private var use: String {
    """
    ## Intended use and limits

    Research on, and review of, recorded conversations whose speakers know of it and agree. The labels are guesses at how \
    an utterance would be judged by annotators of the training data; they are not what a person feels.
    - Features must come from the extractors named above; other features give labels without meaning.
    - Classes with few training labels are recognised badly: see the table.
    - Language, culture, age and recording conditions other than the training data's were not tested.
    - Do not base a decision about a person on these labels.
    """
  }

  private var law: String {
    """
    ## Law

    In the European Union, Article 5(1)(f) of the AI Act (Regulation (EU) 2024/1689) prohibits AI systems that infer \
    emotions of natural persons in the areas of workplace and education institutions from biometric data, such as voice \
    or face, except for medical or safety reasons. Other uses of emotion recognition are high-risk (Annex III) and must be \
    disclosed to the people concerned (Article 50(3)).
    """
  }
}
