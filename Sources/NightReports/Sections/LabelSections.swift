import Presentation

/// How far the labels have moved.
struct DriftSection {
  let model: ModelFigures

  var section: ReportSection {
    let drift = model.drift
    let columns =
      ["this period"] + (drift.trainingCounts == nil ? [] : ["training data"])
      + (drift.weekNights == 0 ? [] : ["nights before"])
    let counts = [model.counts, drift.trainingCounts, drift.weekNights == 0 ? nil : drift.weekCounts].compactMap { $0 }
    let rows = model.emotions.indices.map { index in
      [model.emotions[index]]
        + counts.map { NumberText.percentage(Double($0[index]) / Double(max($0.reduce(0, +), 1))) }
    }
    let table = DataTable("Share of labels, %", header: ["emotion"] + columns, rows: rows)
    let shares = rows.indices.map { row in
      BarChart.Group(
        name: model.emotions[row], values: counts.map { Double($0[row]) / Double(max($0.reduce(0, +), 1)) })
    }
    let limit = shares.flatMap(\.values).compactMap { $0 }.max() ?? 1
    let chart = BarChart(
      title: "Share of labels, %", series: columns, groups: shares, limit: limit, numbers: .precisePercent)
    let training =
      drift.trainingCounts == nil
      ? "The model's configuration does not tell its training labels, so drift from them is not known."
      : "From the training data: \(NumberText.fixed(drift.training, places: 3))."
    let week =
      drift.weekNights == 0
      ? "The \(DriftFigures.nights) nights before have no labels of this model."
      : "From the \(DriftFigures.nights) nights before, \(drift.weekNights) of which \(drift.weekNights == 1 ? "has" : "have") labels: "
        + "\(NumberText.fixed(drift.week, places: 3))."
    return ReportSection(
      "Drift of the labels",
      "How far the mix of emotions has moved, as Jensen–Shannon divergence: 0 is the same mix, 1 has no emotion in common; "
        + "a jump means other people, other talk, or features that have gone wrong.",
      [.paragraph("\(training) \(week)")]
        + (counts.count > 1 && model.counts.contains { $0 > 0 } ? [.pictures([chart.svg], instead: [table])] : []))
  }
}

/// How well the labels agree with the truth, where bundles carry labels of their own or people have corrected some.
struct QualitySection {
  let quality: QualityFigures
  let emotions: [String]

  private var figures: String {
    let known = "\(NumberText.count(quality.utterances, "utterance")) with a known truth"
    guard quality.utterances > 0 else { return known + ": no figure" }
    return known + ": accuracy \(NumberText.percent(quality.accuracy, places: 1)), "
      + "weighted F1 \(NumberText.percent(quality.weightedF1, places: 1))\(band), "
      + "macro F1 \(NumberText.percent(quality.macroF1, places: 1))"
  }

  private var band: String {
    quality.weightedF1Band.map { band in
      " (95 % of draws of such dialogues: \(NumberText.percentage(band.lower)) to \(NumberText.percentage(band.upper)))"
    } ?? ""
  }

  var section: ReportSection {
    let classes = DataTable(
      "Per emotion, %", header: ["emotion", "utterances", "labelled so", "precision", "recall", "F1"],
      rows: quality.classes.map {
        [
          $0.emotion, NumberText.count($0.support), NumberText.count($0.predictions),
          NumberText.percentage($0.precision),
          NumberText.percentage($0.recall), NumberText.percentage($0.f1),
        ]
      })
    return ReportSection(
      "Agreement with the truth",
      "True emotions of this period are known, from the bundles or from people, and this is how well the labels match them: "
        + "precision is the share of "
        + "a label's uses that are right, recall the share of an emotion that is found, F1 their balance.",
      [
        .paragraph(([figures] + (quality.apart.map { [$0] } ?? [])).joined(separator: "; ") + "."),
        .table(classes),
        .pictures(
          [Confusion.map("Confusion: truth in rows, label in columns", quality.confusion, emotions, counts: true).svg],
          instead: [Confusion.table("Confusion: truth in rows, label in columns", quality.confusion, emotions)]),
      ])
  }
}

/// What the model promised of its doubt, and what it kept.
struct DoubtSection {
  let doubt: DoubtFigures

  var section: ReportSection {
    var blocks: [ReportBlock] = [doubt.isBroken ? .warning("\(doubt.line).") : .paragraph("\(doubt.line).")]
    if !doubt.emotions.isEmpty {
      blocks.append(
        .table(
          DataTable(
            "Sets that hold the truth, %", header: ["emotion", "utterances", "kept", "promised", ""],
            rows: doubt.emotions.map {
              [
                $0.emotion, NumberText.count($0.utterances), NumberText.percentage($0.coverage),
                NumberText.percentage(doubt.promisedCoverage), $0.isBroken ? "TOO FEW" : "",
              ]
            }, words: [0, 4])))
    }
    return ReportSection(
      "Doubt",
      "Which labels the model calls certain, and the set of emotions that it cannot rule out for an utterance. Both limits "
        + "were fitted in training on dialogues that were held out; on other talk or other features they may not hold.",
      blocks)
  }
}

/// A confusion matrix as a picture or as a table.
enum Confusion {
  /// - Parameter counts: whether counts are written in; else per cent of the row.
  static func map(
    _ title: String, _ matrix: [[Int]], _ emotions: [String], rowName: String = "truth", counts: Bool
  ) -> HeatMap {
    HeatMap(
      title: title, rowName: rowName, columnName: "label", rowLabels: emotions, columnLabels: emotions,
      cells: matrix.map { row in
        let sum = row.reduce(0, +)
        return row.map { count in
          guard sum > 0 else { return HeatMap.Cell(counts ? "0" : "–", shade: .nan) }
          let share = Double(count) / Double(sum)
          return HeatMap.Cell(counts ? NumberText.count(count) : NumberText.percentage(share, places: 0), shade: share)
        }
      })
  }

  static func table(_ caption: String, _ matrix: [[Int]], _ emotions: [String]) -> DataTable {
    DataTable(
      caption, header: [""] + emotions,
      rows: zip(emotions, matrix).map { name, row in [name] + row.map { NumberText.count($0) } })
  }
}
