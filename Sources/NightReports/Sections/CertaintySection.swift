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
    let overview = ReportTable(
      "Confidence, %", header: ["noise", "mean confidence", "labels below 50 %"],
      rows: figures.map {
        [name($0), Wording.bare($0.meanConfidence), Wording.bare($0.shareBelowHalf)]
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

  private typealias Judged = (name: String, judged: CertaintyFigures.Judged)

  private func name(_ figure: CertaintyFigures) -> String {
    figure.level == 0 ? "none" : Wording.level(figure.level)
  }

  private func reliability(_ all: [Judged]) -> LineChart {
    LineChart(
      title: "Right labels by confidence, %", xName: "confidence",
      lines: all.map { name, judged in
        LineChart.Line(
          name: name == "none" ? "no noise" : name,
          points: judged.reliability.filter { $0.count > 0 }.map { ($0.meanConfidence, $0.accuracy) })
      } + [LineChart.Line(name: "as promised", points: [(0, 0), (1, 1)])], yRange: 0...1, yNumbers: .percent)
  }

  private func risk(_ all: [Judged]) -> LineChart {
    LineChart(
      title: "Wrong labels among the surest, %", xName: "share of labels kept, the surest first",
      lines: all.map { name, judged in
        LineChart.Line(
          name: name == "none" ? "no noise" : name, points: judged.riskCoverage.map { ($0.coverage, $0.risk) })
      }, yNumbers: .percent)
  }

  private func scores(_ all: [Judged]) -> ReportTable {
    ReportTable(
      "Calibration and risk",
      header: ["noise", "ECE, %", "MCE, %", "Brier", "NLL", "AURC", "AUGRC", "accuracy of the surest 80 %, %"],
      rows: all.map { name, judged in
        [
          name, Wording.bare(judged.expectedCalibrationError), Wording.bare(judged.maximumCalibrationError),
          Wording.decimal(judged.brier), Wording.decimal(judged.negativeLogLikelihood),
          Wording.decimal(judged.areaUnderRiskCoverage), Wording.decimal(judged.areaUnderGeneralisedRiskCoverage),
          Wording.bare(judged.accuracyAtCoverage80),
        ]
      })
  }

  private func conformal(_ all: [Judged]) -> ReportTable {
    ReportTable(
      "Conformal sets: set up on half the dialogues, without noise; judged on the rest",
      header: ["noise", "promised, %", "kept, %", "emotions per set"],
      rows: all.flatMap { name, judged in
        judged.conformal.map {
          [name, Wording.bare(1 - $0.miscoverage), Wording.bare($0.coverage), Wording.decimal($0.meanSize, places: 2)]
        }
      })
  }
}
