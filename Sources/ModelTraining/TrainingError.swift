import DialogueDomain

/// A training that cannot start or cannot go on, and why.
public enum TrainingError: ExplainedError {
  /// No bundle was named.
  case noData
  /// Two bundles have the same content.
  case sameBundle(source: String, earlier: String)
  /// A bundle to train or validate on has no labels.
  case noLabels(source: String)
  /// A modality is wider or narrower than in the other bundles.
  case widths(source: String, modality: Modality, found: Int, expected: Int, first: String)
  /// A modality's features come from another program than the other bundles'.
  case extractors(source: String, modality: Modality, found: String, expected: String, first: String)
  /// A bundle's emotions are not those of the others.
  case otherClasses(source: String, found: [String], expected: [String], first: String)
  /// Classes have no labelled utterance to learn from.
  case missingClasses([String], part: String)
  /// The recipe asks for a modality that no bundle has.
  case missingModality(Modality, found: [Modality])
  /// What chooses or judges would be what is trained on.
  case sharedDialogues(parts: (String, String), count: Int, of: Int, example: String)
  /// There are not dialogues enough to hold some out.
  case tooFewDialogues(Int, share: Double)
  /// Too few dialogues share no speaker with others.
  case sharedSpeakers(groups: Int, largest: Int, of: Int, needed: Int)
  /// There are fewer dialogues than folds.
  case tooFewForFolds(Int, folds: Int)
  /// The recipe gives more or fewer class weights than there are classes.
  case classWeightCount(found: Int, expected: Int)
  /// The hidden size cannot be split among the encoder's heads.
  case hidden(Int, heads: Int)
  /// A number was no longer finite; `checkpoint` is the last whole epoch.
  case diverged(epoch: Int, step: Int, place: String, checkpoint: Int?)
  /// An earlier training's checkpoint would be overwritten.
  case checkpointExists(folder: String)
  /// The test data cannot be used as the recipe asks.
  case testData(problem: String, remedy: String)
  /// An encoder is to be tuned, and the data has no words.
  case noWords(part: String)
  /// The recipe asks for what cannot be had together.
  case conflict(String, remedy: String)
  /// There is nothing to go on from.
  case checkpointMissing(folder: String)
  /// A checkpoint's file cannot be read.
  case checkpointDamaged(file: String, found: String)
  /// A checkpoint belongs to other data, another recipe or another seed.
  case checkpointDiffers(file: String, what: String, found: String, expected: String)

  public var explanation: Explanation {
    switch self {
    case .noData:
      Explanation(.missingInput, "no bundles to train on", remedy: "Name one or more bundles with labels.")
    case .sameBundle(let source, let earlier):
      Explanation(
        .usage, "the bundle is named twice", at: source, found: "the same content as \(earlier)",
        remedy: "Name each bundle once.")
    case .noLabels(let source):
      Explanation(
        .data, "the bundle has no labels", at: source, expected: "/label and the attribute emotions",
        remedy: "Train on labelled bundles only.")
    case .widths(let source, let modality, let found, let expected, let first):
      Explanation(
        .data, "the width of /\(modality.rawValue) is not that of the other bundles", at: source,
        found: "\(found) columns", expected: "\(expected) as in \(first)",
        remedy: "Extract the features of all bundles with the same program.")
    case .extractors(let source, let modality, let found, let expected, let first):
      Explanation(
        .data, "the features of /\(modality.rawValue) come from another extractor", at: source, found: found,
        expected: "\(expected) as in \(first)", remedy: "Extract the features of all bundles with the same program.")
    case .otherClasses(let source, let found, let expected, let first):
      Explanation(
        .data, "the bundle's emotions are not those of the others", at: source,
        found: found.joined(separator: ", "), expected: "\(expected.joined(separator: ", ")) as in \(first)")
    case .missingClasses(let names, let part):
      Explanation(
        .data, "no utterance of the \(part) has the label \(names.joined(separator: ", "))",
        expected: "at least one utterance of every class",
        remedy: "Add dialogues with it (held-out ones do not count), or take the class out of the bundles' emotions.")
    case .missingModality(let modality, let found):
      Explanation(
        .usage, "the recipe asks for \(modality.rawValue), which no bundle has",
        found: found.map(\.rawValue).joined(separator: ", "), remedy: "Change modalities in the recipe.")
    case .sharedDialogues(let parts, let count, let total, let example):
      Explanation(
        .data, "the \(parts.1) holds dialogues of the \(parts.0)",
        found: "\(count) of \(total) with the same features and labels, such as \(example)",
        expected: "dialogues that the \(parts.0) does not hold",
        remedy: "Take them out of one of the two: figures on what was trained on say nothing.")
    case .tooFewDialogues(let count, let share):
      Explanation(
        .data, "too few dialogues to hold \(share) of them out for validation", found: "\(count)",
        expected: "at least 2", remedy: "Add dialogues, or name a validation file.")
    case .sharedSpeakers(let groups, let largest, let total, let needed):
      Explanation(
        .data, "the dialogues cannot be held out by speaker: too many share one",
        found:
          "\(groups) group\(groups == 1 ? "" : "s") of dialogues without a speaker in common, the largest of \(largest) of "
          + "\(total) dialogues",
        expected: "at least \(needed)",
        remedy: "Hold out by dialogue, or give speakers names that tell people apart.")
    case .tooFewForFolds(let count, let folds):
      Explanation(
        .data, "too few dialogues for \(folds) folds", found: "\(count)", expected: "at least \(folds)",
        remedy: "Add dialogues, or take fewer folds.")
    case .classWeightCount(let found, let expected):
      Explanation(
        .usage, "the recipe's class_weights do not fit the data", found: "\(found) weights",
        expected: "one for each of \(expected) classes")
    case .hidden(let hidden, let heads):
      Explanation(
        .usage, "the recipe's hidden does not fit encoder_heads", found: "\(hidden)",
        expected: "a multiple of \(2 * heads)")
    case .diverged(let epoch, let step, let place, let checkpoint):
      Explanation(
        .data, "training diverged at step \(step) in epoch \(epoch)", found: "a number that is not finite in \(place)",
        remedy: checkpoint.map { "The checkpoint after epoch \($0) is kept; try a lower learning_rate." }
          ?? "Try a lower learning_rate, and check the features.")
    case .checkpointExists(let folder):
      Explanation(
        .usage, "there is a checkpoint of an earlier training", at: folder,
        remedy: "Go on with it by --resume, remove the folder, or write to another one.")
    case .testData(let problem, let remedy):
      Explanation(.usage, problem, remedy: remedy)
    case .noWords(let part):
      Explanation(
        .data, "the text encoder is to be tuned, and the \(part) has no labelled words",
        remedy: "Train on transcripts, or on bundles with /utterance/text; or leave the tuning out.")
    case .conflict(let problem, let remedy): Explanation(.usage, problem, remedy: remedy)
    case .checkpointMissing(let folder):
      Explanation(
        .missingInput, "there is no checkpoint to resume from", at: folder,
        remedy: "Start without --resume, or check the folder; a training that has finished leaves no checkpoint.")
    case .checkpointDamaged(let file, let found):
      Explanation(
        .data, "the checkpoint cannot be read", at: file, found: found, remedy: "Start the training again.")
    case .checkpointDiffers(let file, let what, let found, let expected):
      Explanation(
        .usage, "the checkpoint belongs to another training: not the same \(what)", at: file, found: found,
        expected: expected, remedy: "Resume with the same data, recipe and seed, or start in another folder.")
    }
  }
}
