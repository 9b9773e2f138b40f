import AMBDSGDN
import DialogueDomain
import EvaluationStatistics
import Foundation
import OperatingSystem
import Presentation

/// How well a model labels labelled dialogues.
public struct Evaluation: Sendable {
  /// The classes, in class order.
  public let emotions: EmotionSet
  /// Truth against prediction; everything but the calibration follows from it.
  public let confusion: ConfusionCounts
  /// Confidence against correctness, in bins.
  public let calibration: CalibrationBins
  /// Sums of the log-likelihood and of the Brier score.
  public let scores: ProbabilityScores
  /// Labelled utterances that lack every modality of the model: counted by no figure.
  public let notEvaluated: Int

  /// - Parameters:
  ///   - logits: every branch's, as inference gives them.
  ///   - labels: each row's class among `emotions`; nil leaves the row out.
  ///   - temperature: divides the fused logits before the softmax.
  public init(_ logits: BranchLogits, labels: [Int?], emotions: EmotionSet, temperature: Double) {
    var confusion = ConfusionCounts(classes: emotions.count)
    var calibration = CalibrationBins()
    var scores = ProbabilityScores()
    var notEvaluated = 0
    for (row, label) in labels.enumerated() {
      guard let label else { continue }
      guard logits.modalities.contains(where: { logits($0, row: row) != nil }) else {
        notEvaluated += 1
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
    self.notEvaluated = notEvaluated
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

  /// Share of utterances that are labelled right.
  public var accuracy: Double { confusion.accuracy }
  /// F1 averaged over classes by support: what the paper reports.
  public var weightedF1: Double { confusion.weightedF1 }
  /// F1 averaged over classes, all alike.
  public var macroF1: Double { confusion.macroF1 }
  /// Precision averaged over classes by support: what the paper's tables call accuracy.
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
      "unjudged": .integer(notEvaluated), "accuracy": .number(accuracy), "weighted_f1": .number(weightedF1),
      "macro_f1": .number(macroF1), "weighted_precision": .number(weightedPrecision), "per_class": .array(perClass),
      "confusion": .array(rows), "ece": .number(expectedCalibrationError), "brier": .number(brier),
    ])
  }
}

extension Evaluation {
  /// The layout of the paper's Tables 2 and 3: a row of classes, and for each its precision and F1, then the averages.
  ///
  /// The paper heads its precision columns "ACC"; here every figure has its own name.
  public var table: String {
    let width = max(10, (emotions.names.map(\.count).max() ?? 0) + 2)
    func line(_ name: String, _ cells: [String]) -> String {
      name.padded(to: 12) + cells.map { $0.padded(to: width, right: true) }.joined()
    }
    let figures = confusion.perClass
    func percent(_ value: Double) -> String { NumberText.percentage(value, places: 2) }
    let lines = [
      line("", emotions.names + ["weighted", "macro"]),
      line("precision", figures.map { percent($0.precision) } + [percent(weightedPrecision), ""]),
      line("recall", figures.map { percent($0.recall) } + [percent(accuracy), ""]),
      line("F1", figures.map { percent($0.f1) } + [percent(weightedF1), percent(macroF1)]),
      line("utterances", figures.map { "\($0.support)" } + ["\(confusion.total)", ""]),
      "",
      "accuracy \(percent(accuracy))  weighted F1 \(percent(weightedF1))  macro F1 \(percent(macroF1))  "
        + "weighted precision \(percent(weightedPrecision))",
      "expected calibration error \(String(format: "%.4f", expectedCalibrationError))  "
        + "Brier score \(String(format: "%.4f", brier))",
    ]
    let note = notEvaluated == 0 ? [] : ["\(notEvaluated) labelled utterances lack every modality and are not counted"]
    return (lines + note).map(\.withoutTrailingSpace).joined(separator: "\n") + "\n"
  }

  /// Truth in rows, prediction in columns.
  public var confusionText: String {
    let width = max(8, (emotions.names.map(\.count).max() ?? 0) + 2)
    let head = "".padded(to: width) + emotions.names.map { $0.padded(to: width, right: true) }.joined()
    let rows = emotions.names.indices.map { truth in
      emotions[truth].padded(to: width)
        + emotions.names.indices.map {
          "\(confusion[truth: truth, predicted: $0])".padded(to: width, right: true)
        }.joined()
    }
    return ([head] + rows).joined(separator: "\n") + "\n"
  }
}

extension String {
  func padded(to width: Int, right: Bool = false) -> String {
    let space = String(repeating: " ", count: max(0, width - count))
    return right ? space + self : self + space
  }

  fileprivate var withoutTrailingSpace: String {
    var text = Substring(self)
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}

/// A confusion matrix as one self-contained SVG: each row's shares as shades, counts written in.
public struct ConfusionPicture: Sendable {
  private let emotions: EmotionSet
  private let counts: ConfusionCounts

  /// The matrix of an evaluation.
  public init(_ evaluation: Evaluation) {
    emotions = evaluation.emotions
    counts = evaluation.confusion
  }

  /// The picture.
  public var svg: String {
    let shares = counts.rowShares
    return HeatMap(
      title: "Confusion", rowName: "truth", columnName: "prediction", rowLabels: emotions.names,
      columnLabels: emotions.names,
      cells: emotions.names.indices.map { truth in
        emotions.names.indices.map { predicted in
          HeatMap.Cell(
            "\(counts[truth: truth, predicted: predicted])", shade: shares[truth * emotions.count + predicted])
        }
      }
    ).svg
  }
}
