import DialogueDomain
import Foundation
import TestFolders

@testable import ResultIndex

/// Scored bundles of plausible shape, the same ones for the same seed.
struct SyntheticBundles {
  static let emotions = EmotionSet(["neutral", "surprise", "fear", "sadness", "joy", "disgust", "anger"])
  /// How often each emotion is the label, roughly as in MELD.
  private static let weights = [0.47, 0.12, 0.03, 0.07, 0.17, 0.03, 0.11]
  private static let speakers = ["Rachel", "Monica", "Phoebe", "Ross", "Chandler", "Joey", "Dr. Green", "Müller, Jörg"]

  private var generator: RepeatableRandom
  private let withLogits: Bool

  init(seed: UInt64, withLogits: Bool = true) {
    generator = RepeatableRandom(seed)
    self.withLogits = withLogits
  }

  mutating func bundle(
    _ name: String, digest: String, model: String = "meld-minilm", dialogues: Int, turns: ClosedRange<Int>,
    labelled: Bool = true
  ) -> ScoredBundle {
    var utterances: [ScoredUtterance] = []
    for number in 0..<dialogues {
      let dialogue = "\(name.prefix { $0 != "." })-\(number)"
      var clock = 0.0
      for turn in 0..<Int.random(in: turns, using: &generator) {
        let length = Double.random(in: 0.8...6, using: &generator)
        utterances.append(utterance(dialogue, turn, from: clock, to: clock + length, labelled: labelled))
        clock += length + 0.4
      }
    }
    return ScoredBundle(
      name: name, digest: digest, modelName: model, modelDigest: Self.digest(model), emotions: Self.emotions,
      utterances: utterances)
  }

  /// 64 hexadecimal digits that stand for a text.
  static func digest(_ text: String) -> String {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    return (0..<4).map { part in
      for byte in "\(part)\(text)".utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
      let digits = String(hash, radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }.joined()
  }

  static func scoring(at time: Date, name: String) -> ScoringRecord {
    ScoringRecord(
      arrived: time.addingTimeInterval(-2), scored: time, seconds: 0.125, labelFile: "labels/\(name).tsv",
      byteCount: 4096, unknownWords: 0.25)
  }

  private mutating func utterance(
    _ dialogue: String, _ turn: Int, from start: Double, to end: Double, labelled: Bool
  ) -> ScoredUtterance {
    let label = draw()
    var logits = Self.emotions.names.map { _ in Float.random(in: -1...1, using: &generator) }
    logits[label] += Float.random(in: 1...4, using: &generator)
    let powers = logits.map { Foundation.exp(Double($0)) }
    let total = powers.reduce(0, +)
    let probabilities = powers.map { Float($0 / total) }
    let best = probabilities.indices.max { probabilities[$0] < probabilities[$1] } ?? 0
    let (text, visual) = (
      Double.random(in: 0.2...0.7, using: &generator), Double.random(in: 0...0.2, using: &generator)
    )
    let wrong = Double.random(in: 0...1, using: &generator) < 0.35
    let truth = wrong ? draw() : best
    return ScoredUtterance(
      dialogue: dialogue, utterance: "\(dialogue)#\(turn)", turn: turn,
      speaker: Self.speakers[Int.random(in: 0..<Self.speakers.count, using: &generator)], start: start, end: end,
      emotion: Self.emotions[best], confidence: Double(probabilities[best]), probabilities: probabilities,
      branchLogits: withLogits
        ? [.text: logits, .visual: logits.map { $0 / 8 }, .audio: logits.map { $0 / 4 }] : [:],
      shares: [.text: text, .visual: visual, .audio: 1 - text - visual], margin: turn % 3 == 0 ? nil : 0.25,
      truth: labelled ? Self.emotions[truth] : nil)
  }

  private mutating func draw() -> Int {
    var left = Double.random(in: 0..<1, using: &generator)
    for (index, weight) in Self.weights.enumerated() {
      left -= weight
      if left < 0 { return index }
    }
    return 0
  }
}

extension TemporaryFolder {
  /// The place of an index in the folder.
  var index: URL { self["index.sqlite"] }
}
