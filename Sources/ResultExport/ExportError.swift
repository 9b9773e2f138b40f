import DialogueDomain

/// An export that cannot be made as it was asked for.
public struct ExportError: ExplainedError {
  public let explanation: Explanation

  private init(_ explanation: Explanation) {
    self.explanation = explanation
  }

  /// Utterances without times were to become something that lies in time.
  static func withoutTimes(_ format: ExportFormat, _ dialogues: [String], count: Int) -> ExportError {
    ExportError(
      Explanation(
        .data, "\(format.title) needs a start and an end for every utterance",
        found:
          "\(count == 1 ? "a dialogue" : "\(count) dialogues") with utterances without: \(listed(dialogues, count))",
        remedy: "--seconds-per-turn 3 gives them a place; or take jsonl, csv, parquet, emotionml or "
          + "label-studio, which need no times."))
  }

  /// Several documents cannot go to one output or into one file.
  static func severalDocuments(_ count: Int, _ format: ExportFormat, _ dialogues: [String], file: String?)
    -> ExportError
  {
    ExportError(
      Explanation(
        .usage, "each dialogue becomes a document of its own, and \(count) do not fit into \(file ?? "one output")",
        found: listed(dialogues, count),
        remedy: file == nil
          ? "Name a folder for them with --out, or choose one with --dialogue."
          : "Name a folder with --out (\(file ?? "")/ would be one), or choose one with --dialogue."))
  }

  /// Something lies where the export is to go.
  static func exists(_ paths: [String], count: Int) -> ExportError {
    ExportError(
      Explanation(
        .io, count == 1 ? "the file is there already" : "\(count) files are there already", at: paths.first,
        found: count == 1 ? nil : listed(paths, count), remedy: "Name another place, or replace them with --force."))
  }

  /// Bytes for programs on somebody's terminal.
  static func terminal(_ format: ExportFormat) -> ExportError {
    ExportError(
      Explanation(
        .usage, "\(format.title) is not for terminals", remedy: "Name a file with --out, or redirect the output."))
  }

  /// A length of turns that is none.
  static func secondsPerTurn(_ seconds: Double) -> ExportError {
    ExportError(
      Explanation(
        .usage, "--seconds-per-turn is not a length of time", found: "\(seconds)", expected: "0.1 to 3600"))
  }

  /// A file that somebody has corrected, of which nothing can be made.
  static func noExport(_ name: String, expected: String) -> ExportError {
    ExportError(
      Explanation(
        .usage, "the file's name tells no format that labels come back in", found: name, expected: expected))
  }

  static func tooLarge(_ path: String, limit: Int) -> ExportError {
    ExportError(Explanation(.usage, "the file is too large", found: path, expected: "at most \(limit >> 20) MiB"))
  }

  static func noLabel(_ name: String, line: Int, expected: String) -> ExportError {
    ExportError(
      Explanation(
        .data, "this is no label that ambq exported", at: "\(name): line \(line)", expected: expected,
        remedy: unmarkedRemedy(name)))
  }

  static func noTasks(_ name: String, found: String) -> ExportError {
    ExportError(
      Explanation(
        .data, "this is no export of Label Studio's with tasks of ambq", at: name, found: found,
        expected: "the format 'JSON', an array of tasks with data and annotations"))
  }

  static func elsewhere(_ place: String, of dialogue: String, found: String) -> ExportError {
    ExportError(
      Explanation(
        .data, "no utterance of \(dialogue) stands here", at: place, found: found,
        expected: "the tiers and times of the export, unchanged"))
  }

  static func noDialogue(_ name: String) -> ExportError {
    ExportError(
      Explanation(
        .usage, "no scored dialogue is called as the file is", found: name,
        remedy:
          "A TextGrid without its tier 'ambq' does not tell its dialogue: call the file as the dialogue is called, or "
          + "bring it by 'ambq correct --from FILE --dialogue NAME'."))
  }

  /// Subtitles that ambq exported: labels do not come back by them, and their words are not what was said.
  static func captions(_ name: String) -> ExportError {
    ExportError(
      Explanation(
        .data, "these are subtitles that ambq exported, which are neither scored nor taken as corrections", at: name,
        expected: "an export as .jsonl, .csv, .json of Label Studio, .eaf or .TextGrid",
        remedy:
          "Correct one of those, or say it with 'ambq correct DIALOGUE:N --emotion EMOTION'. Subtitles of your own are "
          + "scored without a word in brackets at the beginning of every cue."))
  }

  /// A file of JSON Lines that is neither an export nor named as corrections.
  static func unmarked(_ name: String) -> ExportError {
    ExportError(
      Explanation(
        .data, "it is not told whether these lines are corrections or an export", at: name,
        expected: "a name that ends in .corrections.jsonl, or an export with model_digest and dialogue",
        remedy:
          "Name it NAME.corrections.jsonl where every line says what was truly felt; export again with all fields "
          + "where it is a list in which a few labels were changed."))
  }

  private static func unmarkedRemedy(_ name: String) -> String {
    "'ambq correct --from \(name) --dry-run' tells what is found in a file."
  }

  private static func listed(_ names: [String], _ count: Int) -> String {
    names.joined(separator: ", ") + (count > names.count ? " and \(count - names.count) more" : "")
  }
}
