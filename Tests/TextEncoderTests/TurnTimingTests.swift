import DialogueDomain
import Foundation
import Testing

@testable import TextEncoder

/// Each column of turn-timing/8 by its formula, with numbers worked out by hand.
@Suite struct TurnTimingTests {
  private func utterance(_ speaker: String, _ start: Double?, _ end: Double?) -> Utterance {
    Utterance(id: "\(speaker)\(start ?? -1)", speaker: speaker, start: start, end: end)
  }

  /// Rows of features by column name.
  private func features(_ utterances: [Utterance], words: [Int]) -> [[String: Double]] {
    let table = TurnTiming.features(utterances[...], words: words)
    return (0..<table.rows).map { row in
      Dictionary(
        uniqueKeysWithValues: TurnTiming.columns.enumerated().map { column, description in
          (description.name, Double(table.values[row * table.width + column]))
        })
    }
  }

  private func expect(_ row: [String: Double], _ expected: [String: Double]) {
    for (name, value) in expected { #expect(abs((row[name] ?? .nan) - value) < 1e-6, "\(name)") }
  }

  @Test func aDialogueOfThreeTurns() {
    let rows = features(
      [utterance("A", 10, 12), utterance("B", 13, 14), utterance("B", 13.5, 17.5)], words: [4, 3, 0])
    expect(
      rows[0],
      [
        "log_duration": log(2), "words_per_sec": 2, "pause_prev": 0, "pause_next": log(2), "is_first": 1,
        "same_speaker_prev": 0, "log_elapsed": 0, "dlog_duration_prev": 0,
      ])
    expect(
      rows[1],
      [
        "log_duration": 0, "words_per_sec": 3, "pause_prev": log(2), "pause_next": -log(1.5), "is_first": 0,
        "same_speaker_prev": 0, "log_elapsed": log(4), "dlog_duration_prev": -log(2),
      ])
    expect(
      rows[2],
      [
        "log_duration": log(4), "words_per_sec": 0, "pause_prev": -log(1.5), "pause_next": 0, "is_first": 0,
        "same_speaker_prev": 1, "log_elapsed": log(4.5), "dlog_duration_prev": log(4),
      ])
  }

  @Test func figuresAreClipped() {
    let rows = features(
      [utterance("A", 0, 0.01), utterance("A", 100, 200), utterance("A", 150, 140), utterance("A", 5000, 5001)],
      words: [5, 1, 1, 1])
    expect(rows[0], ["log_duration": log(0.1), "words_per_sec": 10, "pause_next": log(16)])
    expect(rows[1], ["log_duration": log(40), "pause_next": -log(6)])
    expect(rows[2], ["log_duration": log(0.1)])
    expect(rows[3], ["log_elapsed": log(601)])
  }

  @Test func aRowWithoutAnyTimeIsMissing() {
    let utterances = [utterance("A", nil, nil), utterance("B", 4, nil), utterance("B", 7, 8)]
    let table = TurnTiming.features(utterances[...], words: [2, 6, 1])
    #expect(table.missing == [true, false, false])
    #expect(table.values[..<8].allSatisfy { $0 == 0 })
    let rows = features(utterances, words: [2, 6, 1])
    expect(rows[1], ["log_duration": log(3), "words_per_sec": 2, "pause_prev": 0, "pause_next": 0, "log_elapsed": 0])
    expect(rows[2], ["log_elapsed": log(4), "dlog_duration_prev": -log(3), "pause_prev": 0])
  }

  @Test func aDialogueWithoutUtterancesHasNoRows() {
    #expect(TurnTiming.features([], words: []).rows == 0)
  }

  @Test func theColumnsAreThoseOfTheName() {
    #expect(TurnTiming.extractor == "turn-timing/\(TurnTiming.columns.count)")
  }
}
