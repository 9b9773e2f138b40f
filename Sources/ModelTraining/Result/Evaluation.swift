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

  /// What the model promises of its doubt, and what it kept; nil where it promises nothing.
  public private(set) var doubt: DoubtComparison?
  /// Labels against the truth, dialogue by dialogue.
  private var dialogues: [ConfusionCounts] = []

  /// The evaluation of logits that are known already.
  ///
  /// - Parameters:
  ///   - logits: of every utterance.
  ///   - labels: each row's class among `emotions`; nil leaves the row out.
  ///   - dialogues: the rows of each dialogue.
  ///   - temperature: divides the fused logits before the softmax.
  ///   - rule: what the model says of doubt.
  public init(
    _ logits: FusedLogits, labels: [Int?], dialogues: [Range<Int>], emotions: EmotionSet, temperature: Double,
    rule: DoubtRule? = nil
  ) {
    self.init(
      logits, truths: labels.map { $0.map { emotions[$0] } }, dialogues: dialogues, emotions: emotions,
      temperature: temperature, rule: rule)
  }

  /// Scores one bundle's labelled utterances with a model.
  ///
  /// - Parameter matching: which class a true emotion's name means.
  public init(_ model: Model, _ bundle: FeatureBundle, matching: EmotionMatching, threads: Int) throws {
    self.init(
      try BranchInference(model, threads: threads).logits(bundle).fused,
      truths: bundle.utterances.map { $0.label.flatMap { bundle.emotions?[$0] } },
      dialogues: bundle.dialogues.map(\.rows), emotions: model.configuration.emotions,
      temperature: model.configuration.temperature, rule: model.configuration.doubt, matching: matching)
  }

  private init(
    _ logits: FusedLogits, truths: [String?], dialogues: [Range<Int>], emotions: EmotionSet, temperature: Double,
    rule: DoubtRule?, matching: EmotionMatching = EmotionMatching()
  ) {
    comparison = TruthComparison(emotions)
    doubt = rule.map { DoubtComparison($0.promise) }
    for rows in dialogues {
      var counts = ConfusionCounts(classes: emotions.count)
      for row in rows {
        guard let truth = truths[row] else { continue }
        guard let fused = logits[row] else {
          comparison.add(truth: truth, class: nil, matching: matching)
          continue
        }
        let best = argmax(fused)
        comparison.add(truth: truth, class: best, matching: matching)
        guard let place = matching.index(of: truth, in: emotions) else { continue }
        counts.add(truth: place, predicted: best)
        let probabilities = Softmax(fused, temperature: temperature).probabilities
        calibration.add(confidence: Double(probabilities[best]), correct: best == place)
        scores.add(probabilities: probabilities, truth: place)
        guard let rule else { continue }
        let set = rule.classes(of: probabilities, label: best)
        doubt?.add(
          isUncertain: rule.isUncertain(confidence: Double(probabilities[best])), setSize: set.count,
          truth: emotions[place], isRight: best == place, isHeld: set.contains(place))
      }
      if counts.total > 0 { self.dialogues.append(counts) }
    }
  }

  /// The weighted F1 with the band that drawing other dialogues like these leaves it in (95 %); nil over fewer than two.
  public var weightedF1Band: ConfidenceBand? { ConfusionCounts.weightedF1Band(dialogues) }

  /// Scores labelled data with a model; labels are matched to the model's classes by name.
  ///
  /// - Throws: `TrainingError` where the data's classes are not the model's or a width differs.
  public init(_ model: Model, _ data: TrainingData, threads: Int) throws {
    try Self.requireFit(model, data)
    try self.init(model, data.bundle, matching: EmotionMatching(), threads: threads)
  }

  /// Refuses data that a model cannot be evaluated on.
  ///
  /// - Throws: `TrainingError` where the data's classes are not the model's or a width differs.
  public static func requireFit(_ model: Model, _ data: TrainingData) throws {
    let emotions = model.configuration.emotions
    let matching = EmotionMatching()
    let used = Set(data.labels.compactMap(\.self))
    guard used.allSatisfy({ matching.index(of: data.emotions[$0], in: emotions) != nil }) else {
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
    left.dialogues += right.dialogues
    if let right = right.doubt { left.doubt = (left.doubt ?? .zero) + right }
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
    let band = weightedF1Band.map { JSONValue.array([.number($0.lower), .number($0.upper)]) } ?? .null
    func figure(_ value: Double) -> JSONValue { comparison.utterances == 0 ? .null : .number(value) }
    return .object([
      "emotions": .array(emotions.names.map(JSONValue.string)), "utterances": .integer(comparison.utterances),
      "unjudged": .integer(comparison.unanswered),
      "other_emotions": .object(comparison.otherEmotions.mapValues(JSONValue.integer)), "accuracy": figure(accuracy),
      "weighted_f1": figure(weightedF1), "macro_f1": figure(macroF1), "weighted_precision": figure(weightedPrecision),
      "per_class": .array(perClass), "confusion": .array(rows), "ece": figure(expectedCalibrationError),
      "brier": figure(brier), "weighted_f1_band": band, "doubt": doubt.map(\.json) ?? .null,
    ])
  }
}

extension DoubtComparison {
  fileprivate var json: JSONValue {
    func number(_ value: Double?) -> JSONValue { value.map(JSONValue.number) ?? .null }
    return .object([
      "promised_risk": number(promise?.risk), "labels": .integer(labels), "certain": .integer(certain),
      "risk": number(keptRisk), "promised_coverage": number(promise?.coverage), "coverage": number(keptCoverage),
      "coverage_by_emotion": .object(
        coverage.mapValues { .object(["utterances": .integer($0.utterances), "held": .integer($0.held)]) }),
      "mean_set_size": number(meanSetSize),
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
      ? ["no figure: no label can be compared with the truth"]
      : [
        "accuracy \(percent(accuracy)) %  weighted F1 \(percent(weightedF1)) %\(bandInWords)",
        "macro F1 \(percent(macroF1)) %  weighted precision \(percent(weightedPrecision)) %",
        "expected calibration error \(NumberText.percent(expectedCalibrationError, places: 2))  "
          + "Brier score \(String(format: "%.4f", brier))",
      ] + (doubt?.inWords.map { [$0] } ?? [])
    return (lines + figures + (comparison.apartInWords.map { [$0] } ?? [])).map(\.withoutTrailingSpace).joined(
      separator: "\n") + "\n"
  }

  private var bandInWords: String {
    weightedF1Band.map { band in
      " (95 % of draws of such dialogues: \(NumberText.percentage(band.lower, places: 2)) to "
        + "\(NumberText.percentage(band.upper, places: 2)))"
    } ?? ""
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
