import Dialogue
import Foundation
import Pictures

/// The curves of a training as one HTML page without scripts or outside files.
struct TrainingCurves {
  private let trained: TrainedModel

  init(_ trained: TrainedModel) {
    self.trained = trained
  }

  var html: String {
    let name = SVGText.escaped(trained.configuration.name)
    let charts = ([losses, figures] + balancing).map(\.svg) + [ConfusionPicture(trained.evaluation).svg]
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>Training of \(name)</title>
      <style>
      :root { color-scheme: light dark; }
      body { font-family: sans-serif; max-width: 46rem; margin: 1rem auto; padding: 0 1rem; }
      svg { width: 100%; height: auto; margin: 1rem 0; }
      </style>
      </head>
      <body>
      <h1>Training of \(name)</h1>
      <p>Seed \(trained.seed), best epoch \(trained.record.best?.epoch ?? 0) of \(trained.record.epochs.count).</p>
      \(charts.joined(separator: "\n"))
      </body>
      </html>

      """
  }

  private var losses: LineChart {
    LineChart(
      title: "Loss", xName: "epoch",
      lines: [line("training") { $0.loss }, line("validation") { $0.validationLoss }])
  }

  private var figures: LineChart {
    LineChart(
      title: "On the data that chose the epoch", xName: "epoch",
      lines: [
        line("weighted F1") { $0.weightedF1 }, line("accuracy") { $0.accuracy }, line("macro F1") { $0.macroF1 },
      ])
  }

  /// p_m and q_m of every step that had them.
  private var balancing: [LineChart] {
    let steps = trained.record.steps.filter { !$0.performance.isEmpty }
    guard !steps.isEmpty else { return [] }
    func lines(_ values: (StepRecord) -> [Modality: Double]) -> [LineChart.Line] {
      trained.configuration.modalityOrder.map { modality in
        LineChart.Line(
          name: modality.rawValue,
          points: steps.compactMap { step in values(step)[modality].map { (Double(step.step), $0) } })
      }
    }
    return [
      LineChart(title: "Performance of each modality, p", xName: "step", lines: lines(\.performance)),
      LineChart(title: "Probability of being withheld, q", xName: "step", lines: lines(\.withholding)),
    ]
  }

  private func line(_ name: String, _ value: (EpochRecord) -> Double) -> LineChart.Line {
    LineChart.Line(name: name, points: trained.record.epochs.map { (Double($0.epoch), value($0)) })
  }
}
