import AMBDSGDN
import DialogueDomain
import EvaluationStatistics
import Foundation
import ResultIndex
import Tensors

/// A generated index as a daemon leaves it that has run for a year: bundles of one short dialogue each, the same ones for the
/// same size.
///
/// The first hundred thousand utterances go through the real writer; a larger index repeats them (`IndexWriter.multiply`).
/// One bundle in fifty was scored by an older model first, one in ten tells the truth and one in ten lacks a modality; every
/// utterance has words, the words' frequencies fall as those of a language do; a thousandth of the bundles failed.
public struct SyntheticIndex: Sendable {
  /// Utterances to write at least.
  public let utterances: Int

  /// When the last bundle is scored: fixed, so that an index stays the same.
  public static let end = Date(timeIntervalSince1970: 1_795_485_600)
  /// The words of the vocabulary from the most to the least frequent.
  static let rareWord = "word1990"
  static let commonWord = "word3"
  private static let days = 365.0
  private static let vocabulary = 2000
  private static let turns = 6...14
  private static let groupSize = 500
  /// What is recorded one by one; a larger index repeats it.
  private static let recorded = 100_000
  private static let emotions = Preset.meld.configuration.emotions
  private static let weights = [0.47, 0.12, 0.03, 0.07, 0.17, 0.03, 0.11]
  private static let promise = DoubtPromise(risk: 0.2, coverage: 0.9)

  /// - Parameter utterances: to write at least; the last bundle may bring a few more.
  public init(utterances: Int) {
    self.utterances = utterances
  }

  /// Writes everything, bundles by the hundred in one transaction as from a backlog.
  ///
  /// - Parameter progress: told how many utterances have been written.
  /// - Throws: `IndexError`.
  public func write(_ writer: IndexWriter, progress: (Int) -> Void = { _ in }) throws {
    let times = (utterances + Self.recorded - 1) / Self.recorded
    try record(utterances / times, writer, progress)
    try writer.multiply(by: times) { progress($0 * utterances / times) }
  }

  private func record(_ utterances: Int, _ writer: IndexWriter, _ progress: (Int) -> Void) throws {
    let bundles = max(1, utterances / ((Self.turns.lowerBound + Self.turns.upperBound) / 2))
    var (written, number) = (0, 0)
    var group: [BundleRecording] = []
    while written < utterances {
      let share = min(1, Double(number) / Double(bundles))
      let scored = Self.end.addingTimeInterval(-86_400 * Self.days * (1 - share))
      let current = recording(number, model: "current", at: scored)
      if number % 50 == 7 { group.append(recording(number, model: "older", at: scored)) }
      group.append(current)
      written += current.bundle.utterances.count
      number += 1
      if group.count >= Self.groupSize || written >= utterances {
        _ = try writer.record(group)
        group.removeAll(keepingCapacity: true)
        progress(written)
      }
      if number % 1000 == 3 { try fail(number, at: scored, writer) }
    }
    try probe(writer)
  }

  private func fail(_ number: Int, at time: Date, _ writer: IndexWriter) throws {
    try writer.recordFailure(
      FailureRecord(
        name: "bundle-\(number)-broken.h5", digest: nil, time: time,
        explanation: Explanation(.data, "a dataset is missing", at: "/text")))
  }

  /// The probes of the last night are done, but for a few.
  private func probe(_ writer: IndexWriter) throws {
    for _ in 0..<1000 {
      guard let pending = try writer.nextPendingProbe() else { return }
      let number = pending.name.split(separator: "-").last.flatMap { Int($0.prefix { $0.isNumber }) } ?? 0
      let stability = (0..<Self.turns(of: number)).map { turn -> Double? in Double((turn * 7) % 41) / 40 }
      try writer.recordProbe(pending, stability: stability, statistics: Data(count: 2000), seconds: 1, at: Self.end)
    }
  }

  /// What bundles of a number have in common, whichever model scores them.
  private static func shape(_ number: Int) -> UInt64 {
    CounterBasedRandom.key(CounterBasedRandom.key(named: "shape"), UInt64(number))
  }

  private static func turns(of number: Int) -> Int {
    turns.lowerBound + Int(CounterBasedRandom.uniform(shape(number), 0) * Double(turns.count))
  }

  private func recording(_ number: Int, model: String, at scored: Date) -> BundleRecording {
    let key = CounterBasedRandom.key(CounterBasedRandom.key(named: "index-\(model)"), UInt64(number))
    let shape = Self.shape(number)
    let dialogue = "dialogue-\(number)"
    let customer = "customer \(Int(CounterBasedRandom.uniform(shape, 1) * 5000))"
    let agent = "agent \(Int(CounterBasedRandom.uniform(shape, 2) * 50))"
    let rows = (0..<Self.turns(of: number)).map { turn in
      utterance(
        dialogue, turn, speaker: turn % 2 == 0 ? customer : agent, key: CounterBasedRandom.key(key, UInt64(turn)),
        words: CounterBasedRandom.key(shape, UInt64(turn)), isLabelled: number % 10 == 0, lacksAudio: number % 10 == 5)
    }
    let digits = String(CounterBasedRandom.key(UInt64(number)), radix: 16)
    let digest = String(repeating: String(repeating: "0", count: 16 - digits.count) + digits, count: 4)
    let bundle = ScoredBundle(
      name: "bundle-\(number).h5", digest: digest, modelName: model, modelDigest: model, emotions: Self.emotions,
      promise: Self.promise, utterances: rows)
    let scoring = ScoringRecord(
      arrived: scored, scored: scored, seconds: 0.1, labelFile: "labels/bundle-\(number).tsv", byteCount: 9000,
      unknownWords: 0.02)
    let isLast = scored > Self.end.addingTimeInterval(-86_400)
    let probe = ProbeRequest(
      plan: "{}", file: "done/bundle-\(number).h5", skipReason: isLast ? nil : "probing was paused", time: scored)
    return BundleRecording(bundle: bundle, scoring: scoring, probe: probe)
  }

  private func utterance(
    _ dialogue: String, _ turn: Int, speaker: String, key: UInt64, words: UInt64, isLabelled: Bool, lacksAudio: Bool
  ) -> ScoredUtterance {
    // Now and then nothing can be said.
    if CounterBasedRandom.uniform(key, 11) < 0.002 {
      return ScoredUtterance(
        dialogue: dialogue, utterance: "\(dialogue)#\(turn)", turn: turn, speaker: speaker,
        emotion: ScoredUtterance.unknownEmotion, confidence: 0, probabilities: [], branchLogits: [:], shares: [:])
    }
    let drawn = draw(CounterBasedRandom.uniform(key, 10))
    let powers = (0..<7).map { CounterBasedRandom.uniform(key, UInt64($0)) + ($0 == drawn ? 2 : 0) }
    let total = powers.reduce(0, +)
    let probabilities = powers.map { Float($0 / total) }
    let share = CounterBasedRandom.uniform(key, 7)
    let confidence = Double(probabilities[drawn])
    let truth = CounterBasedRandom.uniform(key, 8) < 0.6 ? drawn : draw(CounterBasedRandom.uniform(key, 9))
    return ScoredUtterance(
      dialogue: dialogue, utterance: "\(dialogue)#\(turn)", turn: turn, speaker: speaker,
      start: Double(turn) * 3.217, end: Double(turn) * 3.217 + 2.9, emotion: Self.emotions[drawn],
      confidence: confidence, probabilities: probabilities,
      branchLogits: lacksAudio ? [.text: probabilities] : [.text: probabilities, .audio: probabilities],
      shares: lacksAudio ? [.text: 1] : [.text: share, .audio: 1 - share], margin: share / 2,
      isUncertain: confidence < 0.5, labelSet: [0, drawn], truth: isLabelled ? Self.emotions[truth] : nil,
      text: text(words))
  }

  private func draw(_ chance: Double) -> Int {
    var left = chance
    for (index, weight) in Self.weights.enumerated() {
      left -= weight
      if left < 0 { return index }
    }
    return 0
  }

  /// Six words, the most frequent one in a seventh of all places.
  private func text(_ key: UInt64) -> String {
    (0..<6).map { place in
      let chance = CounterBasedRandom.uniform(key, UInt64(100 + place))
      return "word\(Int(Foundation.pow(Double(Self.vocabulary), chance)) - 1)"
    }.joined(separator: " ")
  }
}
