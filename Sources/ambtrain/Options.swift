import AMBDSGDN
import ArgumentParser
import DialogueDomain
import Foundation
import ModelTraining
import Tensors
import TypedSettings

extension Preset: ExpressibleByArgument {}
extension Precision: ExpressibleByArgument {}
extension KeptEpoch: ExpressibleByArgument {}
extension SplitUnit: ExpressibleByArgument {}
extension EncoderRecipe.Tuning: ExpressibleByArgument {}

extension SeedSelection: ExpressibleByArgument {
  public init?(argument: String) { self.init(argument) }

  public var defaultValueDescription: String {
    switch self {
    case .count(let count): "\(count)"
    case .range(let range): "\(range.lowerBound)-\(range.upperBound)"
    }
  }
}

/// - Throws: `ValidationError` naming the first option below 1.
func requireFromOne(_ options: (name: String, value: Int)...) throws {
  for option in options where option.value < 1 { throw ValidationError("\(option.name) takes a number from 1.") }
}

/// How many threads compute.
struct ThreadOptions: ParsableArguments {
  @Option(help: "Threads to compute with.")
  var threads: Int = Processor.cores

  func validate() throws { try requireFromOne(("--threads", threads)) }
}

/// In which numbers a trained model is computed.
struct PrecisionOptions: ParsableArguments {
  @Option(help: "The numbers that linear layers multiply: fp32, or the faster bf16 or int8.")
  var precision: Precision = .single

  func validate() throws {
    guard !precision.isSupported, let instructions = precision.instructions else { return }
    throw ValidationError(
      "--precision \(precision.rawValue) takes a processor with \(instructions), which this one has not.")
  }
}

/// Data that nothing is learnt from.
struct HeldOutOptions: ParsableArguments {
  @Option(parsing: .upToNextOption, help: ArgumentHelp("Bundles that choose the epoch.", valueName: "file"))
  var validation: [String] = []

  @Option(
    parsing: .upToNextOption, help: ArgumentHelp("Bundles to evaluate the finished models on.", valueName: "file"))
  var test: [String] = []
}

/// What made each modality's features.
struct ExtractorOptions: ParsableArguments {
  @Option(
    name: [.long, .customLong("extractor-text")],
    help: ArgumentHelp("The program that made the text features, as all-MiniLM-L6-v2/384.", valueName: "name"))
  var textExtractor: String?

  @Option(
    name: [.long, .customLong("extractor-visual")],
    help: ArgumentHelp("The program that made the visual features.", valueName: "name"))
  var visualExtractor: String?

  @Option(
    name: [.long, .customLong("extractor-audio")],
    help: ArgumentHelp("The program that made the audio features.", valueName: "name"))
  var audioExtractor: String?

  /// Those that were given.
  var names: [Modality: String] {
    let given: [(Modality, String?)] = [(.text, textExtractor), (.visual, visualExtractor), (.audio, audioExtractor)]
    return Dictionary(uniqueKeysWithValues: given.compactMap { modality, name in name.map { (modality, $0) } })
  }
}

/// The recipe: a preset, then a file's keys, then the command line's.
struct RecipeOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The published recipe to start from: \(Preset.allCases.map(\.rawValue).joined(separator: ", ")); with --config meld, else "
        + "one of our own by default."))
  var preset: Preset?

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

  @Option(
    help: "What stays together when dialogues are held out: dialogue, or speaker, so that nobody speaks on both sides.")
  var splitBy: SplitUnit?

  @Option(help: "Which epoch to keep: the best on held-out dialogues, or the last.")
  var keep: KeptEpoch?

  @Option(help: "How classes are weighted: none, inverse-frequency, inverse-square-root.")
  var classWeights: String?

  @Option(help: "Share of each target that is spread over all classes.")
  var labelSmoothing: Double?

  @Option(help: "Decay of the running average of weights; 0 keeps the weights themselves.")
  var averageDecay: Double?

  @Flag(help: "Choose the epoch on the --test data, as the paper does; the model card says so.")
  var selectOnTest = false

  /// - Parameters:
  ///   - dialogues: how many there are to train on: where neither preset nor file is named, a recipe for so many is the
  ///     start; nil to start from a published one.
  ///   - more: what other options of the command line say.
  ///   - adjust: what else goes before the preset, and behind the file and the command line.
  /// - Throws: `SettingError` where the file cannot be read, for an unknown key or an unusable value.
  func recipe(
    for dialogues: Int? = nil, beside more: [(key: String, value: SettingValue?)] = [],
    adjust: (inout TrainingRecipe) -> Void = { _ in }
  ) throws -> TrainingRecipe {
    var recipe = TrainingRecipe(preset ?? .meld)
    if preset == nil, config == nil, let dialogues {
      recipe = TrainingRecipe(dialogues: dialogues, hidden: hidden ?? 128)
    }
    adjust(&recipe)
    if let config { try recipe.apply(file: URL(fileURLWithPath: config)) }
    let given: [(key: String, value: SettingValue?)] = [
      ("hidden", hidden.map(SettingValue.integer)), ("epochs", epochs.map(SettingValue.integer)),
      ("learning_rate", learningRate.map(SettingValue.number)), ("batch_dialogues", batch.map(SettingValue.integer)),
      ("window", window.map(SettingValue.integer)), ("validation_share", validationShare.map(SettingValue.number)),
      ("select_on_test", selectOnTest ? .flag(true) : nil), ("keep", keep.map { .text($0.rawValue) }),
      ("split_by", splitBy.map { .text($0.rawValue) }),
      ("class_weights", classWeights.map(SettingValue.text)),
      ("label_smoothing", labelSmoothing.map(SettingValue.number)),
      ("average_decay", averageDecay.map(SettingValue.number)),
    ]
    let values = (given + more).compactMap { key, value in value.map { (key, $0) } }
    try recipe.apply(Dictionary(uniqueKeysWithValues: values), source: "command line")
    return recipe
  }
}

/// What makes one model of several trainings, and what it promises of its doubt.
struct SetOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Train a set of so many networks, whose logits are averaged, into one model.", valueName: "count"))
  var ensemble: Int?

  @Option(
    help: ArgumentHelp(
      "Hold every dialogue out in one of so many folds, to fit temperature and doubt on all of them.",
      valueName: "count"))
  var folds: Int?

  @Flag(help: "Let the set teach one network, and keep that: smaller and faster, a little less right.")
  var distil = false

  @Option(help: "Share of wrong labels among the certain ones that the model is to promise.")
  var risk: Double?

  @Option(help: "Share of an emotion's utterances whose set of labels is to hold it.")
  var coverage: Double?

  /// The recipe keys that are given.
  var values: [(key: String, value: SettingValue?)] {
    [
      ("ensemble", ensemble.map(SettingValue.integer)), ("folds", folds.map(SettingValue.integer)),
      ("distil", distil ? .flag(true) : nil), ("risk", risk.map(SettingValue.number)),
      ("coverage", coverage.map(SettingValue.number)),
    ]
  }
}

/// Class names in class order, as `--emotions neutral,joy,anger` gives them.
struct ClassNames: ExpressibleByArgument {
  let set: EmotionSet

  init?(argument: String) {
    let names = argument.split(separator: ",", omittingEmptySubsequences: false).map {
      $0.trimmingCharacters(in: .whitespaces)
    }
    guard names.count > 1, !names.contains(""), Set(names).count == names.count else { return nil }
    set = EmotionSet(names)
  }
}

/// How the text encoder is tuned before the network is trained.
struct TuningOptions: ParsableArguments {
  @Flag(help: "Tune the text encoder on the words first; the model carries what it became.")
  var tuneEncoder = false

  @Option(help: "What to tune: adapters on every linear layer, or the layers themselves.")
  var encoderTuning: EncoderRecipe.Tuning?

  @Option(help: ArgumentHelp("Rank of the adapters.", valueName: "n"))
  var encoderRank: Int?

  @Option(help: ArgumentHelp("How often every utterance is tuned on.", valueName: "n"))
  var encoderEpochs: Int?

  @Option(help: ArgumentHelp("Preceding turns that are read before each utterance.", valueName: "n"))
  var contextTurns: Int?

  /// The recipe keys that are given.
  var values: [(key: String, value: SettingValue?)] {
    let what = encoderTuning ?? (tuneEncoder ? .adapters : nil)
    return [
      ("encoder.tune", what.map { .text($0.rawValue) }), ("encoder.rank", encoderRank.map(SettingValue.integer)),
      ("encoder.epochs", encoderEpochs.map(SettingValue.integer)),
      ("encoder.context_turns", contextTurns.map(SettingValue.integer)),
    ]
  }

  /// - Throws: `TrainingError.conflict` where an option says how to tune and the recipe tunes nothing.
  func requireEffect(in recipe: TrainingRecipe) throws {
    guard recipe.encoder.tuning == .none else { return }
    let hasOption = tuneEncoder || encoderRank != nil || encoderEpochs != nil || contextTurns != nil
    guard !hasOption else {
      throw TrainingError.conflict(
        "options say how the text encoder is tuned, and it is not tuned at all",
        remedy: "Add --tune-encoder, or leave them out.")
    }
  }
}
