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
    let networks = trained.networks.enumerated().map {
      NetworkCurves($1, number: $0 + 1, of: trained.networks.count).html
    }
    let confusion = trained.evaluation.map { evaluation in
      """
      <section>
      <h2>Which emotion was taken for which</h2>
      <p class="explanation">A row is a true emotion of the data that chose the epoch; its cells count the labels that its
      utterances got. Right labels lie on the way from the upper left to the lower right.</p>
      \(PictureText.html([ConfusionPicture(evaluation).svg]))
      </section>
      """
    }
    let body = """
      <header>
      <h1>\(MarkupText.escaped(title))</h1>
      </header>
      <main>
      \((networks + (confusion.map { [$0] } ?? [])).joined(separator: "\n"))
      </main>
      """
    return MarkupText.page(title: title, body: body)
  }
}

/// The curves of one network's training.
private struct NetworkCurves {
  private let trained: TrainedNetwork
  private let number: Int
  private let count: Int

  init(_ trained: TrainedNetwork, number: Int, of count: Int) {
    self.trained = trained
    self.number = number
    self.count = count
  }

  var html: String {
    let kept = trained.record.best?.epoch ?? 0
    let name = count == 1 ? "The training" : "Network \(number) of \(count)"
    return """
      <section>
      <h2>\(name): seed \(trained.seed)</h2>
      <p>Epoch \(kept) of \(trained.record.epochs.count) was kept.</p>
      <p class="explanation">The loss is what training makes small: it should fall, and where the training's still falls
      while the validation's rises, the network learns its data by heart. Accuracy is the share of right labels; F1 balances
      for each emotion how many of its labels are right with how many of its utterances are found, and is weighted by how
      often emotions occur, or (macro) not at all.</p>
      \(PictureText.html(([losses] + figures).map(\.svg)))
      \(balancingText)
      </section>
      """
  }

  /// Empty where there was no balancing.
  private var balancingText: String {
    let charts = balancing
    guard !charts.isEmpty else { return "" }
    return """
      <p class="explanation"><b>p</b> is how well one modality alone labels the utterances of a step, in per cent: the
      higher, the more can be told from it. <b>q</b> is how likely that modality is to be left out of a dialogue in this
      step, in per cent. A modality that leads the others (a higher p) is left out more often (a higher q), so that training
      does not lean on it alone and the others learn to speak for themselves.</p>
      \(PictureText.html(charts.map(\.svg)))
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
    return [LineChart(title: "On the data that chose the epoch, %", xName: "epoch", lines: lines, yNumbers: .percent)]
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
      return LineChart(
        title: title, xName: "step", lines: lines, yRange: 0...1, yNumbers: .percent, lineName: "mean of some steps",
        bandName: "least to most of them")
    }
    return [
      chart("Performance of each modality, p, %", \.performance),
      chart("Probability of being left out, q, %", \.dropProbabilities),
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
