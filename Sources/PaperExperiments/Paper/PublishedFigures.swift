import AMBDSGDN
import DialogueDomain
import ModelTraining

/// Figures that were published of one setting of an experiment, in per cent.
public struct PublishedSetting: Sendable {
  /// Where a figure stands.
  public enum Source: String, Sendable {
    /// The paper's tables.
    case paper
    /// The logs in the published run scripts.
    case log
  }

  /// What tables call it.
  public let name: String
  /// Where its figures stand.
  public let source: Source
  /// How their epoch was chosen, as far as that is known.
  public let epochChoice: String
  /// On each data set.
  public let weightedF1: [Preset: Double]
  /// On each data set; empty where none was published.
  public var weightedPrecision: [Preset: Double] = [:]
  /// Whether an arm has this setting.
  let matches: @Sendable (TrainingRecipe) -> Bool
}

/// What was published of each experiment's settings.
public struct PublishedFigures {
  /// The paper's tables.
  public let tables: PaperTables

  /// - Throws: `DecodingError`, as `PaperTables.read`.
  public init() throws { tables = try PaperTables.read() }

  /// The settings of an experiment with a published figure.
  public func settings(_ experiment: Experiment) -> [PublishedSetting] {
    switch experiment {
    case .modalities: modalities
    case .ablation: ablation(tables.graphAblation, isBalanced: true) + ablation(tables.balancingAblation)
    case .balancing: grid
    case .windows:
      [
        logged("window 6", .meld) { $0.window == 6 }, logged("window 20", .iemocap) { $0.window == 20 },
      ]
    case .heads: Preset.allCases.map { logged("8 heads", $0) { $0.encoderHeads == 8 } }
    case .warmUp:
      [
        logged("from the start", .meld) { $0.balancingWarmUp == 0 },
        logged("in the last epoch only", .iemocap) { $0.balancingWarmUp == $0.epochs - 1 && $0.epochs > 1 },
      ]
    case .classes, .noise, .imbalance, .longDialogues, .cost, .parameters: []
    }
  }

  /// Table 4.
  private var modalities: [PublishedSetting] {
    let letters: [Character: Modality] = ["A": .audio, "T": .text, "V": .visual]
    return tables.modalities.sorted { ($0.key.count, $0.key) < ($1.key.count, $1.key) }.map { name, figures in
      let modalities = Set(name.compactMap { letters[$0] }).sorted()
      return printed(modalities.map(\.rawValue).joined(separator: " + "), figures) { $0.modalities == modalities }
    }
  }

  /// Tables 5 and 6; rows without "MD" lack the balancing.
  private func ablation(_ ablation: PaperTables.Ablation, isBalanced: Bool? = nil) -> [PublishedSetting] {
    ablation.rows.sorted { $0.key < $1.key }.compactMap { name, figures in
      // The full model stands in both tables.
      if isBalanced == nil, !name.hasPrefix("without MD") { return nil }
      let graphs: GraphKind =
        name.contains("relational subgraphs") ? .none : name.contains("DiffRGCN") ? .plain : .differential
      let balanced = isBalanced ?? false
      return printed(name, figures) { $0.graphs == graphs && $0.isBalanced == balanced }
    }
  }

  /// Table 7.
  private var grid: [PublishedSetting] {
    Preset.allCases.flatMap { preset -> [PublishedSetting] in
      guard let grid = tables.balancingGrid[preset.paperName] else { return [] }
      return grid.weightedF1.sorted { $0.key < $1.key }.flatMap { q, row in
        zip(grid.executionProbabilities, row).map { p, value in
          PublishedSetting(
            name: "q_base \(q), p_exe \(p)", source: .paper, epochChoice: tables.epochChoice.paper,
            weightedF1: [preset: value]
          ) { "\($0.baseProbability)" == q && $0.executionProbability == p }
        }
      }
    }
  }

  private func printed(
    _ name: String, _ figures: [String: PaperTables.Figures], matches: @escaping @Sendable (TrainingRecipe) -> Bool
  ) -> PublishedSetting {
    var setting = PublishedSetting(
      name: name, source: .paper, epochChoice: tables.epochChoice.paper,
      weightedF1: Self.byPreset(figures) { $0.weightedF1 }, matches: matches)
    setting.weightedPrecision = Self.byPreset(figures) { $0.weightedPrecision }
    return setting
  }

  private func logged(
    _ name: String, _ preset: Preset, matches: @escaping @Sendable (TrainingRecipe) -> Bool
  ) -> PublishedSetting {
    PublishedSetting(
      name: name, source: .log, epochChoice: tables.epochChoice.log,
      weightedF1: [preset: tables.logs(preset).weightedF1], matches: matches)
  }

  private static func byPreset(
    _ figures: [String: PaperTables.Figures], _ value: (PaperTables.Figures) -> Double
  ) -> [Preset: Double] {
    Preset.allCases.reduce(into: [:]) { found, preset in found[preset] = figures[preset.paperName].map(value) }
  }

  /// What is published beyond the settings' figures.
  func note(_ experiment: Experiment) -> String? {
    let said =
      switch experiment {
      case .ablation: tables.graphAblation.note
      case .windows: tables.figures["figure_3_window"]
      case .heads: tables.figures["figure_4_heads"]
      case .warmUp: tables.figures["figure_5_warm_up"]
      case .longDialogues: tables.figures["figure_6_long"]
      case .noise: tables.figures["figure_7_noise"]
      case .imbalance: tables.figures["figure_8_imbalance"]
      case .modalities, .balancing, .classes, .cost, .parameters: String?.none
      }
    guard experiment == .warmUp else { return said }
    return [
      said,
      "The published IEMOCAP log balances in its last epoch only: its weighted F1 on the test set was 73.56 after epoch 60, "
        + "without balancing, and 75.67 after epoch 61, with it.",
    ].compactMap { $0 }.joined(separator: " ")
  }
}
