import DialogueDomain
import Foundation
import Presentation

/// The day's emotions, in all, over time and by speaker.
struct EmotionSection {
  let figures: EmotionFigures
  let calendar: Calendar

  var section: ReportSection {
    let total = figures.counts.reduce(0, +)
    guard total > 0 else {
      return ReportSection(
        "Emotions", "How often each emotion was the label.", [.paragraph("No utterance was labelled in this period.")])
    }
    var blocks: [ReportBlock] = [
      .paragraph(
        "\(NumberText.count(total, "utterance")), mean confidence \(NumberText.percent(figures.meanConfidence, places: 1)). "
          + "The confidence is the probability that the model gives its own label."),
      .pictures([bars(total).svg], instead: [totals(total)]),
    ]
    let unknown = ScoredUtterance.unknownEmotion
    if let place = figures.names.firstIndex(of: unknown), figures.counts[place] > 0 {
      blocks.append(
        .warning(
          "\(NumberText.count(figures.counts[place], "utterance")) lacked every modality and \(figures.counts[place] == 1 ? "is" : "are") "
            + "labelled '\(unknown)'."))
    }
    let byTime = figures.stretches.map { (name: name(of: $0), counts: $0.counts) }
    blocks.append(
      matrix("By \(figures.stretch) of scoring", rowName: figures.stretch, byTime))
    if !figures.speakers.isEmpty {
      let isCut = figures.speakers.count < figures.speakerCount
      blocks.append(
        matrix(
          isCut
            ? "By speaker: the \(figures.speakers.count) busiest of \(NumberText.count(figures.speakerCount))"
            : "By speaker",
          rowName: "speaker", figures.speakers.map { (name: $0.name, counts: $0.counts) }))
    }
    return ReportSection(
      "Emotions",
      "How often each emotion was the label. Hours are those of scoring, since bundles do not say when people spoke; "
        + "speakers of one name are counted as one.", blocks)
  }

  private func bars(_ total: Int) -> BarChart {
    let shares = figures.counts.map { Double($0) / Double(total) }
    return BarChart(
      title: "Labels, % of utterances", series: ["share"],
      groups: zip(figures.names, shares).map { BarChart.Group(name: $0, values: [$1]) },
      limit: shares.max() ?? 1, numbers: .precisePercent)
  }

  private func totals(_ total: Int) -> DataTable {
    DataTable(
      "Labels", header: ["emotion", "utterances", "share, %"],
      rows: zip(figures.names, figures.counts).map {
        [$0, NumberText.count($1), NumberText.percentage(Double($1) / Double(total))]
      })
  }

  /// Shades are shares of the row, numbers are counts.
  private func matrix(_ title: String, rowName: String, _ rows: [(name: String, counts: [Int])]) -> ReportBlock {
    let map = HeatMap(
      title: "\(title): utterances, shaded by their share of the row", rowName: rowName, columnName: "emotion",
      rowLabels: rows.map(\.name), columnLabels: figures.names,
      cells: rows.map { row in
        let sum = max(row.counts.reduce(0, +), 1)
        return row.counts.map { HeatMap.Cell(NumberText.count($0), shade: Double($0) / Double(sum)) }
      })
    let table = DataTable(
      title, header: [rowName] + figures.names, rows: rows.map { [$0.name] + $0.counts.map { NumberText.count($0) } })
    return .pictures([map.svg], instead: [table])
  }

  /// The local hour; where clocks were set back, the second of two equal ones says so.
  private func name(of stretch: EmotionFigures.Stretch) -> String {
    guard figures.stretch == "hour" else {
      return TimeText.day(stretch.start, calendar)
    }
    let clock = TimeText.timeOfDay(stretch.start, calendar)
    let isRepeated = TimeText.timeOfDay(stretch.start.addingTimeInterval(-3600), calendar) == clock
    return isRepeated ? clock + " again" : clock
  }
}
