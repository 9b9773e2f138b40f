import Dialogue
import Robustness

extension ReportPage {
  /// The probes of a labelled set judged offline: the paper's Figures 7 and 8 among them.
  ///
  /// - Parameter model: the model's name.
  public init(evaluationOf model: String, _ statistics: ProbeStatistics) {
    let figures = RobustnessFigures(statistics)
    let emotions = statistics.shape?.emotions ?? EmotionSet([])
    let quality = QualityFigures(statistics.clean.truth, emotions)
    self.init(
      title: "Robustness of \(model)",
      subtitle: "\(Wording.count(statistics.bundles, "bundle")), \(Wording.count(statistics.dialogues, "dialogue")), "
        + "\(Wording.count(statistics.utterances, "utterance")); model \(statistics.shape?.modelDigest.prefix(12) ?? "")",
      sections: (quality.map { [QualitySection($0, emotions.names).section] } ?? []) + (figures?.sections ?? []))
  }
}
