import AmbqConfiguration
import DialogueDomain
import EvaluationStatistics
import Foundation
import ResultIndex

/// Everything a report is made from: plain values, so that reports can be made and tested without an index.
public struct NightSources: Sendable {
  /// What time the report is about.
  public var period: ReportPeriod
  /// What happened in that time.
  public var night: NightData
  /// The night before, for comparison.
  public var previous: NightData
  /// Label counts of the nights before by model digest, the latest first; nights without data are empty.
  ///
  /// Eight of them: seven for this night, and seven for the one before.
  public var earlier: [[String: [Int]]]
  /// The limits that the verdict goes by.
  public var limits: AmbdConfiguration.Report
  /// Fingerprint of the settings that shape a report.
  public var configurationDigest: String
  /// The version of the programs.
  public var version: String
  /// Another model's noise curves, which effective robustness is measured against.
  public var baseline: NoiseFigures?
  /// Which utterances are counted; nil: all.
  public var filter: ReportFilter?

  /// Takes what a report is made from; what is left out is empty.
  public init(
    period: ReportPeriod, night: NightData, previous: NightData = NightData(), earlier: [[String: [Int]]] = [],
    limits: AmbdConfiguration.Report = .init(), configurationDigest: String = "", version: String = Version.current,
    baseline: NoiseFigures? = nil, filter: ReportFilter? = nil
  ) {
    self.period = period
    self.night = night
    self.previous = previous
    self.earlier = earlier
    self.limits = limits
    self.configurationDigest = configurationDigest
    self.version = version
    self.baseline = baseline
    self.filter = filter
  }
}

/// What time a report is about.
public struct ReportPeriod: Sendable, Hashable, Codable {
  /// The morning of a nightly report, `2026-11-24`; nil for any other period.
  public var date: String?
  /// The first moment of the period.
  public var start: Date
  /// Not within the period any more.
  public var end: Date
  /// The zone whose clocks the report shows, such as `Europe/Berlin`.
  public var timeZone: String

  /// A period between two moments.
  public init(date: String? = nil, start: Date, end: Date, timeZone: String) {
    self.date = date
    self.start = start
    self.end = end
    self.timeZone = timeZone
  }

  /// The period of a night's report, from its begin to its end.
  public init(_ night: Night, _ calendar: Calendar) {
    self.init(date: night.date.text, start: night.start, end: night.end, timeZone: calendar.timeZone.identifier)
  }

  /// The calendar of ISO dates in the report's zone.
  public var calendar: Calendar { .gregorian(in: TimeZone(identifier: timeZone) ?? .gmt) }
}

/// What happened within a period.
public struct NightData: Sendable, Equatable {
  /// In the order of time.
  public var scorings: [Scoring] = []
  /// What could not be scored, in the order of time.
  public var failures: [FailureRecord] = []
  /// One sum per shape: statistics of different models or plans do not add up.
  public var probes: [ProbeStatistics] = []
  /// The labels by speaker and name of emotion.
  public var speakers: [SpeakerLabels] = []
  /// What each model promised of its doubt and kept, by its digest.
  public var doubt: [String: DoubtComparison] = [:]
  /// Each model's labels against the truth, dialogue by dialogue, by its digest.
  public var dialogues: [String: [ConfusionCounts]] = [:]
  /// How sure the labels are.
  public var sureness = SurenessCounts()
  /// Those to open, as `ConversationChoice` chose them.
  public var conversations: [Conversation] = []
  /// What people corrected in it, of whatever night.
  public var corrections = NightCorrections()
  /// When the last correction of an utterance of its bundles was taken, whenever that was; nil where none was.
  public var lastCorrection: Date?

  /// What is left out is empty.
  public init(
    scorings: [Scoring] = [], failures: [FailureRecord] = [], probes: [ProbeStatistics] = [],
    speakers: [SpeakerLabels] = []
  ) {
    self.scorings = scorings
    self.failures = failures
    self.probes = probes
    self.speakers = speakers
  }

  /// Adds statistics to the sum of their shape.
  public mutating func add(_ statistics: ProbeStatistics) {
    guard statistics.shape != nil else { return }
    if let place = probes.firstIndex(where: { $0.shape == statistics.shape }) {
      probes[place] += statistics
    } else {
      probes.append(statistics)
    }
  }
}

/// One scoring of one bundle.
public struct Scoring: Sendable, Equatable {
  /// SHA-256 of the bundle's bytes.
  public var digest: String
  /// The file's name, told apart from others of that name.
  public var title: String
  /// The model's name, as its configuration says.
  public var modelName: String
  /// SHA-256 of the model's weights and configuration.
  public var modelDigest: String
  /// The model's classes, in their order.
  public var emotions: EmotionSet
  /// When it was scored.
  public var scored: Date
  /// Dialogues in the bundle.
  public var dialogues: Int
  /// Utterances in the bundle.
  public var utterances: Int
  /// Labels given, in the order of `emotions`.
  public var labels: [Int]
  /// Utterances of which nothing could be said.
  public var unknown: Int
  /// The sum of the labels' probabilities.
  public var confidenceSum: ExactSum
  /// Labels against the truth.
  public var truth: TruthComparison
  /// Whether and how its probes ran.
  public var probing: ProbeState
  /// Share of the words' pieces that the text encoder does not know; nil where it has read none.
  public var unknownWords: Double?
  /// Label counts of the model's training data, where its configuration tells.
  public var trainingLabels: [Int]?

  /// One scoring with all that a report needs of it.
  public init(
    digest: String, title: String, modelName: String, modelDigest: String, emotions: EmotionSet, scored: Date,
    dialogues: Int, utterances: Int, labels: [Int], unknown: Int = 0, confidenceSum: ExactSum,
    truth: TruthComparison = .zero, probing: ProbeState = .skipped, unknownWords: Double? = nil,
    trainingLabels: [Int]? = nil
  ) {
    self.digest = digest
    self.title = title
    self.modelName = modelName
    self.modelDigest = modelDigest
    self.emotions = emotions
    self.scored = scored
    self.dialogues = dialogues
    self.utterances = utterances
    self.labels = labels
    self.unknown = unknown
    self.confidenceSum = confidenceSum
    self.truth = truth
    self.probing = probing
    self.unknownWords = unknownWords
    self.trainingLabels = trainingLabels
  }
}

extension [Scoring] {
  /// The emotions of all their models, each name once, in class order.
  var emotionNames: [String] {
    reduce(into: []) { names, scoring in
      for name in scoring.emotions.names where !names.contains(name) { names.append(name) }
    }
  }
}

/// How often one speaker was given each emotion.
public struct SpeakerLabels: Sendable, Equatable {
  /// As in the bundles.
  public var speaker: String
  /// Labels given, by the emotion's name.
  public var counts: [String: Int]

  /// One speaker's counts.
  public init(speaker: String, counts: [String: Int]) {
    self.speaker = speaker
    self.counts = counts
  }
}
