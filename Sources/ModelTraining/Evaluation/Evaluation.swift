import AMBDSGDN
import DialogueDomain
import EvaluationStatistics
import Foundation
import OperatingSystem

/// How well a model labels labelled dialogues.
public struct Evaluation: Sendable {
  public let emotions: EmotionSet
  /// Truth against prediction; everything but the calibration follows from it.
  public let confusion: ConfusionCounts
  public let calibration: CalibrationBins
  public let scores: ProbabilityScores
  /// Labelled utterances that lack every modality of the model: judged by no figure.
  public let unjudged: Int

  /// - Parameters:
  ///   - logits: every branch's, as inference gives them.
  ///   - labels: each row's class among `emotions`; nil leaves the row out.
  ///   - temperature: divides the fused logits before the softmax.
  public init(_ logits: BranchLogits, labels: [Int?], emotions: EmotionSet, temperature: Double) {
    var confusion = ConfusionCounts(classes: emotions.count)
    var calibration = CalibrationBins()
    var scores = ProbabilityScores()
    var unjudged = 0
    for (row, label) in labels.enumerated() {
      guard let label else { continue }
      guard logits.modalities.contains(where: { logits($0, row: row) != nil }) else {
        unjudged += 1
        continue
      }
      let fused = logits.fused(row: row)
      let probabilities = Softmax(fused, temperature: temperature).probabilities
      let best = argmax(fused)
      confusion.add(truth: label, predicted: best)
      calibration.add(confidence: Double(probabilities[best]), correct: best == label)
      scores.add(probabilities: probabilities, truth: label)
    }
    self.emotions = emotions
    self.confusion = confusion
    self.calibration = calibration
    self.scores = scores
    self.unjudged = unjudged
  }

  /// Scores labelled data with a model; labels are matched to the model's classes by name.
  ///
  /// - Throws: `TrainingError` where the data's classes are not the model's or a width differs.
  public init(_ model: Model, _ data: TrainingData, threads: Int) throws {
    let emotions = model.configuration.emotions
    guard Set(emotions.names).isSuperset(of: data.emotions.names) else {
      throw TrainingError.otherClasses(
        source: data.bundle.dataset ?? "the data", found: data.emotions.names, expected: emotions.names,
        first: model.configuration.name)
    }
    for (modality, entry) in model.configuration.modalities {
      guard let table = data.bundle.features[modality], table.width != entry.width else { continue }
      throw TrainingError.widths(
        source: data.bundle.dataset ?? "the data", modality: modality, found: table.width, expected: entry.width,
        first: model.configuration.name)
    }
    let classes = data.emotions.names.map { emotions.index(of: $0) }
    self.init(
      try BranchInference(model, threads: threads).logits(data.bundle),
      labels: data.labels.map { $0.flatMap { classes[$0] } }, emotions: emotions,
      temperature: model.configuration.temperature)
  }

  public var accuracy: Double { confusion.accuracy }
  public var weightedF1: Double { confusion.weightedF1 }
  public var macroF1: Double { confusion.macroF1 }
  public var weightedPrecision: Double { confusion.weightedPrecision }
  /// Expected calibration error over 15 bins of confidence.
  public var expectedCalibrationError: Double { calibration.expectedCalibrationError }
  /// Mean squared distance between probabilities and truth.
  public var brier: Double { scores.brier }

  /// The figures under the names that `ambtrain evaluate --format json` gives them.
  public var json: JSONValue {
    let perClass = emotions.names.indices.map { index -> JSONValue in
      let figures = confusion.figures(of: index)
      return .object([
        "emotion": .string(emotions[index]), "precision": .number(figures.precision),
        "recall": .number(figures.recall), "f1": .number(figures.f1), "support": .integer(figures.support),
      ])
    }
    let rows = (0..<emotions.count).map { truth -> JSONValue in
      .array((0..<emotions.count).map { .integer(confusion[truth: truth, predicted: $0]) })
    }
    return .object([
      "emotions": .array(emotions.names.map(JSONValue.string)), "utterances": .integer(confusion.total),
      "unjudged": .integer(unjudged), "accuracy": .number(accuracy), "weighted_f1": .number(weightedF1),
      "macro_f1": .number(macroF1), "weighted_precision": .number(weightedPrecision), "per_class": .array(perClass),
      "confusion": .array(rows), "ece": .number(expectedCalibrationError), "brier": .number(brier),
    ])
  }
}
