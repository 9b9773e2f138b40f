import DialogueDomain
import EvaluationStatistics
import Presentation

/// The noise curves.
struct NoiseSection {
  let noise: NoiseFigures
  let probe: RobustnessFigures

  var section: ReportSection {
    let hasTruth = probe.known > 0
    let seeds = probe.plan.seeds.count
    var blocks: [ReportBlock] = [
      .paragraph(
        "\(NumberText.count(probe.bundles, "bundle")), \(NumberText.count(noise.dialogues, "dialogue")), "
          + "\(NumberText.count(probe.utterances, "utterance")); \(NumberText.count(seeds, "draw")) of noise. "
          + (noise.dialogues < 2
            ? "One dialogue is too few for a band."
            : "The band holds the true value in 95 of 100 cases, going by the spread between dialogues."))
    ]
    let charts =
      (hasTruth ? [chart("Accuracy under noise, %") { $0.accuracy ?? [] }] : [])
      + [chart("Labels changed by noise, %") { $0.flips }]
    blocks.append(.pictures(charts.map(\.svg), instead: []))
    if hasTruth { blocks.append(.table(table("Weighted F1 under noise, %") { weightedF1($0) })) }
    blocks.append(.table(table("Labels changed by noise, % (95 % band)") { changed($0) }))
    if hasTruth { blocks += [.paragraph(summaryNote), .table(summary)] }
    return ReportSection(
      "Noise",
      "What happens to the labels when the features get worse: random noise of strength σ is added, where 1σ is as strong "
        + "as the features' own spread in the training data, on all modalities at once and on each alone."
        + (hasTruth ? "" : " Without true labels, the measure is how many labels change."),
      blocks)
  }

  private func chart(_ title: String, _ bands: (NoiseFigures.Curve) -> [ConfidenceBand]) -> LineChart {
    LineChart(
      title: title, xName: "noise, σ",
      lines: noise.curves.map { curve in
        let points = Array(zip(noise.levels, bands(curve)))
        return LineChart.Line(
          name: "noise on \(curve.noiseOn)", points: points.map { ($0, $1.value) },
          band: points.map { ($0, $1.lower, $1.upper) })
      }, yNumbers: .percent)
  }

  private func table(_ caption: String, _ cells: (NoiseFigures.Curve) -> [String]) -> DataTable {
    DataTable(
      caption, header: ["noise on"] + noise.levels.map(NoiseLevel.text),
      rows: noise.curves.map { [$0.noiseOn] + cells($0) })
  }

  private func weightedF1(_ curve: NoiseFigures.Curve) -> [String] {
    zip(curve.weightedF1 ?? [], curve.weightedF1Deviation ?? []).enumerated().map { level, figures in
      NumberText.percentage(figures.0) + (level == 0 ? "" : " ±" + NumberText.percentage(figures.1))
    }
  }

  private func changed(_ curve: NoiseFigures.Curve) -> [String] {
    curve.flips.enumerated().map { level, band in
      level == 0 || noise.dialogues < 2
        ? NumberText.percentage(band.value)
        : "\(NumberText.percentage(band.value)) (\(NumberText.percentage(band.lower, places: 0))–\(NumberText.percentage(band.upper, places: 0)))"
    }
  }

  private var hasBaseline: Bool { noise.curves.contains { $0.effectiveRobustness != nil } }

  private var summaryNote: String {
    "Relative robustness is the area under the weighted F1: the higher, the more robust the labels. What is lost "
      + "at a level (MMI) is a share of the F1 without noise, below 0 where noise happens to help. "
      + (hasBaseline
        ? "Effective robustness is what is kept beyond a baseline model that starts as high; the corruption error is the errors "
          + "as a share of the baseline's, below 1 where there are fewer."
        : "Effective robustness would compare with a baseline model: set report.baseline in ambd.toml to its JSON report.")
  }

  private var summary: DataTable {
    DataTable(
      "Each curve in a few numbers",
      header: ["noise on", "relative robustness", "lost at 0.3σ, %", "lost at 0.7σ, %"]
        + (hasBaseline ? ["effective robustness", "corruption error"] : []),
      rows: noise.curves.map { curve in
        func loss(_ level: Double) -> String {
          NumberText.percentage(curve.relativeLoss?.first { $0.level == level }?.loss)
        }
        return [curve.noiseOn, NumberText.fixed(curve.relativeRobustness, places: 3), loss(0.3), loss(0.7)]
          + (hasBaseline
            ? [
              NumberText.fixed(curve.effectiveRobustness, places: 3),
              NumberText.fixed(curve.corruptionError, places: 3),
            ] : [])
      })
  }
}

/// The σ grid: the paper's Figure 7.
struct GridSection {
  private let grid: GridFigures
  private let probe: RobustnessFigures
  private let pairs: [(row: Int, column: Int)]

  /// Nil with one modality, whose grid is its curve.
  init?(_ grid: GridFigures, _ probe: RobustnessFigures) {
    let count = probe.modalities.count
    pairs = (0..<count).flatMap { row in (row + 1..<max(count, row + 1)).map { (row: row, column: $0) } }
    guard !pairs.isEmpty else { return nil }
    self.grid = grid
    self.probe = probe
  }

  var section: ReportSection {
    let hasTruth = probe.known > 0
    let figure = hasTruth ? "Weighted F1" : "Labels changed"
    let values = grid.cells.compactMap { value($0) }
    let range = ShadeRange(values)
    let names = probe.modalities.map(\.rawValue)
    var maps: [String] = []
    var tables: [DataTable] = []
    for pair in pairs {
      let others = names.indices.filter { $0 != pair.row && $0 != pair.column }.map { names[$0] }
      let rest = others.isEmpty ? "" : ", \(others.joined(separator: " and ")) clean"
      let title = "\(figure), %: noise on \(names[pair.row]) and \(names[pair.column])\(rest)"
      let rows = probe.plan.levels.map { row in
        probe.plan.levels.map { column in cell(pair, row, column).flatMap(value) }
      }
      maps.append(
        HeatMap(
          title: title, rowName: "\(names[pair.row]) σ", columnName: "\(names[pair.column]) σ",
          rowLabels: probe.plan.levels.map { "\($0)" }, columnLabels: probe.plan.levels.map { "\($0)" },
          cells: rows.map { row in
            row.map { value in
              HeatMap.Cell(
                NumberText.percentage(value),
                shade: value.map(range.shade) ?? .nan)
            }
          }, legend: range.legend("shade: \(hasTruth ? "weighted F1" : "labels changed"), %")
        ).svg)
      tables.append(
        DataTable(
          "\(title); rows \(names[pair.row]), columns \(names[pair.column])",
          header: [""] + probe.plan.levels.map(NoiseLevel.text),
          rows: zip(probe.plan.levels, rows).map { [NoiseLevel.text($0)] + $1.map { NumberText.percentage($0) } }))
    }
    return ReportSection(
      "Noise on several modalities",
      "Every combination of noise levels, two modalities at a time: a picture that changes along one side only depends on "
        + "that modality alone."
        + (pairs.count > 1 ? " The JSON report has all \(grid.cells.count) combinations." : ""),
      [.pictures(maps, instead: tables)])
  }

  private func value(_ cell: GridFigures.Cell) -> Double? { probe.known > 0 ? cell.weightedF1 : cell.flips }

  private func cell(_ pair: (row: Int, column: Int), _ row: Double, _ column: Double) -> GridFigures.Cell? {
    grid.cells.first { cell in
      cell.levels.indices.allSatisfy { index in
        cell.levels[index] == (index == pair.row ? row : index == pair.column ? column : 0)
      }
    }
  }
}

/// How much the labels depend on each modality.
struct SensitivitySection {
  private let figures: [SensitivityFigures]
  private let highest: Double

  /// Nil where no probe says anything of it.
  init?(_ probe: RobustnessFigures) {
    guard probe.modalities.count > 1,
      probe.sensitivity.contains(where: { $0.flipsUnderNoise != nil || $0.flipsWithout != nil })
    else { return nil }
    figures = probe.sensitivity
    highest = probe.plan.levels.last ?? 0
  }

  var section: ReportSection {
    let hasTruth = figures.contains { $0.weightedF1Alone != nil }
    let noisy = "under noise of \(NoiseLevel.text(highest))"
    let chart = BarChart(
      title: "Labels changed, %", series: [noisy, "without it"],
      groups: figures.map {
        BarChart.Group(name: $0.modality.rawValue, values: [$0.flipsUnderNoise, $0.flipsWithout])
      },
      limit: figures.flatMap { [$0.flipsUnderNoise ?? 0, $0.flipsWithout ?? 0] }.max() ?? 1, numbers: .precisePercent)
    let table = DataTable(
      "Per modality, %",
      header: ["modality", "changed \(noisy)", "changed without it", "same label from it alone", "share of the logits"]
        + (hasTruth ? ["weighted F1 lost without it", "weighted F1 of it alone"] : []),
      rows: figures.map { figure in
        [
          figure.modality.rawValue, NumberText.percentage(figure.flipsUnderNoise),
          NumberText.percentage(figure.flipsWithout),
          NumberText.percentage(figure.agreementAlone), NumberText.percentage(figure.logitShare),
        ]
          + (hasTruth
            ? [NumberText.percentage(figure.lossWithout), NumberText.percentage(figure.weightedF1Alone)] : [])
      })
    return ReportSection(
      "Which modality matters",
      "How many labels change when one modality is noisy or missing and the others are not: the higher, the more the "
        + "labels depend on it.",
      [.pictures([chart.svg], instead: []), .table(table)])
  }
}
