import DialogueDomain
import Foundation

/// What a training writes down of one optimiser step.
public struct StepRecord: Sendable, Hashable, Codable {
  /// From 1.
  public let epoch: Int
  /// From 1, counted over the whole training.
  public let step: Int
  /// Of this step, after the schedule.
  public let learningRate: Double
  /// L_fusion + Σ_m L_m²/10 (Eqn 33).
  public let loss: Double
  /// L_fusion (Eqn 31).
  public let fusionLoss: Double
  /// L_m of each modality (Eqn 32).
  public let branchLosses: [Modality: Double]
  /// p_m; empty before balancing starts.
  public let performance: [Modality: Double]
  /// q_m; empty before balancing starts.
  public let dropProbabilities: [Modality: Double]
  /// Whether the step dropped at all.
  public let isDropping: Bool

  enum CodingKeys: String, CodingKey {
    case epoch, step, loss, performance
    case learningRate = "learning_rate"
    case fusionLoss = "fusion_loss"
    case branchLosses = "branch_losses"
    case dropProbabilities = "withholding"
    case isDropping = "withheld"
  }
}

/// What a training writes down of one epoch.
public struct EpochRecord: Sendable, Hashable, Codable {
  /// From 1.
  public let epoch: Int
  /// Mean loss of the epoch's steps.
  public let loss: Double
  /// On the validation dialogues, without dropout; nil, as all that follows from them, where nothing is held out.
  public var accuracy: Double?
  /// F1 averaged over classes by support; it chooses the epoch.
  public var weightedF1: Double?
  /// F1 averaged over classes, all alike.
  public var macroF1: Double?
  /// Mean negative log-likelihood on the validation dialogues, in nats.
  public var validationLoss: Double?
  /// Whether the epoch is kept until a better one comes: no earlier one had a weighted F1 as high, or it is the last yet
  /// and the last is to be kept.
  public let isBest: Bool

  enum CodingKeys: String, CodingKey {
    case epoch, loss, accuracy
    case weightedF1 = "weighted_f1"
    case macroF1 = "macro_f1"
    case validationLoss = "validation_loss"
    case isBest = "best"
  }
}

/// Everything a training has written down so far.
public struct TrainingRecord: Sendable, Hashable, Codable {
  /// Every optimiser step so far.
  public var steps: [StepRecord] = []
  /// Every epoch so far.
  public var epochs: [EpochRecord] = []

  /// A training that has not begun.
  public init() {}

  /// The epoch that is kept so far: the best one, the earlier of equals, or the last one where that is asked for.
  public var best: EpochRecord? { epochs.last(where: \.isBest) }

  /// One JSON object a line: each epoch's steps, then the epoch.
  ///
  /// - Throws: `EncodingError` where a number is not finite.
  public func lines() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    var text = ""
    for epoch in epochs {
      for step in steps where step.epoch == epoch.epoch {
        text += String(decoding: try encoder.encode(["step": step]), as: UTF8.self) + "\n"
      }
      text += String(decoding: try encoder.encode(["epoch": epoch]), as: UTF8.self) + "\n"
    }
    return text
  }
}

/// What a running training tells whoever watches.
public enum TrainingEvent: Sendable {
  /// One step done, of so many in the whole training.
  case step(StepRecord, of: Int)
  /// One epoch done and validated, of so many.
  case epoch(EpochRecord, of: Int)
  /// Resumed after this many epochs.
  case resumed(epoch: Int)
}
