import AMBDSGDN
import DialogueDomain
import EvaluationStatistics
import Foundation
import OperatingSystem
import Presentation

/// How well a model labels labelled dialogues.
public struct Evaluation: Sendable {
  /// Labels against the truth; everything but the calibration follows from it.
  public private(set) var comparison: TruthComparison
  /// Confidence against correctness, in bins.
  public private(set) var calibration = CalibrationBins()
  /// Sums of the log-likelihood and of the Brier score.
  public private(set) var scores = ProbabilityScores()

  /// - Parameters:
  ///   - logits: every branch's, as inference gives them.
  ///   - labels: each row's class among `emotions`; nil leaves the row out.
  ///   - temperature: divides the fused logits before the softmax.
  public init(_ logits: BranchLogits, labels: [Int?], emotions: EmotionSet, temperature: Double) {
    self.init(logits, truths: labels.map { $0.map { emotions[$0] } }, emotions: emotions, temperature: temperature)
  }

  /// Scores one bundle's labelled utterances with a model.
  ///
  /// - Parameter matching: which class a true emotion's name means.
  public init(_ model: Model, _ bundle: FeatureBundle, matching: EmotionMatching, threads: Int) throws {
    self.init(
      try BranchInference(model, threads: threads).logits(bundle),
      truths: bundle.utterances.map { $0.label.flatMap { bundle.emotions?[$0] } },
      emotions: model.configuration.emotions, temperature: model.configuration.temperature, matching: matching)
  }

  private init(
    _ logits: BranchLogits, truths: [String?], emotions: EmotionSet, temperature: Double,
    matching: EmotionMatching = EmotionMatching()
  ) {
    comparison = TruthComparison(emotions)
    for (row, truth) in truths.enumerated() {
      guard let truth else { continue }
      guard logits.modalities.contains(where: { logits($0, row: row) != nil }) else {
        comparison.add(truth: truth, class: nil, matching: matching)
        continue
      }
      let fused = logits.fused(row: row)
      let best = argmax(fused)
      comparison.add(truth: truth, class: best, matching: matching)
      guard let place = matching.index(of: truth, in: emotions) else { continue }
      let probabilities = Softmax(fused, temperature: temperature).probabilities
      calibration.add(confidence: Double(probabilities[best]), correct: best == place)
      scores.add(probabilities: probabilities, truth: place)
    }
  }

  /// Scores labelled data with a model; labels are matched to the model's classes by name.
  ///
  /// - Throws: `TrainingError` where the data's classes are not the model's or a width differs.
  public init(_ model: Model, _ data: TrainingData, threads: Int) throws {
    let emotions = model.configuration.emotions
    let matching = EmotionMatching()
    guard data.emotions.names.allSatisfy({ matching.index(of: $0, in: emotions) != nil }) else {
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
    try self.init(model, data.bundle, matching: matching, threads: threads)
  }

  /// Scores the labelled utterances of several bundles, whose classes may differ.
  ///
  /// - Throws: `TrainingError` where there is none, one has no labels, or two are the same.
  public init(_ model: Model, _ sources: [TrainingData.Source], matching: EmotionMatching, threads: Int) throws {
    guard let first = sources.first else { throw TrainingError.noData }
    try TrainingData.refuseRepeated(sources)
    if let unlabelled = sources.first(where: { $0.bundle.emotions == nil }) {
      throw TrainingError.noLabels(source: unlabelled.name)
    }
    self = try Evaluation(model, first.bundle, matching: matching, threads: threads)
    for source in sources.dropFirst() {
      self += try Evaluation(model, source.bundle, matching: matching, threads: threads)
    }
  }

  /// Adds the evaluation of other dialogues by the same model.
  static func += (left: inout Evaluation, right: Evaluation) {
    left.comparison += right.comparison
    left.calibration += right.calibration
    left.scores += right.scores
  }

  /// The classes, in class order.
  public var emotions: EmotionSet { comparison.emotions }
  /// Truth against prediction.
  public var confusion: ConfusionCounts { comparison.confusion }
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
    func figure(_ value: Double) -> JSONValue { comparison.utterances == 0 ? .null : .number(value) }
    return .object([
      "emotions": .array(emotions.names.map(JSONValue.string)), "utterances": .integer(comparison.utterances),
      "unjudged": .integer(comparison.unanswered),
      "other_emotions": .object(comparison.otherEmotions.mapValues(JSONValue.integer)), "accuracy": figure(accuracy),
      "weighted_f1": figure(weightedF1), "macro_f1": figure(macroF1), "weighted_precision": figure(weightedPrecision),
      "per_class": .array(perClass), "confusion": .array(rows), "ece": figure(expectedCalibrationError),
      "brier": figure(brier),
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
    let classes = confusion.perClass
    func percent(_ value: Double) -> String {
      NumberText.percentage(comparison.utterances == 0 ? nil : value, places: 2)
    }
    let lines = [
      line("", emotions.names + ["weighted", "macro"]),
      line("precision", classes.map { percent($0.precision) } + [percent(weightedPrecision), ""]),
      line("recall", classes.map { percent($0.recall) } + [percent(accuracy), ""]),
      line("F1", classes.map { percent($0.f1) } + [percent(weightedF1), percent(macroF1)]),
      line("utterances", classes.map { "\($0.support)" } + ["\(confusion.total)", ""]),
      "",
    ]
    let figures =
      comparison.utterances == 0
      ? ["no figure: no label can be compared with the bundle's own"]
      : [
        "accuracy \(percent(accuracy))  weighted F1 \(percent(weightedF1))  macro F1 \(percent(macroF1))  "
          + "weighted precision \(percent(weightedPrecision))",
        "expected calibration error \(String(format: "%.4f", expectedCalibrationError))  "
          + "Brier score \(String(format: "%.4f", brier))",
      ]
    return (lines + figures + (comparison.apartInWords.map { [$0] } ?? [])).map(\.withoutTrailingSpace).joined(
      separator: "\n") + "\n"
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
