import AmbqConfiguration
import DialogueDomain
import DialoguePages
import EvaluationStatistics
import Foundation
import ResultIndex

/// Gathers what a report is made from out of an index.
///
/// A scoring belongs to the period it was made in, whatever happened to the bundle since: when another model scores it
/// again, old reports stay as they were.
public struct NightGathering {
  private let reader: IndexReader
  private let configuration: AmbdConfiguration
  private let calendar: Calendar

  /// - Parameter calendar: its time zone is the one whose clocks the report shows.
  public init(_ reader: IndexReader, _ configuration: AmbdConfiguration, _ calendar: Calendar) {
    self.reader = reader
    self.configuration = configuration
    self.calendar = calendar
  }

  /// The report of a night.
  public func report(of night: Night) throws -> NightReport { NightReport(try sources(of: night)) }

  /// The same with the pages of its conversations to open, in their order.
  public func reportWithPages(of night: Night) throws -> (report: NightReport, conversations: [DialoguePage]) {
    let sources = try sources(of: night)
    let report = NightReport(sources)
    let pages = try zip(sources.night.conversations, report.morning?.conversations ?? []).map { conversation, figures in
      let turns = try conversation.number.map { try reader.turns(of: conversation.dialogue, in: $0) } ?? []
      return ConversationPages.page(figures, turns, date: night.date.text, matching: reader.matching)
    }
    return (report, pages)
  }

  private func sources(of night: Night) throws -> NightSources {
    let at = configuration.report.at
    let earlier = (1...DriftFigures.nights + 1).map { night.back($0, at: at, calendar) }
    return try sources(of: ReportPeriod(night, calendar), earlier: earlier.map { ($0.start, $0.end) })
  }

  /// The report of any other period; the night before is then as long a stretch before it.
  public func report(since: Date, until: Date) throws -> NightReport {
    let length = until.timeIntervalSince(since)
    let isDays = length.truncatingRemainder(dividingBy: 86_400) == 0
    let earlier = (1...DriftFigures.nights + 1).map { number in
      let back = isDays ? Int(length / 86_400) * number : 0
      let start = calendar.date(byAdding: .day, value: -back, to: since) ?? since
      let end = calendar.date(byAdding: .day, value: -back, to: until) ?? until
      let shift = isDays ? 0 : -length * Double(number)
      return (start.addingTimeInterval(shift), end.addingTimeInterval(shift))
    }
    let period = ReportPeriod(start: since, end: until, timeZone: calendar.timeZone.identifier)
    return NightReport(try sources(of: period, earlier: earlier))
  }

  private func sources(of period: ReportPeriod, earlier: [(start: Date, end: Date)]) throws -> NightSources {
    let night = try data(since: period.start, until: period.end, withSpeakers: true)
    let previous = try earlier.first.map { try data(since: $0.start, until: $0.end, withSpeakers: false) }
    return NightSources(
      period: period, night: night, previous: previous ?? NightData(), earlier: try earlier.map(labels),
      limits: configuration.report, configurationDigest: Fingerprint.text(configuration.reportSettings),
      baseline: try baseline())
  }

  /// What happened within a period.
  ///
  /// - Parameter withSpeakers: whether to count by speaker and to choose conversations, which reads every utterance.
  func data(since: Date, until: Date, withSpeakers: Bool) throws -> NightData {
    var night = NightData()
    var places: [Int64: Int] = [:]
    try reader.forEachProbe(since: since, until: until, allModels: true) { probe in
      places[probe.bundle.id] = night.scorings.count
      night.scorings.append(Scoring(probe))
      if let bytes = probe.statistics { night.add(try ProbeStatistics(encoded: bytes)) }
    }
    for labels in try reader.emotionTimes(since: since, until: until, allModels: true) {
      guard let place = places[labels.bundle] else { continue }
      night.scorings[place].add(labels)
    }
    let isLabelled = night.scorings.contains { $0.truth.emotions.count > 0 }
    if withSpeakers || isLabelled {
      var speakers: [String: [String: Int]] = [:]
      for labels in try reader.speakerTimes(since: since, until: until, allModels: true) {
        speakers[labels.speaker, default: [:]][labels.emotion, default: 0] += labels.count
        guard let place = places[labels.bundle], let truth = labels.truth else { continue }
        night.scorings[place].truth.add(
          truth: truth, label: labels.emotion, count: labels.count, matching: reader.matching)
      }
      night.speakers = speakers.sorted { $0.key < $1.key }.map { SpeakerLabels(speaker: $0.key, counts: $0.value) }
    }
    if withSpeakers {
      night.corrections.people = try reader.correctionCounts(since: since, until: until)
      try reader.forEachCorrectedBundle(since: since, until: until) { bundle in
        night.corrections.add(bundle, matching: reader.matching)
      }
      var labels = UtteranceQuery()
      (labels.since, labels.until, labels.allModels) = (since, until, true)
      night.doubt = try reader.doubtComparisons(labels)
      if isLabelled { night.dialogues = try reader.dialogueConfusions(labels) }
      var reading = ConversationReading()
      try reader.forEachDialogueTally(since: since, until: until, allModels: true) { tally in
        guard let place = places[tally.bundle] else { return }
        let isLabel = night.scorings[place].emotions.index(of: tally.emotion) != nil
        reading.add(tally, scoring: place, isLabel: isLabel)
      }
      night.sureness = reading.sureness
      night.conversations = try reading.conversations(night.scorings, from: reader)
    }
    var query = FailureQuery()
    (query.since, query.until, query.includesResolved) = (since, until, true)
    night.failures = try reader.failures(query)
    return night
  }

  /// Label counts of a period by model.
  private func labels(since: Date, until: Date) throws -> [String: [Int]] {
    var query = BundleQuery()
    (query.since, query.until, query.allModels) = (since, until, true)
    let bundles = try reader.bundles(query)
    let models = Dictionary(bundles.map { ($0.id, $0) }) { first, _ in first }
    var counts: [String: [Int]] = [:]
    for labels in try reader.emotionTimes(since: since, until: until, allModels: true) {
      guard let bundle = models[labels.bundle], let place = bundle.emotions.index(of: labels.emotion) else { continue }
      counts[bundle.modelDigest, default: [Int](repeating: 0, count: bundle.emotions.count)][place] += labels.count
    }
    return counts
  }

  private func baseline() throws -> NoiseFigures? {
    let path = configuration.report.baseline
    return path.isEmpty ? nil : try NoiseFigures(baseline: URL(fileURLWithPath: path))
  }
}

extension Scoring {
  fileprivate init(_ probe: IndexedProbe) {
    let bundle = probe.bundle
    self.init(
      digest: bundle.digest, title: bundle.title, modelName: bundle.modelName, modelDigest: bundle.modelDigest,
      emotions: bundle.emotions, scored: bundle.scored, dialogues: bundle.dialogues, utterances: bundle.utterances,
      labels: [Int](repeating: 0, count: bundle.emotions.count), confidenceSum: .zero,
      truth: bundle.labelled > 0 ? TruthComparison(bundle.emotions) : .zero,
      probing: probe.state ?? .skipped, unknownWords: bundle.unknownWords, trainingLabels: bundle.trainingLabels)
  }

  fileprivate mutating func add(_ times: EmotionTime) {
    guard let place = emotions.index(of: times.emotion) else {
      unknown += times.count
      return
    }
    labels[place] += times.count
    confidenceSum += ExactSum(rounding: times.confidenceSum)
  }
}
