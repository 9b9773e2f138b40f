import AMBDSGDN
import DialogueDomain
import OperatingSystem
import Presentation

/// What computing a model in a reduced precision changes: which labels, how near a tie those were, and the weighted F1.
public struct PrecisionComparison: Sendable {
  /// An utterance whose label is another one.
  public struct Change: Sendable {
    /// Its dialogue.
    public let dialogue: String
    /// Its name.
    public let utterance: String
    /// The label in single precision.
    public let single: String
    /// The label in the reduced one.
    public let reduced: String
    /// By how much, in single precision, the label was more probable than the next one.
    public let lead: Double
  }

  /// The reduced precision.
  public let precision: Precision
  /// Utterances that have a label.
  public let utterances: Int
  /// Those whose label is another one, the clearest first.
  public let changes: [Change]
  /// Weighted F1 in single precision and in the reduced one.
  public let weightedF1: (single: Double, reduced: Double)
  /// The greatest difference of a label's probability.
  public let mostShift: Double

  /// Share of the labels that stay.
  public var agreement: Double {
    utterances == 0 ? .nan : 1 - Double(changes.count) / Double(utterances)
  }

  /// Scores the same dialogues in both.
  ///
  /// - Parameters:
  ///   - evaluation: of the reduced model.
  ///   - reduced: the model in the reduced precision, with its sources: of transcripts, the encoder's features in that precision.
  ///   - single: the model in single precision, with the same sources' features in single precision.
  /// - Throws: as `Evaluation`.
  public init(
    _ evaluation: Evaluation, by reduced: Model, _ reducedSources: [TrainingData.Source], insteadOf single: Model,
    _ singleSources: [TrainingData.Source], matching: EmotionMatching, threads: Int
  ) throws {
    let before = try Evaluation(single, singleSources, matching: matching, threads: threads)
    weightedF1 = (before.weightedF1, evaluation.weightedF1)
    precision = reduced.precision
    let pairs = try zip(singleSources, reducedSources).flatMap { own, other in
      zip(try single.labels(own.bundle, threads), try reduced.labels(other.bundle, threads))
    }.filter { !$0.branchLogits.isEmpty && !$1.branchLogits.isEmpty }
    utterances = pairs.count
    mostShift = pairs.map { abs($0.confidence - $1.confidence) }.max() ?? 0
    changes = pairs.filter { $0.emotion != $1.emotion }.map { own, other in
      let probabilities = own.probabilities.sorted(by: >)
      return Change(
        dialogue: own.dialogue, utterance: own.utterance, single: own.emotion, reduced: other.emotion,
        lead: Double(probabilities[0] - probabilities[1]))
    }.sorted { $0.lead > $1.lead }
  }
}

extension Model {
  fileprivate func labels(_ bundle: FeatureBundle, _ threads: Int) throws -> [ScoredUtterance] {
    scored(bundle, logits: try BranchInference(self, threads: threads).logits(bundle))
  }
}

extension PrecisionComparison {
  /// For a person.
  public var text: String {
    let share = NumberText.percentage(agreement, places: 2)
    var lines = [
      "In \(precision.rawValue) instead of fp32: \(utterances - changes.count) of \(utterances) labels equal (\(share) %), "
        + "weighted F1 \(NumberText.percentage(weightedF1.reduced, places: 2)) instead of "
        + "\(NumberText.percentage(weightedF1.single, places: 2)), no confidence further off than \(NumberText.fixed(mostShift, places: 4))."
    ]
    if !changes.isEmpty {
      lines.append("Changed labels, and by how much each led the next one in fp32:")
    }
    for change in changes {
      lines.append(
        "  \(change.dialogue) \(change.utterance): \(change.single) to \(change.reduced), "
          + "\(NumberText.fixed(change.lead, places: 4))")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// For a program.
  public var json: JSONValue {
    .object([
      "precision": .string(precision.rawValue), "utterances": .integer(utterances),
      "label_agreement": utterances == 0 ? .null : .number(agreement),
      "weighted_f1_fp32": .number(weightedF1.single), "weighted_f1": .number(weightedF1.reduced),
      "most_confidence_shift": .number(mostShift), "changed": .array(changes.map(\.json)),
    ])
  }
}

extension PrecisionComparison.Change {
  fileprivate var json: JSONValue {
    .object([
      "dialogue": .string(dialogue), "utterance": .string(utterance), "fp32": .string(single),
      "label": .string(reduced), "lead": .number(lead),
    ])
  }
}
