import DialogueDomain

/// An experiment that cannot be run as asked, and why.
public enum ExperimentError: ExplainedError {
  case unknown(String, nearest: String?)
  /// The data or the recipe lacks what the experiment varies.
  case notApplicable(Experiment, needs: String, found: String, remedy: String)
  case resultsExist(folder: String)
  case nothingToResume(folder: String)
  case otherRun(file: String)
  case damaged(file: String)
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
    case .training(let arm, let seed, let explanation):
      Explanation(
        explanation.kind, explanation.what,
        at: "\(arm), seed \(seed)" + (explanation.location.map { ": \($0)" } ?? ""), found: explanation.found,
        expected: explanation.expected, remedy: explanation.remedy)
    }
  }
}
