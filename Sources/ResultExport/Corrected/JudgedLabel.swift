import DialogueDomain
import Foundation
import ResultIndex

/// What a file that was exported and perhaps changed says of one utterance.
struct JudgedLabel {
  /// Which utterance of the dialogue.
  enum Place: Hashable {
    /// By its id, or by its position where no utterance has that id.
    case utterance(String)
    /// By the tier and the milliseconds that the export gave it.
    case tier(String, start: Int, end: Int)
  }

  /// Where it stands, from 1: a line, or a task of Label Studio.
  var line: Int
  /// As far as the file tells it.
  var bundleDigest: String?
  /// The model whose label was exported, where the file tells it.
  var modelDigest: String?
  var dialogue: String
  var place: Place
  /// What stands where the export had the model's label; nil where the file has no such place.
  var emotion: String?
  /// What stands where the export had the truth.
  var truth: String?
  /// The time of the correction that the exported truth came of; nil where it came of none, or the file does not say.
  var truthTime: Date?
  /// Whether a person put `truth` there in any case, as annotators do.
  var isAnnotation = false

  /// What a person has said by changing the file; nil where nothing was changed.
  ///
  /// - Parameter isReviewed: whether labels that stand as they were are agreed with.
  func verdict(_ known: IndexedJudgement, isReviewed: Bool) -> String? {
    if let truth, !truth.isEmpty, !Self.isSame(truth, known.truth), !Self.isSame(truth, exportedTruth(known)) {
      return truth
    }
    guard let emotion, !emotion.isEmpty, !Self.isSame(emotion, known.truth) else { return nil }
    let exported = modelDigest.flatMap { known.labels[$0] } ?? known.label
    guard Self.isSame(emotion, exported) else { return emotion }
    let isAnswered = truth.map { !$0.isEmpty } ?? (known.truth != nil)
    return isReviewed && !isAnswered && emotion != ScoredUtterance.unknownEmotion ? emotion : nil
  }

  /// The truth at the time of the export: corrections since then are nobody's change of this file.
  private func exportedTruth(_ known: IndexedJudgement) -> String? {
    if isAnnotation { return nil }
    guard let truthTime else { return known.own }
    return known.corrections.first { abs($0.at.timeIntervalSince(truthTime)) < 0.001 }?.emotion
  }

  private static func isSame(_ left: String, _ right: String?) -> Bool {
    right.map { EmotionMatching.folded(left) == EmotionMatching.folded($0) } ?? false
  }
}
