import DialogueDomain
import ModelTraining
import Testing

@testable import PaperExperiments

@Suite struct ExperimentPlanTests {
  private func plan(
    _ experiment: Experiment, _ modalities: [Modality] = [.text, .audio], isQuick: Bool = false,
    _ change: (inout TrainingRecipe) -> Void = { _ in }
  ) throws -> ExperimentPlan {
    var recipe = LearnableDialogues.recipe
    change(&recipe)
    return try #require(
      try ExperimentPlan.of(
        experiment, recipe: recipe, split: LearnableDialogues.split(modalities), isQuick: isQuick))
  }

  @Test func modalitiesAreAllSubsetsOfThoseInTheData() throws {
    let plan = try plan(.modalities)
    #expect(plan.cells.map(\.name) == ["text", "audio", "text + audio"])
    #expect(plan.cells.filter(\.isBase).map(\.name) == ["text + audio"])
    #expect(plan.notes.count == 1 && plan.notes[0].contains("no visual"))
    #expect(try self.plan(.modalities, Modality.allCases).arms.count == 7)
    #expect(throws: ExperimentError.self) { try self.plan(.modalities, [.text]) }
  }

  @Test func windowsEndAtTheLongestDialogueAndHoldTheRecipes() throws {
    let plan = try plan(.windows) { $0.window = 4 }
    #expect(plan.arms.map(\.recipe.window) == [1, 2, 3, 4, 5, 6])
    #expect(plan.cells.first(where: \.isBase)?.name == "window 4")
    #expect(plan.notes.contains { $0.contains("the longest dialogue has 7 utterances") })
  }

  @Test func theAblationCrossesGraphsAndBalancing() throws {
    let plan = try plan(.ablation) { $0.isBalanced = false }
    #expect(
      plan.cells.map(\.name) == [
        "complete", "without balancing", "without DiffRGCN", "without DiffRGCN, balancing", "without graphs",
        "without graphs, balancing",
      ])
    #expect(plan.arms[0].recipe.isBalanced && plan.arms[0].recipe.graphs == .differential)
    #expect(try self.plan(.ablation, [.text]).arms.count == 3)
    #expect(throws: ExperimentError.self) { try self.plan(.ablation) { $0.balancingWarmUp = 2 } }
  }

  @Test func headsFitTheHiddenSizeAndNeedAnEncoder() throws {
    #expect(try plan(.heads).arms.map(\.recipe.encoderHeads) == [1, 2, 4, 8])
    #expect(try plan(.heads).notes.first?.hasSuffix("16.") == true)
    #expect(throws: ExperimentError.self) { try self.plan(.heads, [.text]) }
  }

  @Test func warmUpGoesFromTheStartToNever() throws {
    let plan = try plan(.warmUp) { $0.epochs = 20 }
    #expect(plan.arms.map(\.recipe.balancingWarmUp) == [0, 5, 10, 15, 19, 20])
    #expect(plan.cells.last?.name == "never")
    #expect(plan.cells.first?.isBase == true)
    let long = try self.plan(.warmUp) { $0.balancingWarmUp = 60 }
    #expect(long.cells.first(where: \.isBase)?.name == "never")
  }

  @Test func balancingIsAGridThatHoldsTheRecipesPair() throws {
    let plan = try plan(.balancing) { $0.baseProbability = 0.35 }
    #expect(plan.arms.count == 30)
    #expect(plan.cells.first(where: \.isBase)?.name == "q_base 0.35, p_exe 0.2")
    #expect(Set(plan.arms.map(\.folder)).count == 30)
  }

  @Test func longDialoguesAreEvaluatedWithTheSameTrainings() throws {
    let plan = try plan(.longDialogues)
    // Evaluated dialogues have 2 … 7 utterances: the median is 5, the upper quartile 6.
    #expect(plan.conditions.map(\.shortest) == [1, 5, 6])
    #expect(plan.arms.count == 3 && plan.cells.count == 9 && plan.cells.filter(\.isBase).count == 3)
  }

  @Test func everyArmHasItsOwnFolderAndEveryBaseExists() throws {
    var planned = 0
    for experiment in Experiment.allCases {
      guard
        let plan = try ExperimentPlan.of(
          experiment, recipe: LearnableDialogues.recipe, split: LearnableDialogues.split(Modality.allCases),
          isQuick: true)
      else { continue }
      planned += 1
      #expect(Set(plan.arms.map(\.folder)).count == plan.arms.count)
      let names = Set(plan.cells.map(\.name))
      #expect(names.count == plan.cells.count && plan.cells.allSatisfy { names.contains($0.base) })
    }
    // Parameters are counted and cost is measured, without a plan.
    #expect(planned == Experiment.allCases.count - 2)
  }
}
