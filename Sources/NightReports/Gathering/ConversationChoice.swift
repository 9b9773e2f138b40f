import DialogueDomain

/// One dialogue of a night, as far as choosing among dialogues goes.
struct ConversationCandidate: Sendable, Equatable {
  /// The labels of one emotion.
  struct Labels: Sendable, Equatable {
    var count = 0
    var confidence = 0.0
  }

  /// The scoring's number in `NightData.scorings`.
  var scoring: Int
  /// The dialogue's id.
  var dialogue: String
  /// By the emotion's name; utterances without a label are left out.
  var labels: [String: Labels] = [:]
  /// Utterances in it, with those that have no label.
  var utterances = 0
  /// Labels that are unsure, as `Sureness` has it.
  var unsure = 0
}

/// Which conversations are worth opening in the morning: one rule, which the report states.
///
/// The feeling of a conversation is the sum, over its labels, of confidence times rarity, divided by its utterances and
/// five more; the rarity of an emotion is 1 less its share of the period's labels, and 0 where nothing was felt. The four
/// of most feeling are chosen, no emotion leading more than two of them unless nothing else is left; then the one in
/// which the model is least sure, by its unsure labels divided by its utterances and five more. The five more keep a
/// conversation of a few words from winning by chance; one of fewer than three utterances comes last.
struct ConversationChoice {
  /// Why a conversation was chosen.
  enum Reason: String, Codable, Sendable {
    /// For what was felt in it.
    case feeling
    /// Because the model is least sure in it.
    case doubt
  }

  static let most = 5
  static let mostForFeeling = 4
  static let mostOfOneEmotion = 2
  static let leastUtterances = 3
  private static let allowance = 5.0

  private let candidates: [ConversationCandidate]
  /// 1 less the share of the period's labels; of what is felt.
  let rarities: [String: Double]

  /// - Parameter candidates: every dialogue of the period, in the order of time.
  init(_ candidates: [ConversationCandidate]) {
    self.candidates = candidates
    var counts: [String: Int] = [:]
    for candidate in candidates {
      for (emotion, labels) in candidate.labels { counts[emotion, default: 0] += labels.count }
    }
    let total = Double(max(counts.values.reduce(0, +), 1))
    rarities = counts.filter { Feeling.isFelt($0.key) }.mapValues { 1 - Double($0) / total }
  }

  /// How much one label counts.
  func weight(_ emotion: String, confidence: Double) -> Double { confidence * (rarities[emotion] ?? 0) }

  /// How much was felt, for its length.
  func feeling(_ candidate: ConversationCandidate) -> Double {
    // In the order of names: a sum of doubles depends on its order.
    let sum = candidate.labels.sorted { $0.key < $1.key }.reduce(0) {
      $0 + weight($1.key, confidence: $1.value.confidence)
    }
    return sum / (Double(candidate.utterances) + Self.allowance)
  }

  /// The emotion that brings most of the feeling; nil where none was felt.
  func leading(_ candidate: ConversationCandidate) -> String? {
    let weights = candidate.labels.sorted { $0.key < $1.key }.map {
      (name: $0.key, weight: weight($0.key, confidence: $0.value.confidence))
    }
    let most = weights.max { $0.weight < $1.weight }
    return most.flatMap { $0.weight > 0 ? $0.name : nil }
  }

  private func doubt(_ candidate: ConversationCandidate) -> Double {
    Double(candidate.unsure) / (Double(candidate.utterances) + Self.allowance)
  }

  /// The chosen ones, those of most feeling first.
  var chosen: [(candidate: ConversationCandidate, reason: Reason)] {
    let isLong = candidates.map { $0.utterances >= Self.leastUtterances }
    func ranked(_ value: (ConversationCandidate) -> Double) -> [Int] {
      let values = candidates.map(value)
      // Ties in the order of time.
      return candidates.indices.filter { values[$0] > 0 }.sorted { left, right in
        if isLong[left] != isLong[right] { return isLong[left] }
        return values[left] != values[right] ? values[left] > values[right] : left < right
      }
    }
    let byFeeling = ranked(feeling)
    var taken: [Int] = []
    var led: [String: Int] = [:]
    for place in byFeeling where taken.count < Self.mostForFeeling {
      guard let emotion = leading(candidates[place]), led[emotion, default: 0] < Self.mostOfOneEmotion else { continue }
      led[emotion, default: 0] += 1
      taken.append(place)
    }
    for place in byFeeling where taken.count < Self.mostForFeeling && !taken.contains(place) { taken.append(place) }
    let order = Dictionary(byFeeling.enumerated().map { ($1, $0) }) { first, _ in first }
    taken.sort { order[$0, default: 0] < order[$1, default: 0] }
    var all = taken.map { (place: $0, reason: Reason.feeling) }
    if let place = ranked(doubt).first(where: { !taken.contains($0) }) { all.append((place, .doubt)) }
    // Where too few were felt, or nothing is unsure, the places go to the other kind.
    for place in byFeeling where all.count < Self.most && !all.contains(where: { $0.place == place }) {
      all.append((place, .feeling))
    }
    for place in ranked(doubt) where all.count < Self.most && !all.contains(where: { $0.place == place }) {
      all.append((place, .doubt))
    }
    return all.map { (candidates[$0.place], $0.reason) }
  }

  /// The rule, for those who read what it chose.
  static let inWords =
    "The four in which most was felt for their length, sure labels and emotions that are rare in this period counting more, "
    + "and no emotion leading more than two of them; then the one in which the model is least sure."
}
