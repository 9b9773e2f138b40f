import AMBDSGDN
import DialogueDomain
import ModelTraining

/// Experiments that change what the network is made of or sees.
extension ExperimentPlan {
  /// Every subset of the modalities (Table 4); the base has all.
  static func modalities(_ recipe: TrainingRecipe, _ split: DialogueSplit) throws -> ExperimentPlan {
    let present = try severalModalities(.modalities, recipe, split)
    let subsets = (1..<1 << present.count).map { bits in
      present.indices.filter { bits >> $0 & 1 == 1 }.map { present[$0] }
    }
    let ordered = subsets.enumerated().sorted { ($0.element.count, $0.offset) < ($1.element.count, $1.offset) }
    let arms = ordered.map { _, subset in
      var changed = recipe
      changed.modalities = subset
      return Arm(name: subset.map(\.rawValue).joined(separator: " + "), recipe: changed)
    }
    let absent = Modality.allCases.filter { !present.contains($0) }.map(\.rawValue)
    let notes =
      absent.isEmpty
      ? [] : ["The data or the recipe has no \(absent.joined(separator: " or ")): combinations with it are left out."]
    return ExperimentPlan(
      .modalities, recipe: recipe, arms: arms, base: arms[arms.count - 1], notes: notes)
  }

  /// Windows up to the longest dialogue (Figure 3); the base is the recipe's.
  static func windows(_ recipe: TrainingRecipe, _ split: DialogueSplit, _ isQuick: Bool) -> ExperimentPlan {
    let longest = [split.training, split.evaluated].flatMap(\.bundle.dialogues).map(\.rows.count).max() ?? 1
    let values = isQuick ? [1, 3, 6, 20] : [1, 2, 3, 5, 6, 8, 10, 15, 20, 30]
    let fitting = values.filter { $0 < longest }
    var notes: [String] = []
    if let first = values.first(where: { $0 >= longest }) {
      notes.append(
        "Windows from \(first) are left out: the longest dialogue has \(longest) utterances, and \(longest - 1) reach "
          + "all of it.")
    }
    let arms = Set(fitting + [recipe.window]).sorted().map { window in
      var changed = recipe
      changed.window = window
      return Arm(name: "window \(window)", recipe: changed)
    }
    return ExperimentPlan(.windows, recipe: recipe, arms: arms, base: base(arms, recipe), notes: notes)
  }

  /// Graphs × balancing (Tables 5 and 6); the base is the complete model.
  static func ablation(_ recipe: TrainingRecipe, _ split: DialogueSplit) throws -> ExperimentPlan {
    var notes: [String] = []
    let isMultimodal = split.modalities(recipe).count > 1
    if isMultimodal {
      try requireBalancing(.ablation, recipe)
    } else {
      notes.append("Balancing needs two modalities: the rows without it are left out.")
    }
    var arms: [Arm] = []
    for graphs in GraphKind.allCases {
      for isBalanced in isMultimodal ? [true, false] : [true] {
        var changed = recipe
        changed.graphs = graphs
        changed.isBalanced = isBalanced
        let lacks = (graphs.lack.map { [$0] } ?? []) + (isBalanced ? [] : ["balancing"])
        arms.append(Arm(name: lacks.isEmpty ? complete : "without " + lacks.joined(separator: ", "), recipe: changed))
      }
    }
    return ExperimentPlan(.ablation, recipe: recipe, arms: arms, base: arms[0], notes: notes)
  }

  /// Heads of the self-attention (Figure 4); the base is the recipe's number.
  static func heads(_ recipe: TrainingRecipe, _ split: DialogueSplit, _ isQuick: Bool) throws -> ExperimentPlan {
    let present = split.modalities(recipe)
    guard present.contains(where: ModelConfiguration.hasEncoder) else {
      throw ExperimentError.notApplicable(
        .heads, needs: "audio or visual features, which alone are encoded",
        found: present.map(\.rawValue).joined(separator: ", "),
        remedy: "Add bundles with one of them, or name it in the recipe's modalities.")
    }
    let values = isQuick ? [1, 4, 8] : [1, 2, 4, 8, 16]
    let fitting = values.filter { recipe.hidden % (2 * $0) == 0 }
    let left = values.filter { !fitting.contains($0) }.map(String.init)
    let arms = Set(fitting + [recipe.encoderHeads]).sorted().map { heads in
      var changed = recipe
      changed.encoderHeads = heads
      return Arm(name: heads == 1 ? "1 head" : "\(heads) heads", recipe: changed)
    }
    return ExperimentPlan(
      .heads, recipe: recipe, arms: arms, base: base(arms, recipe),
      notes: left.isEmpty
        ? [] : ["Left out, since a hidden size of \(recipe.hidden) does not divide: \(left.joined(separator: ", "))."])
  }

  /// The kinds of graphs, evaluated on longer and longer dialogues (Figure 6).
  ///
  /// The paper's limits are not known here: ours are the median and the upper quartile of the evaluated dialogues.
  static func longDialogues(_ recipe: TrainingRecipe, _ split: DialogueSplit) throws -> ExperimentPlan {
    let lengths = split.evaluated.bundle.dialogues.map(\.rows.count).sorted()
    let limits = [lengths.count / 2, lengths.count * 3 / 4].map { lengths[$0] }
    let useful = Set(limits).filter { limit in
      let count = lengths.filter { $0 >= limit }.count
      return count >= 2 && count < lengths.count
    }
    guard !useful.isEmpty else {
      throw ExperimentError.notApplicable(
        .longDialogues, needs: "evaluated dialogues of different lengths, two of them long",
        found: "lengths \(Set(lengths).sorted().map(String.init).joined(separator: ", "))",
        remedy: "Name more bundles by --test or --validation.")
    }
    let arms = GraphKind.allCases.map { graphs in
      var changed = recipe
      changed.graphs = graphs
      return Arm(name: graphs.lack.map { "without \($0)" } ?? complete, recipe: changed)
    }
    let cells = ([1] + useful.sorted()).flatMap { limit in
      let count = lengths.filter { $0 >= limit }.count
      let which = limit == 1 ? "all \(count) dialogues" : "\(limit) utterances or more (\(count) dialogues)"
      return arms.map {
        Cell(
          name: "\(which): \($0.name)", arm: $0.name, base: "\(which): \(arms[0].name)",
          condition: EvaluationCondition(shortest: limit))
      }
    }
    return ExperimentPlan(
      .longDialogues, recipe: recipe, arms: arms, cells: cells,
      notes: [
        "The limits are the median and the upper quartile of the evaluated dialogues' lengths; the paper's are not known "
          + "here. Every row of an arm comes from the same trained models."
      ])
  }

  static let complete = "complete"

  /// The arm whose recipe is unchanged.
  static func base(_ arms: [Arm], _ recipe: TrainingRecipe) -> Arm {
    arms.first { $0.recipe == recipe } ?? arms[0]
  }

  static func severalModalities(
    _ experiment: Experiment, _ recipe: TrainingRecipe, _ split: DialogueSplit
  ) throws -> [Modality] {
    let present = split.modalities(recipe)
    guard present.count > 1 else {
      throw ExperimentError.notApplicable(
        experiment, needs: "two modalities or more", found: present.map(\.rawValue).joined(separator: ", "),
        remedy: "Add bundles with another modality, or name it in the recipe's modalities.")
    }
    return present
  }
}

extension GraphKind {
  /// What a model with these graphs is without.
  fileprivate var lack: String? {
    switch self {
    case .differential: nil
    case .plain: "DiffRGCN"
    case .none: "graphs"
    }
  }
}
