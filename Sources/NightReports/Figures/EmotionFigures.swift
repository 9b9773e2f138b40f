import DialogueDomain
import EvaluationStatistics
import Foundation

/// The labels of the period: in all, over time and by speaker.
///
/// Emotions of different models that have one name are counted together.
public struct EmotionFigures: Codable, Sendable, Equatable {
  /// The counts of one stretch of time.
  public struct Stretch: Codable, Sendable, Equatable {
    /// When it begins.
    public var start: Date
    /// In the order of `names`.
    public var counts: [Int]
  }

  /// The counts of one speaker.
  public struct Speaker: Codable, Sendable, Equatable {
    /// As in the bundles.
    public var name: String
    /// In the order of `names`.
    public var counts: [Int]
  }

  /// In class order; `unknown` last, where it was given.
  public var names: [String]
  /// Labels of the whole period, in the order of `names`.
  public var counts: [Int]
  /// Over all labels; nil where there is none.
  public var meanConfidence: Double?
  /// `hour` or `day`.
  public var stretch: String
  /// By the time of scoring, since bundles do not say when people spoke; only stretches with labels.
  public var stretches: [Stretch]
  /// Those with most labels first, `listed` at most.
  public var speakers: [Speaker]
  /// Speakers in all, also those beyond `listed`.
  public var speakerCount: Int

  private static let listed = 12
  /// Longer periods are cut into days.
  private static let longestHourly = 49.0 * 3600

  init(_ night: NightData, _ period: ReportPeriod) {
    var names = night.scorings.emotionNames
    let unknown = night.scorings.reduce(0) { $0 + $1.unknown }
    if unknown > 0 { names.append(ScoredUtterance.unknownEmotion) }
    self.names = names

    func added(_ scorings: [Scoring]) -> [Int] {
      var sums: [String: Int] = [:]
      for scoring in scorings {
        for (name, count) in zip(scoring.emotions.names, scoring.labels) { sums[name, default: 0] += count }
        sums[ScoredUtterance.unknownEmotion, default: 0] += scoring.unknown
      }
      return names.map { sums[$0] ?? 0 }
    }
    counts = added(night.scorings)
    let labels = night.scorings.reduce(0) { $0 + $1.labels.reduce(0, +) }
    meanConfidence = labels == 0 ? nil : night.scorings.map(\.confidenceSum).total().value / Double(labels)

    let calendar = period.calendar
    let isHourly = period.end.timeIntervalSince(period.start) <= Self.longestHourly
    stretch = isHourly ? "hour" : "day"
    let groups = Dictionary(grouping: night.scorings) { scoring in
      calendar.dateInterval(of: isHourly ? .hour : .day, for: scoring.scored)?.start ?? scoring.scored
    }
    stretches = groups.sorted { $0.key < $1.key }.map { Stretch(start: $0.key, counts: added($0.value)) }

    speakerCount = night.speakers.count
    let busiest = night.speakers.map { speaker in
      Speaker(name: speaker.speaker, counts: names.map { speaker.counts[$0] ?? 0 })
    }.sorted { ($1.counts.reduce(0, +), $0.name) < ($0.counts.reduce(0, +), $1.name) }
    speakers = Array(busiest.prefix(Self.listed))
  }
}

/// How far the labels have moved from the training data and from the nights before.
///
/// Jensen–Shannon divergence to base 2: 0 for equal shares, 1 for shares with no class in common.
public struct DriftFigures: Codable, Sendable, Equatable {
  /// Nights looked back on.
  public static let nights = 7

  /// Against the training labels; nil where they are not known or nothing was labelled.
  public var training: Double?
  /// Labels of the training data, in class order; nil where the model does not tell.
  public var trainingCounts: [Int]?
  /// Against the seven nights before together; nil where they have no labels of this model.
  public var week: Double?
  /// Labels of the seven nights before together, in class order.
  public var weekCounts: [Int]
  /// Of the seven nights, those with labels of this model.
  public var weekNights: Int

  init(_ counts: [Int], training: [Int]?, earlier: [[Int]]) {
    trainingCounts = training
    self.training = training.flatMap { DistributionDistance.jensenShannon(counts, $0) }
    let nights = earlier.filter { $0.count == counts.count && $0.contains { $0 > 0 } }
    weekNights = nights.count
    weekCounts = counts.indices.map { index in nights.reduce(0) { $0 + $1[index] } }
    week = DistributionDistance.jensenShannon(counts, weekCounts)
  }
}

/// How well labels agree with the truth.
public struct QualityFigures: Codable, Sendable, Equatable {
  /// One class.
  public struct Class: Codable, Sendable, Equatable {
    /// The class's name.
    public var emotion: String
    /// Utterances whose truth it is.
    public var support: Int
    /// Utterances labelled so.
    public var predictions: Int
    /// Right labels of all labels given so; 0 where none was given.
    public var precision: Double
    /// Right labels of all utterances whose truth it is; 0 where there is none.
    public var recall: Double
    /// 2 · precision · recall / (precision + recall); 0 where both are 0.
    public var f1: Double
  }

  /// Utterances whose truth is known, as far as they are counted.
  public var utterances: Int
  /// Share of them that are labelled rightly; nil over none, here and below.
  public var accuracy: Double?
  /// Mean of the classes' F1, weighted by their support.
  public var weightedF1: Double?
  /// Where weighted F1 lies for 95 % of draws of as many dialogues, with replacement; nil over fewer than two dialogues.
  public var weightedF1Band: ConfidenceBand?
  /// Mean of the F1 of the classes that occur.
  public var macroF1: Double?
  /// Utterances of true emotions that the model does not know, by their name: counted by no figure.
  public var otherEmotions: [String: Int]
  /// Utterances with a true emotion that lack every modality: counted by no figure.
  public var unjudged: Int
  /// What no figure counts, in words.
  public var apart: String?
  /// In class order.
  public var classes: [Class]
  /// Truth in rows, labels in columns.
  public var confusion: [[Int]]

  /// Nil where no truth is known.
  ///
  /// - Parameter dialogues: the same labels dialogue by dialogue, for the band; empty where they are not known.
  init?(_ truth: TruthComparison, dialogues: [ConfusionCounts] = []) {
    guard truth.hasTruth else { return nil }
    let counts = truth.confusion
    utterances = truth.utterances
    accuracy = truth.accuracy
    weightedF1 = truth.weightedF1
    weightedF1Band = ConfusionCounts.weightedF1Band(dialogues)
    macroF1 = truth.macroF1
    otherEmotions = truth.otherEmotions
    unjudged = truth.unanswered
    apart = truth.apartInWords
    classes = zip(truth.emotions.names, counts.perClass).map { name, figures in
      Class(
        emotion: name, support: figures.support, predictions: figures.predictions, precision: figures.precision,
        recall: figures.recall, f1: figures.f1)
    }
    confusion = counts.matrix
  }
}

extension ConfusionCounts {
  /// The counts row by row.
  var matrix: [[Int]] {
    (0..<classes).map { row in (0..<classes).map { self[truth: row, predicted: $0] } }
  }
}
