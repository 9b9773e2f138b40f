import DialogueDomain
import Presentation

/// The figures behind a label: logits class by class, then attention layer by layer.
struct WhyFigures {
  private let told: UtteranceExplanation
  private let explained: ExplainedDialogue

  /// Neighbours shown of each branch and graph; the JSON has all.
  private static let shown = 13

  init(_ told: UtteranceExplanation, _ explained: ExplainedDialogue) {
    (self.told, self.explained) = (told, explained)
  }

  func draw(on console: ResultConsole) throws {
    guard !told.branchLogits.isEmpty else { return }
    try console.heading("Figures")
    try console.paragraph(
      "The logits of each modality's branch are added (Eqn 29); the softmax of the sum gives the probabilities (Eqn 30)."
        + (explained.explanation.members > 1
          ? " All figures are means over the model's \(explained.explanation.members) networks." : ""))
    try console.line()
    try drawLogits(on: console)
    guard !told.neighbours.isEmpty else { return }
    try console.line()
    try console.paragraph(
      "Attention (Eqns 9–17): a+ is the first softmax, l·a- the second times lambda, a = a+ - l·a- what is left. "
        + "Layer 1 is the mean of its heads; layer 2 joins them. --json has every head.")
    for modality in told.branchLogits.keys.sorted() {
      for graph in SpeakerGraph.allCases { try draw(modality, graph, on: console) }
    }
  }

  private func drawLogits(on console: ResultConsole) throws {
    let modalities = told.branchLogits.keys.sorted()
    let columns =
      [Table.Column("EMOTION", shrinksTo: 8), Table.Column("PROBABILITY", .right)]
      + modalities.map { Table.Column($0.rawValue.uppercased(), .right) } + [Table.Column("SUM", .right)]
    let fused = ScoredUtterance.fused(told.branchLogits, classes: told.probabilities.count)
    let rows = explained.explanation.emotions.names.enumerated().map { place, emotion in
      [
        Table.Cell(emotion, emotion == told.emotion ? .bold : .plain),
        Table.Cell(NumberText.fixed(Double(told.probabilities[place]), places: 3)),
      ] + modalities.map { Table.Cell(NumberText.fixed(told.branchLogits[$0].map { Double($0[place]) }, places: 2)) }
        + [Table.Cell(NumberText.fixed(Double(fused[place]), places: 2))]
    }
    try console.print(columns, rows)
  }

  private func draw(_ modality: Modality, _ graph: SpeakerGraph, on console: ResultConsole) throws {
    let all = told.neighbours.filter { $0.modality == modality && $0.graph == graph }
    guard !all.isEmpty else { return }
    let strongest = all.sorted { ($1.mean.attended, $0.turn) < ($0.mean.attended, $1.turn) }.prefix(Self.shown)
    let rows = all.filter { one in strongest.contains { $0.turn == one.turn } }
    let lambdas = explained.explanation.lambdas.filter { $0.modality == modality && $0.graph == graph }
      .map { "\($0.layer.inWords) \(NumberText.fixed($0.lambda, places: 3))" }
    try console.line()
    try console.paragraph(
      "\(modality.rawValue), \(graph == .otherSpeakers ? "inter-speaker" : "intra-speaker") graph; lambda: "
        + lambdas.joined(separator: ", ")
        + (rows.count < all.count ? "; the \(rows.count) of \(all.count) neighbours looked at most" : ""), .bold)
    try console.print(
      [Table.Column("TURN", .right), Table.Column("SPEAKER", shrinksTo: 5)]
        + ["1: a+", "l·a-", "a", "2: a+", "l·a-", "a"].map { Table.Column($0, .right) },
      rows.map { one in
        let heads = (one.layers ?? []).filter { $0.layer != .joining }.map(\.weights)
        let joining = (one.layers ?? []).filter { $0.layer == .joining }.map(\.weights)
        let speaker = explained.turns.first { $0.turn == one.turn }?.speaker ?? ""
        return [Table.Cell(String(one.turn), .faint), Table.Cell(one.relation == .itself ? "(itself)" : speaker)]
          + [AttentionWeights.mean(heads), .mean(joining)].flatMap { weights in
            [weights.attended, weights.cancelled, weights.left].map {
              Table.Cell(NumberText.fixed($0, places: 3))
            }
          }
      })
  }
}

extension AttentionLayer {
  fileprivate var inWords: String {
    switch self {
    case .head(let number): "head \(number + 1)"
    case .joining: "layer 2"
    }
  }
}

extension ResultConsole {
  /// A heading after an empty line.
  func heading(_ text: String) throws {
    try line()
    try line(styled(text.uppercased(), .bold))
  }

  /// Words in lines that fit the terminal, and never more than 100 columns.
  func paragraph(_ text: String, _ style: Style = .plain) throws {
    // Made visible first: what would steer the terminal takes more columns then.
    for line in WrappedText.lines(TextWidth.visible(text), min(width, 100)) { try self.line(styled(line, style)) }
  }
}
