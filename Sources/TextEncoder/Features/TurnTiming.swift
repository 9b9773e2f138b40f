import DialogueDomain
import Foundation

/// The extractor `turn-timing/8`: eight figures of when an utterance is said and for how long; no sound is needed.
///
/// With s_i and e_i the start and end of utterance i of a dialogue in seconds and n_i the number of its words:
///
///     d_i = clip(e_i − s_i, 0.1, 40), 3 where one of the two is missing
///     g_i = clip(s_{i+1} − e_i, −5, 15), 0 where one of the two is missing
///     σ(x) = sign(x) ln(1 + |x|)
///
/// An utterance without any time has no features: its row is missing. The figures enter a model standardised.
public enum TurnTiming {
  /// The name that bundles and models give it.
  public static let extractor = "turn-timing/8"

  /// One column: its name in bundles, its formula, and what it says.
  public struct Column: Sendable, Hashable {
    /// As a bundle's `audio_columns` has it.
    public let name: String
    /// Of the symbols above.
    public let formula: String
    /// In a clause.
    public let meaning: String
  }

  /// In the order of the features.
  public static let columns = [
    Column(name: "log_duration", formula: "ln d_i", meaning: "how long the utterance lasts"),
    Column(name: "words_per_sec", formula: "clip(n_i / d_i, 0, 10)", meaning: "how fast it is spoken"),
    Column(
      name: "pause_prev", formula: "σ(g_{i−1}), 0 at the first",
      meaning: "the silence before it; below zero where it cuts in"),
    Column(
      name: "pause_next", formula: "σ(g_i), 0 at the last",
      meaning: "the silence after it; below zero where the next one cuts in"),
    Column(name: "is_first", formula: "1 at the first, else 0", meaning: "whether it opens the dialogue"),
    Column(
      name: "same_speaker_prev", formula: "1 where the speaker is that of utterance i−1, else 0",
      meaning: "whether the speaker goes on"),
    Column(
      name: "log_elapsed", formula: "ln(1 + clip(s_i − s_1, 0, 600)), 0 where s_i is missing",
      meaning: "how long the dialogue has lasted; s_1 is the first start that is known"),
    Column(
      name: "dlog_duration_prev", formula: "ln d_i − ln d_{i−1}, 0 at the first",
      meaning: "how much longer it lasts than the one before"),
  ]

  /// All of this in lines for people: the symbols, then each column.
  public static let explanation =
    [
      "\(extractor): when an utterance is said and for how long. No sound is needed; the audio modality carries it.",
      "",
      "For utterance i of a dialogue, with start s_i and end e_i in seconds and n_i words:",
      "  d_i = clip(e_i - s_i, 0.1, 40), 3 where one of the two is missing",
      "  g_i = clip(s_{i+1} - e_i, -5, 15), 0 where one of the two is missing",
      "  σ(x) = sign(x) ln(1 + |x|)",
      "An utterance without any time has no such features.",
      "",
    ]
    + columns.enumerated().map { index, column in
      "\(index + 1) \(column.name)".padding(toLength: 22, withPad: " ", startingAt: 0)
        + column.formula.padding(toLength: 56, withPad: " ", startingAt: 0) + column.meaning
    }

  /// The features of one dialogue, a row an utterance.
  ///
  /// - Parameters:
  ///   - utterances: in the order in which they are said.
  ///   - words: number of words of each, as `TextCleaning.wordCount` counts them.
  public static func features(_ utterances: ArraySlice<Utterance>, words: [Int]) -> FeatureTable {
    precondition(utterances.count == words.count, "one number of words an utterance")
    let rows = Array(utterances)
    let durations = rows.map(duration)
    let firstStart = rows.lazy.compactMap(\.start).first ?? 0
    var values: [Double] = []
    for (i, row) in rows.enumerated() {
      let isFirst = i == 0
      values += [
        log(durations[i]),
        clip(Double(words[i]) / durations[i], 0, 10),
        isFirst ? 0 : signedLog(pause(from: rows[i - 1], to: row)),
        i == rows.count - 1 ? 0 : signedLog(pause(from: row, to: rows[i + 1])),
        isFirst ? 1 : 0,
        !isFirst && row.speaker == rows[i - 1].speaker ? 1 : 0,
        row.start.map { log(1 + clip($0 - firstStart, 0, 600)) } ?? 0,
        isFirst ? 0 : log(durations[i]) - log(durations[i - 1]),
      ]
    }
    let missing = rows.map(isMissing)
    let width = columns.count
    return FeatureTable(
      width: width, values: values.indices.map { missing[$0 / width] ? 0 : Float(values[$0]) }, missing: missing)
  }

  /// Whether an utterance has no such features.
  public static func isMissing(_ utterance: Utterance) -> Bool { utterance.start == nil && utterance.end == nil }

  /// d_i.
  private static func duration(_ utterance: Utterance) -> Double {
    guard let start = utterance.start, let end = utterance.end else { return 3 }
    return clip(end - start, 0.1, 40)
  }

  /// g_i, between an utterance and the next.
  private static func pause(from earlier: Utterance, to later: Utterance) -> Double {
    guard let end = earlier.end, let start = later.start else { return 0 }
    return clip(start - end, -5, 15)
  }

  private static func signedLog(_ x: Double) -> Double {
    x < 0 ? -log(1 - x) : log(1 + x)
  }

  private static func clip(_ x: Double, _ low: Double, _ high: Double) -> Double {
    min(max(x, low), high)
  }
}
