import AMBDSGDN
import DialogueDomain
import EvaluationStatistics
import ModelTraining
import Presentation

/// The tables by class: Tables 2 and 3 with our row, and the confusions of Figure 8.
extension ComparisonReport {
  /// Table 2 or 3 with our row, where the classes are ours; nil for other experiments.
  func models(_ preset: Preset) -> String? {
    guard experiment == .classes else { return nil }
    let names = preset.configuration.emotions.names
    let matching = EmotionMatching()
    let places = names.map { matching.index(of: $0, in: split.training.emotions) }
    var rows = published.tables.models(preset).map { row in
      [row.model]
        + names.map { name in
          row.classes[name].map {
            "\(ExperimentDocument.fixed($0.precision, 2)) / \(ExperimentDocument.fixed($0.f1, 2))"
          }
            ?? "–"
        } + ["\(ExperimentDocument.fixed(row.weightedPrecision, 2)) / \(ExperimentDocument.fixed(row.weightedF1, 2))"]
    }
    if let ours = comparison.rows.first, places.allSatisfy({ $0 != nil }) {
      let figures = places.map { place in classMeans(ours, place ?? 0) }
      rows.append(
        ["**ours, this data**"]
          + figures.map { "\(ExperimentDocument.percent($0.precision)) / \(ExperimentDocument.percent($0.f1))" } + [
            "\(ExperimentDocument.percent(ours.weightedPrecision.mean)) / \(ExperimentDocument.percent(ours.weightedF1.mean))"
          ])
    }
    let table = DataTable(header: ["precision / F1, %"] + names + ["weighted"], rows: rows)
    let place = preset == .iemocap ? "Table 2" : "Table 3"
    return """
      ### \(preset.paperName) (\(place))

      \(table.markdown(isAligned: true).trimmed)

      The epochs of the baselines: \(published.tables.epochChoice.baselines); of AMB-DSGDN: \
      \(published.tables.epochChoice.paper).
      """
  }

  private func classMeans(_ row: Comparison.Row, _ place: Int) -> (precision: Double, recall: Double, f1: Double) {
    let figures = row.seeds.map { $0.confusion.figures(of: place) }
    func mean(_ value: (ClassFigures) -> Double) -> Double {
      figures.map(value).reduce(0, +) / Double(max(figures.count, 1))
    }
    return (mean(\.precision), mean(\.recall), mean(\.f1))
  }

  /// Our figures of every class, where those are what is asked for.
  var classes: String? {
    guard experiment == .classes, let row = comparison.rows.first else { return nil }
    let rows = split.training.emotions.names.enumerated().map { place, name in
      let means = classMeans(row, place)
      let support = row.seeds.first?.confusion.figures(of: place).support ?? 0
      return [name, "\(support)"] + [means.precision, means.recall, means.f1].map { ExperimentDocument.percent($0) }
    }
    return DataTable(header: ["emotion", "utterances", "precision, %", "recall, %", "F1, %"], rows: rows)
      .markdown(isAligned: true).trimmed
  }

  /// Truth against label over all seeds at each extreme weight, as the paper's Figure 8 draws them.
  var confusions: String? {
    guard experiment == .imbalance else { return nil }
    let names = split.training.emotions.names
    return comparison.rows.map { row in
      let sum = row.seeds.map(\.confusion).total()
      let rows = names.indices.map { truth in
        let total = names.indices.reduce(0) { $0 + sum[truth: truth, predicted: $1] }
        return [names[truth]]
          + names.indices.map { label in
            total == 0
              ? "–" : ExperimentDocument.fixed(100 * Double(sum[truth: truth, predicted: label]) / Double(total), 1)
          }
      }
      return """
        ### \(row.cell.name): truth in rows, per cent of each labelled so

        \(DataTable(header: [""] + names, rows: rows).markdown(isAligned: true).trimmed)
        """
    }.joined(separator: "\n\n")
  }
}
