import DialogueDomain
import Foundation
import Presentation

/// The curves of a training as one HTML page without scripts or outside files.
struct TrainingCurves {
  private let trained: TrainedModel

  init(_ trained: TrainedModel) {
    self.trained = trained
  }

  var html: String {
    let title = "Training of \(trained.configuration.name)"
    let networks = trained.networks.map(NetworkCurves.init).map(\.html)
    let confusion = trained.evaluation.map { [ConfusionPicture($0).svg] } ?? []
    let style = """
      :root { color-scheme: light dark; }
      body { font-family: sans-serif; max-width: 46rem; margin: 1rem auto; padding: 0 1rem; }
      svg { width: 100%; height: auto; margin: 1rem 0; }
      """
    let body = """
      <h1>\(MarkupText.escaped(title))</h1>
      \((networks + confusion).joined(separator: "\n"))
      """
    return MarkupText.page(title: title, style: style, body: body)
  }
}

/// The curves of one network's training.
private struct NetworkCurves {
  let trained: TrainedNetwork

  var html: String {
    let kept = trained.record.best?.epoch ?? 0
    let charts = ([losses] + figures + balancing).map(\.svg)
    return """
      <p>Seed \(trained.seed), epoch \(kept) of \(trained.record.epochs.count) kept.</p>
      \(charts.joined(separator: "\n"))
      """
  }

  private var losses: LineChart {
    LineChart(
      title: "Loss", xName: "epoch",
      lines: [
        line("training, all terms") { $0.loss }, line("validation, fused labels only") { $0.validationLoss },
      ].filter { !$0.points.isEmpty })
  }

  /// None where nothing was held out.
  private var figures: [LineChart] {
    var lines = [
      line("weighted F1") { $0.weightedF1 }, line("accuracy") { $0.accuracy }, line("macro F1") { $0.macroF1 },
    ]
    guard lines.contains(where: { !$0.points.isEmpty }) else { return [] }
    if let best = trained.record.best {
      let values = lines.flatMap { $0.points.map(\.y) }
      let ends = [values.min() ?? 0, values.max() ?? 1].map { (x: Double(best.epoch), y: $0) }
      lines.append(LineChart.Line(name: "epoch kept", points: ends))
    }
    return [LineChart(title: "On the data that chose the epoch", xName: "epoch", lines: lines)]
  }

  /// p_m and q_m of every step that had them.
  private var balancing: [LineChart] {
    let steps = trained.record.steps.filter { !$0.performance.isEmpty }
    guard !steps.isEmpty else { return [] }
    func chart(_ title: String, _ values: (StepRecord) -> [Modality: Double]) -> LineChart {
      let lines = trained.configuration.modalityOrder.map { modality in
        LineChart.Line(
          name: modality.rawValue,
          everyStep: steps.compactMap { step in values(step)[modality].map { (Double(step.step), $0) } })
      }
      let isGathered = lines.contains { !$0.band.isEmpty }
      return LineChart(
        title: title + (isGathered ? " (mean; shaded: least to most)" : ""), xName: "step", lines: lines, yRange: 0...1)
    }
    return [
      chart("Performance of each modality, p", \.performance),
      chart("Probability of being dropped, q", \.dropProbabilities),
    ]
  }

  private func line(_ name: String, _ value: (EpochRecord) -> Double?) -> LineChart.Line {
    LineChart.Line(
      name: name, points: trained.record.epochs.compactMap { epoch in value(epoch).map { (Double(epoch.epoch), $0) } })
  }
}

extension LineChart.Line {
  /// Steps that a picture has room for.
  private static let mostPoints = 120

  /// A value for every step; more than can be told apart are gathered into the mean and the range of neighbours.
  init(name: String, everyStep points: [(x: Double, y: Double)]) {
    guard points.count > Self.mostPoints else {
      self.init(name: name, points: points)
      return
    }
    let size = (points.count + Self.mostPoints - 1) / Self.mostPoints
    let groups = stride(from: 0, to: points.count, by: size).map { Array(points[$0..<min($0 + size, points.count)]) }
    let middles = groups.map { group in
      (x: (group[0].x + group[group.count - 1].x) / 2, y: group.reduce(0) { $0 + $1.y } / Double(group.count))
    }
    self.init(
      name: name, points: middles,
      band: zip(middles, groups).map { middle, group in
        (x: middle.x, lower: group.map(\.y).min() ?? middle.y, upper: group.map(\.y).max() ?? middle.y)
      })
  }
}
