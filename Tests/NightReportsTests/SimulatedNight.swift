import AmbqConfiguration
import DialogueDomain
import EvaluationStatistics
import Foundation
import ResultIndex

@testable import NightReports

/// Made-up nights: bundles scored over a day, with their probes.
struct SimulatedNight {
  /// Monday, 23 November 2026, 02:00 in Berlin.
  static let start = Date(timeIntervalSince1970: 1_795_395_600)

  var probes = SimulatedProbes()
  var modelName = "meld-minilm"
  var bundles = 3
  var dialogues = 4
  var turns = 10
  var seed: UInt64 = 1
  var trainingLabels: [Int]? = [4710, 1205, 268, 683, 1743, 271, 1109]
  var probing = ProbeState.done

  static func period(days: Int = 1) -> ReportPeriod {
    ReportPeriod(
      date: days == 1 ? "2026-11-24" : nil, start: start, end: start.addingTimeInterval(86_400 * Double(days)),
      timeZone: "Europe/Berlin")
  }

  var data: NightData {
    var night = NightData()
    var speakers: [String: [String: Int]] = [:]
    for number in 0..<bundles {
      let digest = String(repeating: String(format: "%02x", number + Int(seed) * 16), count: 32)
      let statistics = probes.statistics(
        digest: digest, dialogues: dialogues, turns: turns, seed: seed &* 1000 &+ UInt64(number))
      let labels = statistics.clean.clean.perClass.map(\.support)
      night.scorings.append(
        Scoring(
          digest: digest, title: "bundle-\(number).h5", modelName: modelName, modelDigest: probes.modelDigest,
          emotions: probes.emotions, scored: Self.start.addingTimeInterval(Double(number * 7919 % 86_000) + 60),
          dialogues: dialogues, utterances: dialogues * turns, labels: labels,
          confidenceSum: statistics.certainty.cells.first?.confidenceSum ?? .zero,
          truth: TruthComparison(probes.emotions, confusion: statistics.clean.truth), probing: probing,
          trainingLabels: trainingLabels))
      if probing == .done { night.add(statistics) }
      for (name, count) in zip(probes.emotions.names, labels) {
        speakers[["Rachel", "Ross", "Müller, Jörg", "田中"][number % 4], default: [:]][name, default: 0] += count
      }
    }
    night.scorings.sort { $0.scored < $1.scored }
    let labels = night.scorings.reduce(0) { $0 + $1.labels.reduce(0, +) }
    night.sureness = SurenessCounts(sure: labels / 3, fairly: labels / 3, unsure: labels - 2 * (labels / 3))
    night.conversations = conversations(night.scorings)
    night.speakers = speakers.sorted { $0.key < $1.key }.map { SpeakerLabels(speaker: $0.key, counts: $0.value) }
    return night
  }

  /// Five made-up conversations at most, one of them long, one without words.
  private func conversations(_ scorings: [Scoring]) -> [Conversation] {
    guard let scoring = scorings.first else { return [] }
    let names = probes.emotions.names
    let words = [
      "No.", "You never told me!", "It was on the table the whole evening, and you walked past it twice. Twice!",
    ]
    let rarities = Dictionary(names.filter(Feeling.isFelt).map { ($0, 0.9) }) { first, _ in first }
    return (0..<5).map { number in
      let turns = (0..<[8, 40, 5, 3, 12][number]).map { turn -> Conversation.Turn in
        let hasLabel = turn != 4
        let confidence = 0.35 + 0.06 * Double((turn * 7) % 10)
        return Conversation.Turn(
          turn: turn, speaker: ["Rachel", "Ross", "Müller, Jörg"][turn % 3],
          emotion: hasLabel ? names[(turn * turn + number) % names.count] : nil,
          confidence: hasLabel ? confidence : 0, truth: probes.isLabelled ? names[turn % names.count] : nil,
          text: number == 3 ? nil : words[turn % 3])
      }
      return Conversation(
        bundle: scoring.title, bundleDigest: scoring.digest, dialogue: "dialogue-\(number)",
        reason: number == 4 ? .doubt : .feeling, turns: turns, rarities: rarities)
    }
  }

  static let failures = [
    FailureRecord(
      name: "broken.h5", digest: nil, time: start.addingTimeInterval(5000),
      explanation: Explanation(
        .data, "the feature width is not the model's", at: "broken.h5: /text", found: "100", expected: "384",
        remedy: "Extract the text features again with all-MiniLM-L6-v2/384.")),
    FailureRecord(
      name: "copying.h5", digest: nil, state: .deferred, time: start.addingTimeInterval(9000),
      explanation: Explanation(.io, "another process has the file open", at: "copying.h5"), isResolved: true),
  ]
}
