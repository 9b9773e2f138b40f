import DialogueDomain
import ResultIndex

extension ScoredUtterance {
  /// What label files tell of an utterance, from the index.
  init(_ indexed: IndexedUtterance) {
    self.init(
      dialogue: indexed.dialogue, utterance: indexed.utterance, turn: indexed.turn, speaker: indexed.speaker,
      start: indexed.start, end: indexed.end, emotion: indexed.emotion, confidence: indexed.confidence,
      probabilities: indexed.probabilities, branchLogits: [:],
      shares: Dictionary(
        uniqueKeysWithValues: Modality.allCases.compactMap { modality in
          indexed.share(of: modality).map { (modality, $0) }
        }),
      margin: indexed.margin, stability: indexed.stability, isUncertain: indexed.isUncertain,
      labelSet: indexed.labelSet)
  }
}
