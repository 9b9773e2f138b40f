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
  private let filter: ReportFilter?

  /// - Parameters:
  ///   - calendar: its time zone is the one whose clocks the report shows.
  ///   - filter: which utterances count; nil: all.
  public init(
    _ reader: IndexReader, _ configuration: AmbdConfiguration, _ calendar: Calendar, filter: ReportFilter? = nil
  ) {
    self.reader = reader
    self.configuration = configuration
    self.calendar = calendar
    self.filter = filter
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
      baseline: try baseline(), filter: filter)
  }

  /// What happened within a period.
  ///
  /// - Parameter withSpeakers: whether to count by speaker, to choose conversations and to keep the noise curves of each
  ///   dialogue: what is compared with a night needs none of that.
  func data(since: Date, until: Date, withSpeakers: Bool) throws -> NightData {
    var night = NightData()
    var places: [Int64: Int] = [:]
    let query = query(since: since, until: until)
    let times = try reader.emotionTimes(query)
    let counts = times.reduce(into: [:]) { $0[$1.bundle, default: 0] += $1.count }
    var probes = ProbeSums(withCurves: withSpeakers)
    try reader.forEachProbe(of: query.bundles, by: query.models, since: since, until: until, allModels: true) { probe in
      let count = counts[probe.bundle.id] ?? 0
      if filter != nil, count == 0 { return }
      places[probe.bundle.id] = night.scorings.count
      night.scorings.append(scoring(probe, count: count))
      guard let bytes = probe.statistics, holdsProbes(of: probe.bundle, count: count) else { return }
      try probes.add(encoded: bytes)
    }
    night.probes = probes.sums
    for labels in times {
      guard let place = places[labels.bundle] else { continue }
      night.scorings[place].add(labels)
    }
    let isLabelled = night.scorings.contains { $0.truth.emotions.count > 0 }
    if withSpeakers || isLabelled {
      var labels = NightLabels(
        emotions: try reader.emotionNames(),
        dialogueNames: withSpeakers ? try reader.dialogueNames(since: since, until: until, allModels: true) : nil,
        matching: reader.matching)
      try reader.forEachScoringsLabels(query) { bundle, found in
        guard let place = places[bundle] else { return }
        labels.add(found, bundle: bundle, to: &night.scorings[place], place: place)
      }
      if withSpeakers {
        night.speakers = try labels.speakers(reader.speakerNames)
        night.dialogues = labels.dialogues
        night.sureness = labels.conversations.sureness
        if filter != nil {
          for (place, count) in labels.conversations.dialogueCounts { night.scorings[place].dialogues = count }
        }
        night.conversations = try labels.conversations.conversations(night.scorings, from: reader)
      }
    }
    if withSpeakers {
      if filter == nil { try addCorrections(since: since, until: until, to: &night) }
      night.lastCorrection = try reader.lastCorrection(ofBundlesScoredSince: since, until: until)
      night.doubt = try reader.doubtComparisons(query)
    }
    if filter?.tellsFailures ?? true {
      var failures = FailureQuery()
      (failures.names, failures.since, failures.until, failures.includesResolved) = (query.bundles, since, until, true)
      night.failures = try reader.failures(failures)
    }
    return night
  }

  /// The utterances of a period that count, whatever model labelled them.
  private func query(since: Date, until: Date) -> UtteranceQuery {
    let period = UtteranceQuery(since: since, until: until, allModels: true)
    return filter?.query(within: period) ?? period
  }

  private func scoring(_ probe: IndexedProbe, count: Int) -> Scoring {
    var scoring = Scoring(probe)
    guard let filter else { return scoring }
    scoring.utterances = count
    if filter.isByLabel { scoring.trainingLabels = nil }
    return scoring
  }

  /// Whether what the probes of a bundle found is of the utterances that count.
  private func holdsProbes(of bundle: IndexedBundle, count: Int) -> Bool {
    guard let filter else { return true }
    return filter.isOfWholeDialogues && count == bundle.utterances
  }

  private func addCorrections(since: Date, until: Date, to night: inout NightData) throws {
    night.corrections.people = try reader.correctionCounts(since: since, until: until)
    try reader.forEachCorrectedBundle(since: since, until: until) { bundle in
      night.corrections.add(bundle, matching: reader.matching)
    }
  }

  /// Label counts of a period by model.
  private func labels(since: Date, until: Date) throws -> [String: [Int]] {
    var query = BundleQuery()
    (query.since, query.until, query.allModels) = (since, until, true)
    let bundles = try reader.bundles(query)
    let models = Dictionary(bundles.map { ($0.id, $0) }) { first, _ in first }
    var counts: [String: [Int]] = [:]
    for labels in try reader.emotionTimes(self.query(since: since, until: until)) {
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
