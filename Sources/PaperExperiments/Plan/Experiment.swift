import DialogueDomain

/// An experiment of the paper, to be run on any data.
public enum Experiment: String, CaseIterable, Sendable {
  /// Table 4: every subset of the modalities.
  case modalities
  /// Figure 3: how far the graphs reach.
  case windows
  /// Tables 5 and 6: without parts of the model.
  case ablation
  /// Figure 4: heads of the encoder's self-attention.
  case heads
  /// Figure 5: when the balancing starts.
  case warmUp = "warm-up"
  /// Table 7: how strongly modalities are balanced.
  case balancing
  /// Figure 6: on long dialogues only.
  case longDialogues = "long-dialogues"
  /// Tables 2 and 3: every class, beside the paper's baselines.
  case classes
  /// Figure 7: noise on the features.
  case noise
  /// Figure 8: extreme fusion weights.
  case imbalance
  /// Table 8: what each module costs.
  case cost
  /// Table 9: weights and run time.
  case parameters

  /// - Throws: `ExperimentError.unknown`, with the nearest name.
  public init(named name: String) throws {
    guard let found = Self.allCases.first(where: { $0.rawValue == name || $0.aliases.contains(name) }) else {
      let known = Self.allCases.flatMap { [$0.rawValue] + $0.aliases }
      throw ExperimentError.unknown(name, nearest: nearestName(to: name, among: known))
    }
    self = found
  }

  /// The tables and figures of the paper, as names on the command line.
  public var aliases: [String] {
    switch self {
    case .modalities: ["table-4"]
    case .windows: ["figure-3"]
    case .ablation: ["table-5", "table-6"]
    case .heads: ["figure-4"]
    case .warmUp: ["figure-5"]
    case .balancing: ["table-7"]
    case .longDialogues: ["figure-6"]
    case .classes: ["table-2", "table-3"]
    case .noise: ["figure-7"]
    case .imbalance: ["figure-8"]
    case .cost: ["table-8"]
    case .parameters: ["table-9"]
    }
  }

  /// Where the paper has it.
  public var place: String {
    switch self {
    case .modalities: "Table 4"
    case .windows: "Figure 3"
    case .ablation: "Tables 5 and 6"
    case .heads: "Figure 4"
    case .warmUp: "Figure 5"
    case .balancing: "Table 7"
    case .longDialogues: "Figure 6"
    case .classes: "Tables 2 and 3"
    case .noise: "Figure 7"
    case .imbalance: "Figure 8"
    case .cost: "Table 8"
    case .parameters: "Table 9"
    }
  }

  /// What it is called.
  public var title: String {
    switch self {
    case .modalities: "Modality combinations"
    case .windows: "Window sizes"
    case .ablation: "Without DiffRGCN, graphs, balancing"
    case .heads: "Heads of the encoder"
    case .warmUp: "Warm-up of the balancing"
    case .balancing: "Strength of the balancing"
    case .longDialogues: "Long dialogues only"
    case .classes: "Every class, beside the baselines"
    case .noise: "Noise on the features"
    case .imbalance: "Extreme fusion weights"
    case .cost: "Cost of each module"
    case .parameters: "Parameters and run time"
    }
  }

  /// What is varied, in a sentence.
  public var varies: String {
    switch self {
    case .modalities: "Which modalities the model is trained and evaluated with."
    case .windows: "How many neighbours to either side the graphs reach."
    case .ablation:
      "Differential graphs, plain ones (one attention, nothing subtracted: without DiffRGCN) or none, each with and "
        + "without balancing."
    case .heads: "The number of heads of the encoder's self-attention."
    case .warmUp: "After how many epochs the balancing starts."
    case .balancing: "q_base, how likely a leading modality is dropped, and p_exe, how likely a step drops at all."
    case .longDialogues:
      "Differential graphs, plain ones or none, evaluated on all dialogues and on the longer ones only."
    case .classes: "Nothing: precision and F1 of every class, of our model and of those that the paper compares."
    case .noise:
      "How much noise all features get in evaluation, in units of each modality's deviation; five draws are counted together."
    case .imbalance: "How the modalities are weighted against each other in evaluation."
    case .cost: "Nothing: the seconds of each module, forward and in a training step, are measured."
    case .parameters:
      "Nothing: weights, seconds of an epoch and of scoring are measured for this recipe and the published sizes."
    }
  }
}

/// An experiment that cannot be run as asked, and why.
public enum ExperimentError: ExplainedError {
  /// There is no experiment of that name.
  case unknown(String, nearest: String?)
  /// The data or the recipe lacks what the experiment varies.
  case notApplicable(Experiment, needs: String, found: String, remedy: String)
  /// An earlier run's results would be overwritten.
  case resultsExist(folder: String)
  /// There is nothing to go on with.
  case nothingToResume(folder: String)
  /// A stored result belongs to other data, another recipe or another seed.
  case otherRun(file: String)
  /// A stored result cannot be read.
  case damaged(file: String)
  /// The sample bundles are in neither place.
  case samplesMissing(installed: String, checkout: String)
  /// A training of one arm cannot go on.
  case training(arm: String, seed: UInt64, Explanation)

  public var explanation: Explanation {
    switch self {
    case .unknown(let name, let nearest):
      Explanation(
        .usage, "there is no experiment \(name)", expected: nearest.map { "perhaps \($0)" },
        remedy: "ambtrain reproduce --list names them.")
    case .notApplicable(let experiment, let needs, let found, let remedy):
      Explanation(
        .usage, "the experiment \(experiment.rawValue) does not apply", found: found, expected: needs, remedy: remedy)
    case .resultsExist(let folder):
      Explanation(
        .usage, "there are results of an earlier run", at: folder,
        remedy: "Go on with them by --resume, remove the folder, or write to another one.")
    case .nothingToResume(let folder):
      Explanation(
        .missingInput, "there is nothing to resume", at: folder, remedy: "Start without --resume, or check --out.")
    case .otherRun(let file):
      Explanation(
        .usage, "the stored result belongs to another run: its data, recipe or seed differ", at: file,
        remedy: "Resume with the same data and recipe, or write to another folder.")
    case .damaged(let file):
      Explanation(
        .data, "the stored result cannot be read", at: file, remedy: "Remove the file; its training is run again.")
    case .samplesMissing(let installed, let checkout):
      Explanation(
        .missingInput, "the sample bundles are not here", expected: "\(installed) or \(checkout)",
        remedy: "Name bundles by --data.")
    case .training(let arm, let seed, let explanation):
      Explanation(
        explanation.kind, explanation.what,
        at: "\(arm), seed \(seed)" + (explanation.location.map { ": \($0)" } ?? ""), found: explanation.found,
        expected: explanation.expected, remedy: explanation.remedy)
    }
  }
}
