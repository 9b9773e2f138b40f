import DialogueDomain
import EvaluationStatistics
import Presentation

extension ReportPage {
  /// The probes of a labelled set judged offline: the paper's Figures 7 and 8 among them.
  ///
  /// - Parameters:
  ///   - model: the model's name.
  ///   - titles: the names of bundles by digest.
  public init(evaluationOf model: String, _ statistics: ProbeStatistics, titles: [String: String] = [:]) {
    let figures = RobustnessFigures(statistics, titles: titles)
    let emotions = statistics.shape?.emotions ?? EmotionSet([])
    let quality = QualityFigures(statistics.clean.truth, emotions)
    self.init(
      title: "Robustness of \(model)",
      subtitle:
        "\(NumberText.count(statistics.bundles, "bundle")), \(NumberText.count(statistics.dialogues, "dialogue")), "
        + "\(NumberText.count(statistics.utterances, "utterance")); model \(statistics.shape?.modelDigest.prefix(12) ?? "")",
      sections: (quality.map { [QualitySection($0, emotions.names).section] } ?? []) + (figures?.sections ?? []))
  }
}
