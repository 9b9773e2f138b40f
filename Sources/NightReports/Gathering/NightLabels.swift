import DialogueDomain
import EvaluationStatistics
import ResultIndex

/// Counts a night's labels as they come out of the index, each utterance once: by speaker, against the truth, by dialogue.
///
/// What is counted goes by the index's numbers; names are looked up once for each count.
struct NightLabels {
  private struct Pair: Hashable {
    let first: Int64
    let second: Int64
  }

  /// The labels of dialogues against the truth, of one model.
  private struct Confusions {
    var dialogues: [(number: Int64, counts: ConfusionCounts)] = []
    /// What truths and labels are to each other, by their numbers.
    var agreements: [Pair: TruthAgreement] = [:]
  }

  private let emotions: [Int64: String]
  private let matching: EmotionMatching
  /// By their numbers; nil where only the truth counts.
  private let dialogueNames: [Int64: String]?
  private var speakers: [Pair: Int] = [:]
  private var confusions: [String: Confusions] = [:]
  /// The conversations to choose among.
  private(set) var conversations = ConversationReading()

  /// - Parameters:
  ///   - emotions: the names by their numbers.
  ///   - dialogueNames: likewise; nil where only the truth counts.
  init(emotions: [Int64: String], dialogueNames: [Int64: String]?, matching: EmotionMatching) {
    self.emotions = emotions
    self.dialogueNames = dialogueNames
    self.matching = matching
  }

  /// Counts the labels of one scoring.
  ///
  /// - Parameters:
  ///   - labels: those of one dialogue one after the other.
  ///   - bundle: the scoring's number in the index.
  ///   - scoring: takes the labels against the truth.
  ///   - place: the scoring's number in `NightData.scorings`.
  mutating func add(_ labels: [NumberedLabel], bundle: Int64, to scoring: inout Scoring, place: Int) {
    var truths: [Pair: Int] = [:]
    for label in labels {
      if let truth = label.truth { truths[Pair(first: truth, second: label.emotion), default: 0] += 1 }
    }
    for (pair, count) in truths {
      scoring.truth.add(
        truth: name(pair.first), label: name(pair.second), count: count, matching: matching)
    }
    guard let dialogueNames else { return }
    for label in labels { speakers[Pair(first: label.speaker, second: label.emotion), default: 0] += 1 }
    // Taken out, so that it is changed in its place.
    var model = confusions.removeValue(forKey: scoring.modelDigest) ?? Confusions()
    defer { confusions[scoring.modelDigest] = model }
    var rest = labels[...]
    while let first = rest.first {
      let dialogue = rest.prefix { $0.dialogue == first.dialogue }
      rest = rest.dropFirst(dialogue.count)
      compare(dialogue, of: scoring, &model)
      let candidate = ConversationCandidate(scoring: place, dialogue: dialogueNames[first.dialogue] ?? "")
      count(dialogue, as: candidate, in: bundle, of: scoring)
    }
  }

  /// The labels by speaker, in the order of names.
  ///
  /// - Parameter names: by their numbers.
  func speakers(_ names: (Set<Int64>) throws -> [Int64: String]) rethrows -> [SpeakerLabels] {
    let names = try names(Set(speakers.keys.map(\.first)))
    var counts: [String: [String: Int]] = [:]
    for (pair, count) in speakers {
      counts[names[pair.first] ?? "", default: [:]][name(pair.second), default: 0] += count
    }
    return counts.sorted { $0.key < $1.key }.map { SpeakerLabels(speaker: $0.key, counts: $0.value) }
  }

  /// Each model's labels against the truth, dialogue by dialogue in the order of their numbers, by the model's digest.
  var dialogues: [String: [ConfusionCounts]] {
    confusions.compactMapValues { model in
      let ordered = model.dialogues.sorted { $0.number < $1.number }
      return ordered.isEmpty ? nil : ordered.map(\.counts)
    }
  }

  private func name(_ emotion: Int64) -> String { emotions[emotion] ?? "" }

  private func compare(_ dialogue: ArraySlice<NumberedLabel>, of scoring: Scoring, _ model: inout Confusions) {
    guard scoring.truth.emotions.count > 0 else { return }
    var counts: ConfusionCounts?
    for label in dialogue {
      guard let truth = label.truth else { continue }
      let pair = Pair(first: truth, second: label.emotion)
      let agreement =
        model.agreements[pair]
        ?? matching.agreement(
          truth: name(truth), label: scoring.emotions.index(of: name(label.emotion)), in: scoring.emotions)
      if model.agreements[pair] == nil { model.agreements[pair] = agreement }
      guard case .judged(let truth, let label) = agreement else { continue }
      counts = counts ?? ConfusionCounts(classes: scoring.emotions.count)
      counts?.add(truth: truth, predicted: label)
    }
    guard let counts, let number = dialogue.first?.dialogue else { return }
    model.dialogues.append((number, counts))
  }

  private mutating func count(
    _ dialogue: ArraySlice<NumberedLabel>, as candidate: ConversationCandidate, in bundle: Int64, of scoring: Scoring
  ) {
    var candidate = candidate
    candidate.utterances = dialogue.count
    // There are few labels in a dialogue, and a list of them is searched faster than a dictionary.
    var labels: [(emotion: Int64, sums: ConversationCandidate.Labels, certainties: SurenessCounts)] = []
    for label in dialogue {
      let known = labels.firstIndex { $0.emotion == label.emotion }
      let place = known ?? labels.count
      if known == nil { labels.append((label.emotion, .init(), SurenessCounts())) }
      labels[place].sums.count += 1
      labels[place].sums.confidence += label.confidence
      switch Sureness(confidence: label.confidence, isUncertain: label.isUncertain) {
      case .sure: labels[place].certainties.sure += 1
      case .fairly: labels[place].certainties.fairly += 1
      case .unsure: labels[place].certainties.unsure += 1
      }
    }
    var certainties = SurenessCounts()
    for label in labels {
      let name = name(label.emotion)
      guard scoring.emotions.index(of: name) != nil else { continue }
      candidate.labels[name] = label.sums
      certainties.sure += label.certainties.sure
      certainties.fairly += label.certainties.fairly
      certainties.unsure += label.certainties.unsure
    }
    conversations.add(candidate, in: bundle, certainties)
  }
}
