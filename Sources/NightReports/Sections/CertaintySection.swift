import Presentation

/// How sure the labels are, and how rightly.
struct CertaintySection {
  private let figures: [CertaintyFigures]

  /// Nil where nothing was counted.
  init?(_ figures: [CertaintyFigures]) {
    guard figures.contains(where: { $0.labels > 0 }) else { return nil }
    self.figures = figures
  }

  var section: ReportSection {
    let overview = DataTable(
      "Confidence, %", header: ["noise", "mean confidence", "labels below 50 %"],
      rows: figures.map {
        [name($0), NumberText.percentage($0.meanConfidence), NumberText.percentage($0.shareBelowHalf)]
      })
    let judged = figures.compactMap { figure in figure.judged.map { (name: name(figure), judged: $0) } }
    guard !judged.isEmpty else {
      return ReportSection(
        "Confidence",
        "The probability that the model gives its own labels. Whether it deserves it cannot be told without true labels.",
        [.table(overview)])
    }
    return ReportSection(
      "Confidence and how far it is deserved",
      "A confidence of 70 % should be right in 70 of 100 cases: the calibration error is how far off that is. "
        + "Leaving the least sure labels aside should leave fewer errors. "
        + "A conformal set holds every emotion that cannot be ruled out, and promises to hold the true one at the rate named, "
        + "on data without added noise.",
      [
        .table(overview), .pictures([reliability(judged).svg, risk(judged).svg], instead: []),
        .paragraph(
          "ECE and MCE are the mean and the largest gap between confidence and accuracy. Brier and NLL (negative "
            + "log-likelihood) score the probabilities, AURC and AUGRC the errors that remain as less sure labels are "
            + "kept; of all of them, lower is better."),
        .table(scores(judged)),
        .table(conformal(judged)),
      ])
  }

  private typealias Level = (name: String, judged: CertaintyFigures.AgainstTruth)

  private func name(_ figure: CertaintyFigures) -> String {
    figure.level == 0 ? "none" : NoiseLevel.text(figure.level)
  }

  private func reliability(_ all: [Level]) -> LineChart {
    LineChart(
      title: "Right labels by confidence, %", xName: "confidence",
      lines: all.map { name, judged in
        LineChart.Line(
          name: name == "none" ? "no noise" : name,
          points: judged.reliability.filter { $0.count > 0 }.map { ($0.meanConfidence, $0.accuracy) })
      } + [LineChart.Line(name: "as promised", points: [(0, 0), (1, 1)])], yRange: 0...1, yNumbers: .percent)
  }

  private func risk(_ all: [Level]) -> LineChart {
    LineChart(
      title: "Wrong labels among the surest, %", xName: "share of labels kept, the surest first",
      lines: all.map { name, judged in
        LineChart.Line(
          name: name == "none" ? "no noise" : name, points: judged.riskCoverage.map { ($0.coverage, $0.risk) })
      }, yNumbers: .percent)
  }

  private func scores(_ all: [Level]) -> DataTable {
    DataTable(
      "Calibration and risk",
      header: ["noise", "ECE, %", "MCE, %", "Brier", "NLL", "AURC", "AUGRC", "accuracy of the surest 80 %, %"],
      rows: all.map { name, judged in
        [
          name, NumberText.percentage(judged.expectedCalibrationError),
          NumberText.percentage(judged.maximumCalibrationError),
          NumberText.fixed(judged.brier, places: 3), NumberText.fixed(judged.negativeLogLikelihood, places: 3),
          NumberText.fixed(judged.areaUnderRiskCoverage, places: 3),
          NumberText.fixed(judged.areaUnderGeneralisedRiskCoverage, places: 3),
          NumberText.percentage(judged.accuracyAtCoverage80),
        ]
      })
  }

  private func conformal(_ all: [Level]) -> DataTable {
    DataTable(
      "Conformal sets: set up on half the dialogues, without noise; evaluated on the rest",
      header: ["noise", "promised, %", "kept, %", "emotions per set"],
      rows: all.flatMap { name, judged in
        judged.conformal.map {
          [
            name, NumberText.percentage(1 - $0.miscoverage), NumberText.percentage($0.coverage),
            NumberText.fixed($0.meanSize, places: 2),
          ]
        }
      })
  }
}
