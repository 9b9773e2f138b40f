import DialogueDomain
import ModelTraining

/// One training of an experiment: the base recipe with what the experiment varies.
public struct Arm: Sendable {
  /// What tables and messages call it.
  public let name: String
  /// What it is trained by.
  public let recipe: TrainingRecipe

  /// The name as a folder's.
  var folder: String {
    let words = name.split { !$0.isLetter && !$0.isNumber && $0 != "." }
    return words.joined(separator: "-").lowercased()
  }
}

/// One row of an experiment's table: an arm, evaluated under some condition.
public struct Cell: Sendable {
  /// What tables call it.
  public let name: String
  /// The arm's name.
  public let arm: String
  /// The name of the cell that differences are taken to; its own for a base.
  public let base: String
  /// Under what it is evaluated.
  public let condition: EvaluationCondition

  init(_ arm: Arm, base: Arm) {
    self.init(name: arm.name, arm: arm.name, base: base.name, condition: EvaluationCondition())
  }

  init(name: String, arm: String, base: String, condition: EvaluationCondition) {
    self.name = name
    self.arm = arm
    self.base = base
    self.condition = condition
  }

  /// Whether differences are taken to it.
  public var isBase: Bool { name == base }
}

/// Everything an experiment trains and compares on given data.
public struct ExperimentPlan: Sendable {
  /// The experiment of the paper.
  public let experiment: Experiment
  /// What every arm is trained by, but for what it changes.
  public let recipe: TrainingRecipe
  /// What is trained.
  public let arms: [Arm]
  /// What is compared.
  public let cells: [Cell]
  /// What was left out or adapted, a sentence each.
  public let notes: [String]

  init(_ experiment: Experiment, recipe: TrainingRecipe, arms: [Arm], cells: [Cell], notes: [String]) {
    self.experiment = experiment
    self.recipe = recipe
    self.arms = arms
    self.cells = cells
    self.notes = notes
  }

  /// One cell an arm.
  init(_ experiment: Experiment, recipe: TrainingRecipe, arms: [Arm], base: Arm, notes: [String]) {
    self.init(
      experiment, recipe: recipe, arms: arms, cells: arms.map { Cell($0, base: base) }, notes: notes)
  }

  /// What every arm is evaluated under.
  public var conditions: [EvaluationCondition] {
    cells.map(\.condition).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }

  /// The plan of an experiment that trains; nil of one that only measures.
  ///
  /// - Parameter isQuick: fewer values of what is varied.
  /// - Throws: `ExperimentError.notApplicable` where data or recipe lack what the experiment varies.
  public static func of(
    _ experiment: Experiment, recipe: TrainingRecipe, split: DialogueSplit, isQuick: Bool
  ) throws -> ExperimentPlan? {
    switch experiment {
    case .modalities: try modalities(recipe, split)
    case .windows: windows(recipe, split, isQuick)
    case .ablation: try ablation(recipe, split)
    case .heads: try heads(recipe, split, isQuick)
    case .warmUp: try warmUp(recipe, split, isQuick)
    case .balancing: try balancing(recipe, split, isQuick)
    case .longDialogues: try longDialogues(recipe, split)
    case .classes: classes(recipe)
    case .noise: noise(recipe, isQuick)
    case .imbalance: try imbalance(recipe, split)
    case .cost, .parameters: nil
    }
  }
}

extension DialogueSplit {
  /// The modalities that the recipe asks for and the training dialogues have.
  func modalities(_ recipe: TrainingRecipe) -> [Modality] {
    let present = training.bundle.features.filter { $0.value.missing.contains(false) }.keys.sorted()
    return recipe.modalities.map { asked in present.filter(asked.contains) } ?? present
  }
}
