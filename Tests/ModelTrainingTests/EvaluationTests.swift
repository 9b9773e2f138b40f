import AMBDSGDN
import DialogueDomain
import EvaluationStatistics
import Foundation
import OperatingSystem
import SampleModels
import Testing

@testable import ModelTraining

/// Figures, tables and pictures of a small evaluation worked out by hand.
@Suite struct EvaluationTests {
  /// Truth 0 0 1 1, prediction 0 1 1 1; a fifth row has no label, a sixth no modality.
  private static let evaluation = Evaluation(
    BranchLogits(
      classes: 2, rows: 6, logits: [.text: [2, 0, 0, 2, 0, 2, 0, 2, 2, 0, 2, 0]],
      missing: [.text: [false, false, false, false, false, true]]
    ).fused, labels: [0, 0, 1, 1, nil, 0], dialogues: [0..<2, 2..<6], emotions: EmotionSet(["calm", "angry"]),
    temperature: 2)

  @Test func figuresFollowFromTheCounts() {
    let evaluation = Self.evaluation
    #expect(evaluation.accuracy == 0.75)
    #expect(evaluation.comparison.unanswered == 1)
    #expect(abs(evaluation.weightedF1 - (2.0 / 3 + 0.8) / 2) < 1e-12)
    #expect(abs(evaluation.weightedPrecision - (1 + 2.0 / 3) / 2) < 1e-12)
    // Logits halved by the temperature: every confidence is e / (1 + e).
    let confidence = 1 / (1 + exp(-1.0))
    #expect(abs(evaluation.expectedCalibrationError - abs(0.75 - confidence)) < 1e-6)
    let (right, wrong) = (2 * pow(1 - confidence, 2), 2 * pow(confidence, 2))
    #expect(abs(evaluation.brier - (3 * right + wrong) / 4) < 1e-6)
  }

  @Test func theFiguresAreThoseOfTheScoredLabelsToTheBit() throws {
    let model = TinyModel.model()
    let bundle = TinyModel.bundle([150, 40, 7], model, missing: [.text: [3, 9], .visual: [9], .audio: [9, 11]])
    let evaluation = try Evaluation(model, TrainingData([.init(name: "tiny", bundle: bundle)]), threads: 1)
    let emotions = model.configuration.emotions
    var confusion = ConfusionCounts(classes: emotions.count)
    var calibration = CalibrationBins()
    var scores = ProbabilityScores()
    for utterance in try BundleScorer(model, threads: 1).score(bundle).utterances {
      guard let truth = utterance.truth.flatMap(emotions.index(of:)) else { continue }
      guard let label = emotions.index(of: utterance.emotion) else { continue }
      confusion.add(truth: truth, predicted: label)
      calibration.add(confidence: utterance.confidence, correct: label == truth)
      scores.add(probabilities: utterance.probabilities, truth: truth)
    }
    #expect(confusion.total > 100 && evaluation.confusion == confusion)
    #expect(evaluation.calibration == calibration && evaluation.scores == scores)
  }

  @Test func theTableNamesEachFigure() {
    let lines = Self.evaluation.table.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    #expect(lines[0] == "                  calm     angry  weighted     macro")
    #expect(lines[1] == "precision       100.00     66.67     83.33")
    #expect(lines[3] == "F1               66.67     80.00     73.33     73.33")
    #expect(
      Self.evaluation.table.contains(
        "accuracy 75.00 %  weighted F1 73.33 % (95 % of draws of such dialogues: 66.67 to 100.00)\n"
          + "macro F1 73.33 %  weighted precision 83.33 %\n"))
    #expect(Self.evaluation.table.contains("not counted: 1 that lack every modality"))
  }

  @Test func theJSONHasTheDocumentedKeys() throws {
    guard case .object(let object) = Self.evaluation.json else {
      Issue.record("an object")
      return
    }
    for key in ["accuracy", "weighted_f1", "macro_f1", "per_class", "confusion", "ece", "brier", "weighted_precision"] {
      #expect(object[key] != nil, "\(key)")
    }
    #expect(object["confusion"] == .array([.array([.integer(1), .integer(1)]), .array([.integer(0), .integer(2)])]))
  }

  @Test func theConfusionPictureIsWholeXMLWithATextAlternative() {
    let picture = ConfusionPicture(Self.evaluation).svg
    #expect(picture.contains("aria-label=") && picture.hasSuffix("</svg>\n"))
  }
}
