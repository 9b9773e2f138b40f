import DialogueDomain
import Presentation

/// Extreme fusion weights and the weight simplex: the paper's Figure 8.
struct WeightSection {
  let weights: WeightFigures
  let probe: RobustnessFigures

  private var names: String { probe.modalities.map(\.rawValue).joined(separator: "/") }

  var section: ReportSection {
    let hasTruth = weights.againstTruth
    let rowName = hasTruth ? "truth" : "clean label"
    let table = DataTable(
      "Weights \(names), %",
      header: ["weights"] + (hasTruth ? ["accuracy", "weighted F1"] : []) + ["labels changed"],
      rows: weights.extremes.map { extreme in
        [extreme.weights]
          + (hasTruth ? [NumberText.percentage(extreme.accuracy), NumberText.percentage(extreme.weightedF1)] : [])
          + [NumberText.percentage(extreme.flips)]
      })
    let maps = weights.extremes.map { extreme in
      Confusion.map(
        "Weights \(extreme.weights) (\(names)), % of the row", extreme.matrix, probe.emotions, rowName: rowName,
        counts: false
      ).svg
    }
    var blocks: [ReportBlock] = [.table(table)]
    if let picture = simplex { blocks.append(.pictures([picture], instead: [])) }
    blocks.append(
      .paragraph(
        "Confusion at each weighting: a row is \(hasTruth ? "a true emotion" : "the label at equal weights"), and its shades "
          + "say which labels it got. A column that is dark all the way down means that nearly every utterance gets that label."
      ))
    blocks.append(
      .pictures(
        maps,
        instead: weights.extremes.map {
          Confusion.table("Weights \($0.weights), \(rowName) in rows", $0.matrix, probe.emotions)
        }))
    return ReportSection(
      "Unequal fusion weights",
      "The labels are a sum of what each modality says; here that sum is weighted unequally. If labels hardly change, "
        + "the modalities agree or one of them rules anyway.", blocks)
  }

  /// Three modalities make a triangle, two a line.
  private var simplex: String? {
    let hasTruth = weights.againstTruth
    let figure = hasTruth ? "Weighted F1" : "Labels changed"
    func value(_ point: WeightFigures.Point) -> Double { (hasTruth ? point.weightedF1 : point.flips) ?? 0 }
    let range = ShadeRange(weights.simplex.map(value))
    switch probe.modalities.count {
    case 3:
      return TernaryMap(
        title: "\(figure) at every weighting, %", corners: probe.modalities.map(\.rawValue),
        points: weights.simplex.map { point in
          TernaryMap.Point(
            shares: point.shares, text: NumberText.percentage(value(point), places: 0),
            shade: range.shade(value(point)))
        }, steps: 10, legend: range.legend("shade: \(hasTruth ? "weighted F1" : "labels changed"), %")
      ).svg
    case 2:
      return LineChart(
        title: "\(figure) at every weighting, %", xName: "weight of \(probe.modalities[0].rawValue)",
        lines: [
          LineChart.Line(name: figure, points: weights.simplex.map { ($0.shares[0], value($0)) })
        ], yNumbers: .percent
      ).svg
    default: return nil
    }
  }
}

/// Missing modalities.
struct MissingSection {
  let missing: MissingFigures

  var section: ReportSection {
    let hasTruth = missing.rows.contains { $0.weightedF1 != nil }
    let table = DataTable(
      "Per cent of labels",
      header: ["what is left or lost", "labels changed"] + (hasTruth ? ["accuracy", "weighted F1"] : []) + [
        "utterances"
      ],
      rows: missing.rows.map { row in
        [
          name(row),
          NumberText.percentage(row.flips) + (row.flipsDeviation.map { " ±" + NumberText.percentage($0) } ?? ""),
        ]
          + (hasTruth ? [NumberText.percentage(row.accuracy), NumberText.percentage(row.weightedF1)] : []) + [
            NumberText.count(row.utterances)
          ]
      })
    var blocks: [ReportBlock] = [.table(table)]
    switch missing.rateZeroEqualsClean {
    case true?:
      blocks.append(
        .paragraph("Check: dropping 0 % gives exactly the counts of the undisturbed run, as it must."))
    case false?:
      blocks.append(
        .warning(
          "Dropping 0 % does not give the counts of the undisturbed run. The probes are at fault: do not trust this table."
        ))
    case nil: break
    }
    let most = 1 - 1 / Double(max(mostLeft, 1))
    if missing.rows.contains(where: { $0.kind == .dropped && ($0.share ?? 0) > most }) {
      blocks.append(
        .paragraph(
          "Every utterance keeps one of its modalities, so more than \(NumberText.percentage(most)) % cannot be dropped at random: "
            + "the row beyond that is of as many."))
    }
    return ReportSection(
      "When a modality is missing",
      "What happens when the camera is off or the microphone dead: modalities left out altogether, dropped here and there "
        + "at random, or missing over one stretch of each dialogue. ± is the spread between random draws.", blocks)
  }

  /// How many modalities the model has.
  private var mostLeft: Int { missing.rows.filter { $0.kind == .left }.compactMap { $0.modalities?.count }.max() ?? 0 }

  private func name(_ row: MissingFigures.Row) -> String {
    let modalities = (row.modalities ?? []).map(\.rawValue).joined(separator: " + ")
    let share = NumberText.percent(row.share ?? 0, places: 0)
    return switch row.kind {
    case .left: row.modalities?.count == mostLeft ? "nothing missing" : "only \(modalities)"
    case .dropped: "\(share) dropped at random"
    case .gap: "a gap of \(share) in \(modalities)"
    }
  }
}
