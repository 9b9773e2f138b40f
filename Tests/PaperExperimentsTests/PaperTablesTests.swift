import AMBDSGDN
import DialogueDomain
import Foundation
import ModelTraining
import TestFolders
import Testing

@testable import PaperExperiments

/// The paper's tables, which are built into the program, and what is said of them beside our figures.
@Suite struct PaperTablesTests {
  @Test func everyModelOfTables2And3IsThere() throws {
    let tables = try PaperTables.read()
    let (iemocap, meld) = (tables.models(.iemocap), tables.models(.meld))
    #expect(iemocap.count == 13 && meld.count == 11)
    for (preset, rows) in [(Preset.iemocap, iemocap), (.meld, meld)] {
      let names = Set(preset.configuration.emotions.names)
      for row in rows { #expect(Set(row.classes.keys) == names, "\(row.model)") }
    }
    let own = try #require(iemocap.last)
    #expect(own.model == "AMB-DSGDN" && own.weightedF1 == 75.64 && own.weightedPrecision == 76.09)
    #expect(own.classes["happy"]?.precision == 60.23 && own.classes["happy"]?.f1 == 66.25)
  }

  @Test(arguments: [
    // The published settings of each experiment, over both data sets.
    (Experiment.modalities, 6), (.ablation, 6), (.balancing, 18), (.windows, 2), (.heads, 2), (.warmUp, 2),
    (.noise, 0), (.cost, 0),
  ])
  func everyPrintedSettingIsKnown(experiment: Experiment, count: Int) throws {
    let settings = try PublishedFigures().settings(experiment)
    #expect(settings.count == count)
    #expect(settings.allSatisfy { !$0.weightedF1.isEmpty && !$0.epochChoice.isEmpty })
  }

  @Test func aSettingIsFoundByTheRecipeThatItMeans() throws {
    let published = try PublishedFigures()
    var recipe = TrainingRecipe(.iemocap)
    func found(_ experiment: Experiment) -> [PublishedSetting] {
      published.settings(experiment).filter { $0.matches(recipe) }
    }
    #expect(found(.ablation).map(\.weightedF1[.iemocap]) == [75.64])
    (recipe.graphs, recipe.isBalanced) = (.none, false)
    #expect(found(.ablation).map(\.weightedF1[.iemocap]) == [67.83])
    recipe.modalities = [.text, .audio]
    #expect(found(.modalities).map(\.weightedF1[.meld]) == [65.65])
    #expect(found(.balancing).compactMap(\.weightedF1[.iemocap]) == [75.64])
    #expect(found(.windows).map(\.epochChoice) == ["chosen on test"])
  }

  private func document(_ experiment: Experiment, _ modalities: [Modality] = [.text, .audio]) throws
    -> ExperimentDocument
  {
    let folder = try TemporaryFolder()
    let split = try LearnableDialogues.split(modalities)
    let plan = try #require(
      try ExperimentPlan.of(experiment, recipe: LearnableDialogues.recipe, split: split, isQuick: true))
    let outcome = try ExperimentRun(plan, split: split, seeds: [1, 2], folder: folder["results"], threads: 2).run()
    guard case .finished(let comparison) = outcome else { throw CancellationError() }
    return ComparisonReport(
      comparison, split: split, command: "ambtrain reproduce", isQuick: true, published: try PublishedFigures()
    ).document
  }

  @Test func classesAreSetBesideTheBaselines() throws {
    let text = try document(.classes).markdown
    #expect(text.contains("| calm") && text.contains("### IEMOCAP (Table 2)") && text.contains("### MELD (Table 3)"))
    #expect(text.contains("MERC-PLTAF") && text.contains("60.23 / 66.25") && !text.contains("ours, this data"))
    #expect(text.contains("The epochs of the baselines: not known"))
  }

  @Test func noiseIsEvaluatedOnTheSameTrainings() throws {
    let text = try document(.noise).markdown
    for name in ["no noise (base)", "σ 0.3", "σ 0.7"] { #expect(text.contains(name)) }
    #expect(text.contains("MELD stays at about 65 %"))
  }

  @Test func extremeWeightsShowTheirConfusions() throws {
    let text = try document(.imbalance).markdown
    for name in ["equal weights (base)", "text/audio 80/20", "text/audio 20/80", "text/audio 0/100"] {
      #expect(text.contains(name), "\(name)")
    }
    #expect(text.contains("### text/audio 80/20: truth in rows, per cent of each labelled so"))
    #expect(throws: ExperimentError.self) { try document(.imbalance, [.text]) }
  }

  @Test func aLateStartOfTheBalancingIsSaid() throws {
    let folder = try TemporaryFolder()
    var recipe = LearnableDialogues.recipe
    recipe.balancingWarmUp = 1
    let split = try LearnableDialogues.split()
    let plan = try #require(try ExperimentPlan.of(.classes, recipe: recipe, split: split, isQuick: true))
    let outcome = try ExperimentRun(plan, split: split, seeds: [1], folder: folder["results"], threads: 2).run()
    guard case .finished(let comparison) = outcome else { throw CancellationError() }
    let text = ComparisonReport(
      comparison, split: split, command: "", isQuick: true, published: try PublishedFigures()
    ).document.markdown
    #expect(text.contains("This recipe starts balancing after epoch 1 of 2, as the published one of IEMOCAP does"))
  }
}
