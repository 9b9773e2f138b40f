import AMBDSGDN
import DialogueDomain

/// From branch logits to a label and its explanation.
enum UtteranceScore {
  static func scored(
    _ utterance: Utterance, in dialogue: Dialogue, row: Int, logits: BranchLogits, truth: String?,
    configuration: ModelConfiguration
  ) -> ScoredUtterance {
    let branches = logits.branches(row: row)
    let fused = logits.fused(row: row)
    let probabilities = FusedProbabilities.probabilities(fused, temperature: configuration.temperature)
    // An utterance without any modality has no label: the first class would be an invention.
    let label = branches.isEmpty ? nil : argmax(fused)
    return ScoredUtterance(
      dialogue: dialogue.id, utterance: utterance.id, turn: row - dialogue.rows.lowerBound,
      speaker: utterance.speaker, start: utterance.start, end: utterance.end,
      emotion: label.map { configuration.emotions[$0] } ?? ScoredUtterance.unknownEmotion,
      confidence: label.map { Double(probabilities[$0]) } ?? 0, probabilities: probabilities,
      branchLogits: branches, shares: label.map { ModalityShares.shares(branches, label: $0) } ?? [:],
      margin: label.flatMap { DominanceMargin.margin(branches, label: $0) }, truth: truth)
  }

  /// The first of the greatest elements.
  static func argmax(_ values: [Float]) -> Int {
    values.indices.reduce(0) { values[$1] > values[$0] ? $1 : $0 }
  }
}
