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

  private static func listed(_ names: [String], _ count: Int) -> String {
    names.joined(separator: ", ") + (count > names.count ? " and \(count - names.count) more" : "")
  }
}
