import AMBDSGDN
import DialogueDomain
import EvaluationStatistics

/// Dialogues that taught a network nothing, with its logits for them: what temperature and doubt are fitted on.
public struct HeldOut: Sendable {
  /// How dialogues came to be held out.
  public enum Origin: String, Sendable, Hashable {
    /// They chose the epoch.
    case validation
    /// They are the test data, and chose the epoch, as in the paper.
    case test
    /// Each dialogue of the training data was left out of one fold's training.
    case folds = "out of fold"
  }

  /// How they came to be held out.
  public let origin: Origin
  /// What they are.
  public let data: DataSummary
  /// The network's, or the set's, for every utterance.
  public let logits: FusedLogits
  /// Each row's class.
  public let labels: [Int?]
  /// The rows of each dialogue.
  public let dialogues: [Range<Int>]

  init(_ data: TrainingData, digest: String, logits: FusedLogits, origin: Origin) {
    self.init(
      origin: origin, data: DataSummary(data, digest: digest), logits: logits, labels: data.labels,
      dialogues: data.bundle.dialogues.map(\.rows))
  }

  private init(
    origin: Origin, data: DataSummary, logits: FusedLogits, labels: [Int?], dialogues: [Range<Int>]
  ) {
    self.origin = origin
    self.data = data
    self.logits = logits
    self.labels = labels
    self.dialogues = dialogues
  }

  /// The same dialogues as a set sees them; nil where there are none.
  static func mean(_ members: [HeldOut]) -> HeldOut? {
    guard let first = members.first, let logits = FusedLogits.mean(members.map(\.logits)) else { return nil }
    return HeldOut(
      origin: first.origin, data: first.data, logits: logits, labels: first.labels, dialogues: first.dialogues)
  }

  /// The folds' dialogues together; nil where there are none.
  ///
  /// - Parameter data: all of them, as they are trained on at last.
  static func pooled(_ folds: [HeldOut], data: DataSummary) -> HeldOut? {
    guard let first = folds.first else { return nil }
    var (logits, labels, dialogues) = (first.logits, first.labels, first.dialogues)
    for fold in folds.dropFirst() {
      let start = labels.count
      logits = logits + fold.logits
      labels += fold.labels
      dialogues += fold.dialogues.map { $0.lowerBound + start..<$0.upperBound + start }
    }
    return HeldOut(origin: .folds, data: data, logits: logits, labels: labels, dialogues: dialogues)
  }

  /// How well they are labelled.
  func evaluation(_ emotions: EmotionSet, temperature: Double, rule: DoubtRule? = nil) -> Evaluation {
    Evaluation(
      logits, labels: labels, dialogues: dialogues, emotions: emotions, temperature: temperature, rule: rule)
  }

  /// The temperature that suits them; nil where too few have a label.
  var temperatureFit: TemperatureFit? {
    let answered = labels.indices.map { logits[$0] == nil ? -1 : labels[$0] ?? -1 }
    return TemperatureFit(logits: logits.values, classes: logits.classes, labels: answered).flatMap {
      $0.rows >= TemperatureFit.leastRows ? $0 : nil
    }
  }

  /// When labels are uncertain and what their sets hold; nil where too few have a label.
  func doubtRule(temperature: Double, risk: Double, coverage: Double) -> DoubtRule? {
    let probabilities = (0..<logits.rows).flatMap { row in
      Softmax(
        logits.values[row * logits.classes..<(row + 1) * logits.classes], temperature: temperature
      ).probabilities
    }
    return DoubtRule(
      probabilities: probabilities, classes: logits.classes,
      labels: labels.indices.map { logits[$0] == nil ? nil : labels[$0] }, risk: risk, coverage: coverage)
  }
}
