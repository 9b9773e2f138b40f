import AMBDSGDN
import ArgumentParser
import Foundation
import ModelTraining
import TypedSettings

/// The recipe: a preset, then a file's keys, then the command line's.
struct RecipeOptions: ParsableArguments {
  @Option(help: "The published recipe to start from: \(Preset.allCases.map(\.rawValue).joined(separator: ", ")).")
  var preset: Preset = .meld

  @Option(help: ArgumentHelp("A TOML file of recipe keys.", valueName: "file"))
  var config: String?

  @Option(help: "Hidden size.")
  var hidden: Int?

  @Option(help: "Epochs.")
  var epochs: Int?

  @Option(help: "Learning rate of Adam.")
  var learningRate: Double?

  @Option(help: "Dialogues in one step.")
  var batch: Int?

  @Option(help: "Neighbours to either side that the graphs reach.")
  var window: Int?

  @Option(help: "Share of dialogues to hold out where no --validation is given.")
  var validationShare: Double?

  @Flag(help: "Choose the epoch on the --test data, as the paper does; the model card says so.")
  var selectOnTest = false

  /// - Parameter adjust: what else goes before the preset, and behind the file and the command line.
  /// - Throws: `SettingError` where the file cannot be read, for an unknown key or an unusable value.
  func recipe(adjust: (inout TrainingRecipe) -> Void = { _ in }) throws -> TrainingRecipe {
    var recipe = TrainingRecipe(preset)
    adjust(&recipe)
    if let config { try recipe.apply(file: URL(fileURLWithPath: config)) }
    var values: [String: SettingValue] = [:]
    values["hidden"] = hidden.map(SettingValue.integer)
    values["epochs"] = epochs.map(SettingValue.integer)
    values["learning_rate"] = learningRate.map(SettingValue.number)
    values["batch_dialogues"] = batch.map(SettingValue.integer)
    values["window"] = window.map(SettingValue.integer)
    values["validation_share"] = validationShare.map(SettingValue.number)
    if selectOnTest { values["select_on_test"] = .flag(true) }
    try recipe.apply(values, source: "command line")
    return recipe
  }
}
