import DialogueDomain
import Foundation
import Presentation

/// What a person reads first: what was felt, by whom, how surely; what to open, to mend and to wonder about.
public struct MorningFigures: Codable, Sendable, Equatable {
  /// The period in a sentence.
  public var headline: String
  /// What was felt most first, what says that nothing marked was felt last; only emotions that were given.
  public var felt: [FeltEmotion]
  /// The busiest speakers, twelve at most.
  public var speakers: [FeltSpeaker]
  /// Speakers in all.
  public var speakerCount: Int
  /// Utterances that have no label, since nothing of them could be read.
  public var unlabelled: Int
  /// Nil where nothing was labelled.
  public var sureness: SurenessFigures?
  /// The conversations to open, by `rule`; five at most.
  public var conversations: [ConversationFigures]
  /// How they were chosen, in words.
  public var rule: String
  /// What could not be scored, and how to mend it.
  public var failed: [FailureGroup]
  /// What is not as it was in the nights before, or as the limits ask.
  public var unusual: [UnusualFigure]

  init(_ sources: NightSources, _ verdict: Verdict, _ models: [ModelFigures], _ emotions: EmotionFigures) {
    let night = sources.night
    felt = FeltEmotion.all(emotions, night.speakers)
    speakers = emotions.speakers.map { FeltSpeaker($0, emotions.names) }
    speakerCount = emotions.speakerCount
    unlabelled = night.scorings.reduce(0) { $0 + $1.unknown }
    sureness = SurenessFigures(night)
    conversations = night.conversations.map(ConversationFigures.init)
    rule = ConversationChoice.inWords
    failed = FailureGroup.all(night.failures)
    unusual = UnusualFigure.all(sources, verdict, models)
    headline = Self.headline(night, felt)
  }

  private static func headline(_ night: NightData, _ felt: [FeltEmotion]) -> String {
    guard !felt.isEmpty else { return "Nothing was labelled in this period." }
    let dialogues = night.scorings.reduce(0) { $0 + $1.dialogues }
    let utterances = felt.reduce(0) { $0 + $1.utterances }
    let most = felt.sorted { ($1.utterances, $0.emotion) < ($0.utterances, $1.emotion) }.prefix(3)
    return
      "\(NumberText.count(utterances, "utterance")) in \(NumberText.count(dialogues, "conversation")) \(utterances == 1 ? "was" : "were") labelled: "
      + most.map { "\(NumberText.percent($0.share)) \($0.emotion)" }.joined(separator: ", ") + "."
  }
}

/// How often an emotion was said to be felt, and by whom.
public struct FeltEmotion: Codable, Sendable, Equatable {
  /// One of those who felt it.
  public struct Speaker: Codable, Sendable, Equatable {
    /// As in the bundles.
    public var name: String
    /// Utterances labelled so.
    public var utterances: Int
  }

  /// The label's name.
  public var emotion: String
  /// Utterances labelled so.
  public var utterances: Int
  /// Share of all labels.
  public var share: Double
  /// Those to whom it was given most often, three at most.
  public var speakers: [Speaker]

  private static let listed = 3

  static func all(_ figures: EmotionFigures, _ speakers: [SpeakerLabels]) -> [FeltEmotion] {
    let labels = zip(figures.names, figures.counts).filter { $0.0 != ScoredUtterance.unknownEmotion && $0.1 > 0 }
    let total = Double(max(labels.reduce(0) { $0 + $1.1 }, 1))
    let felt = labels.map { name, count in
      let by = speakers.compactMap { speaker in
        speaker.counts[name].map { Speaker(name: speaker.speaker, utterances: $0) }
      }
      .filter { $0.utterances > 0 }
      .sorted { ($1.utterances, $0.name) < ($0.utterances, $1.name) }
      return FeltEmotion(
        emotion: name, utterances: count, share: Double(count) / total, speakers: Array(by.prefix(listed)))
    }
    // Equals stay in class order.
    return felt.enumerated().sorted { left, right in
      let (first, second) = (Feeling.isFelt(left.element.emotion), Feeling.isFelt(right.element.emotion))
      if first != second { return first }
      return (right.element.utterances, left.offset) < (left.element.utterances, right.offset)
    }.map(\.element)
  }
}

/// What one speaker was said to feel.
public struct FeltSpeaker: Codable, Sendable, Equatable {
  /// What was felt and how often.
  public struct Emotion: Codable, Sendable, Equatable {
    /// The label's name.
    public var emotion: String
    /// Utterances labelled so.
    public var utterances: Int
  }

  /// As in the bundles.
  public var name: String
  /// Utterances with a label.
  public var utterances: Int
  /// What was felt most first, without what says that nothing marked was felt; three at most.
  public var felt: [Emotion]
  /// Utterances in which something was felt.
  public var feltUtterances: Int

  private static let listed = 3

  init(_ speaker: EmotionFigures.Speaker, _ names: [String]) {
    let labels = zip(names, speaker.counts).map { Emotion(emotion: $0, utterances: $1) }
    let felt = labels.filter { Feeling.isFelt($0.emotion) && $0.utterances > 0 }
    name = speaker.name
    utterances = labels.filter { $0.emotion != ScoredUtterance.unknownEmotion }.reduce(0) { $0 + $1.utterances }
    feltUtterances = felt.reduce(0) { $0 + $1.utterances }
    let ranked = felt.enumerated().sorted {
      ($1.element.utterances, $0.offset) < ($0.element.utterances, $1.offset)
    }
    self.felt = Array(ranked.map(\.element).prefix(Self.listed))
  }
}

/// How sure the labels are, and how right where the truth is known.
public struct SurenessFigures: Codable, Sendable, Equatable {
  /// Labels that are sure.
  public var sure: Int
  /// Labels that are fairly sure.
  public var fairly: Int
  /// Labels that are unsure.
  public var unsure: Int
  /// Labels whose truth is known.
  public var judged: Int
  /// Share of them that are right; nil over none.
  public var right: Double?
  /// The same in words.
  public var line: String

  init?(_ night: NightData) {
    let counts = night.sureness
    guard counts.total > 0 else { return nil }
    (sure, fairly, unsure) = (counts.sure, counts.fairly, counts.unsure)
    let truth = night.scorings.map(\.truth).total()
    (judged, right) = (truth.utterances, truth.accuracy)
    func share(_ count: Int) -> String { NumberText.percent(Double(count) / Double(counts.total)) }
    line =
      "The model was sure of \(share(sure)) of its labels, fairly sure of \(share(fairly)) and unsure of \(share(unsure)); "
      + "an unsure label is a hint, no finding. (Sure: a probability of \(NumberText.percent(Sureness.leastSure)) or more; "
      + "unsure: less than the model's own limit, or than \(NumberText.percent(Sureness.leastFairly)) where it has none.)"
      + (right.map { right in
        " Where the files say what was truly felt (\(NumberText.count(truth.utterances, "utterance"))), "
          + "\(NumberText.percent(right)) of the labels were right."
      } ?? " Nobody has said what was truly felt, so how many labels are right is not known.")
  }
}
