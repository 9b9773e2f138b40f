import DialogueDomain

/// Labels compared with true emotions: what every accuracy and F1 is made of, and what none of them counts.
///
/// Whoever states such a figure makes it here, so that one bundle has one accuracy wherever it is asked for. What the true
/// emotion is, `Correction` says: the last correction, else the bundle's own label. Probes alone, which are of the moment of
/// scoring, go by the bundle's own.
public struct TruthComparison: AdditiveStatistic, Hashable {
  /// The classes of the confusion counts.
  public private(set) var emotions: EmotionSet
  /// Truth against label, over the utterances that have both.
  public private(set) var confusion: ConfusionCounts
  /// Utterances whose true emotion is no class of the model, by its name.
  public private(set) var otherEmotions: [String: Int] = [:]
  /// Utterances with a true emotion of which nothing can be said, for they lack every modality.
  public private(set) var unanswered = 0

  /// Nothing compared yet.
  public init(_ emotions: EmotionSet) {
    self.emotions = emotions
    confusion = ConfusionCounts(classes: emotions.count)
  }

  /// The comparison of nothing.
  public static let zero = TruthComparison(EmotionSet([]))

  /// Counts taken elsewhere; they must be over these classes.
  public init(_ emotions: EmotionSet, confusion: ConfusionCounts) {
    precondition(confusion.classes == emotions.count, "counts over the emotions")
    self.emotions = emotions
    self.confusion = confusion
  }

  /// Counts utterances of one true emotion and one label, both by name.
  ///
  /// A label that is no class of the model is that of utterances of which nothing can be said.
  public mutating func add(truth: String, label: String, count: Int = 1, matching: EmotionMatching) {
    add(truth: truth, class: emotions.index(of: label), count: count, matching: matching)
  }

  /// Counts utterances of one true emotion and one label.
  ///
  /// - Parameter label: the class that the utterance was given; nil where nothing can be said.
  public mutating func add(truth: String, class label: Int?, count: Int = 1, matching: EmotionMatching) {
    switch matching.agreement(truth: truth, label: label, in: emotions) {
    case .judged(let truth, let label): confusion.add(truth: truth, predicted: label, count: count)
    case .otherEmotion: otherEmotions[truth, default: 0] += count
    case .unanswered: unanswered += count
    }
  }

  /// Adds what was compared elsewhere; classes of the same name are one.
  public static func += (left: inout TruthComparison, right: TruthComparison) {
    if left.emotions == right.emotions {
      left.confusion += right.confusion
    } else {
      let added = right.emotions.names.filter { left.emotions.index(of: $0) == nil }
      let union = EmotionSet(left.emotions.names + added)
      left = TruthComparison(
        union, left.confusion.over(union, from: left.emotions) + right.confusion.over(union, from: right.emotions),
        left.otherEmotions, left.unanswered)
    }
    left.otherEmotions.merge(right.otherEmotions, uniquingKeysWith: +)
    left.unanswered += right.unanswered
  }

  private init(_ emotions: EmotionSet, _ confusion: ConfusionCounts, _ otherEmotions: [String: Int], _ unanswered: Int)
  {
    (self.emotions, self.confusion) = (emotions, confusion)
    (self.otherEmotions, self.unanswered) = (otherEmotions, unanswered)
  }

  /// Utterances that the figures are over.
  public var utterances: Int { confusion.total }
  /// Utterances with a true emotion that no figure counts.
  public var apart: Int { otherEmotions.values.reduce(0, +) + unanswered }
  /// Whether any utterance has a true emotion.
  public var hasTruth: Bool { utterances + apart > 0 }
  /// Share of the utterances that are labelled right; nil over none.
  public var accuracy: Double? { utterances == 0 ? nil : confusion.accuracy }
  /// F1 averaged over classes by support; nil over none.
  public var weightedF1: Double? { utterances == 0 ? nil : confusion.weightedF1 }
  /// F1 averaged over the classes that occur; nil over none.
  public var macroF1: Double? { utterances == 0 ? nil : confusion.macroF1 }

  /// `3 of 5 labels agree with the truth`, or that there is no figure, and what is not counted.
  public var inWords: String {
    let figure =
      utterances == 0
      ? "no figure: no label can be compared with the truth"
      : "\(confusion.correct) of \(utterances) labels agree with the truth"
    return ([figure] + (apartInWords.map { [$0] } ?? [])).joined(separator: "; ")
  }

  /// The utterances that no figure counts, in words; nil where there are none.
  ///
  /// `not counted: 3 of emotions that the model does not know (awe 2, contempt 1), 4 that lack every modality`
  public var apartInWords: String? {
    guard apart > 0 else { return nil }
    let names = otherEmotions.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    var parts: [String] = []
    if !names.isEmpty {
      let listed = names.prefix(5).map { "\($0.key) \($0.value)" } + (names.count > 5 ? ["…"] : [])
      parts.append(
        "\(names.reduce(0) { $0 + $1.value }) of emotions that the model does not know "
          + "(\(listed.joined(separator: ", ")))")
    }
    if unanswered > 0 { parts.append("\(unanswered) that lack every modality") }
    return "not counted: " + parts.joined(separator: ", ")
  }
}

extension ConfusionCounts {
  /// The same counts over more classes, each found by its name.
  fileprivate func over(_ union: EmotionSet, from emotions: EmotionSet) -> ConfusionCounts {
    let places = emotions.names.map { union.index(of: $0) ?? 0 }
    var wider = ConfusionCounts(classes: union.count)
    for truth in places.indices {
      for label in places.indices {
        wider.add(truth: places[truth], predicted: places[label], count: self[truth: truth, predicted: label])
      }
    }
    return wider
  }
}
