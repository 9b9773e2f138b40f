import DialogueDomain
import EvaluationStatistics
import Foundation
import TestFolders
import Testing

@testable import ResultIndex

/// Queries answered by SQLite against the same queries answered by looking at every row.
struct QueryTests {
  private struct Stored {
    let bundle: ScoredBundle
    let scored: Date
    let isCurrent: Bool
    let row: ScoredUtterance
    let order: Int

    var scoringName: String { "\(bundle.digest) \(bundle.modelName)" }
  }

  private let folder: TemporaryFolder
  private let reader: IndexReader
  private let stored: [Stored]

  init() throws {
    folder = try TemporaryFolder()
    let writer = try IndexWriter(folder.index)
    var source = SyntheticBundles(seed: 11)
    var all: [Stored] = []
    for number in 0..<12 {
      // The last three are other models' scorings of the first three bundles' bytes.
      let name = "bundle-\(number % 9).h5"
      var bundle = source.bundle(
        name, digest: SyntheticBundles.digest(name), model: number < 9 ? "first" : "second", dialogues: 4, turns: 1...9,
        labelled: number % 2 == 0)
      // Tenths, so that there are equal ones; some utterances have none.
      for place in bundle.utterances.indices where place % 4 > 0 {
        bundle.utterances[place].stability = Double((place * 7 + number) % 11) / 10
      }
      // Not in the order of recording, and two bundles at one time.
      let scored = Date(timeIntervalSince1970: 1_800_000_000 + Double((number * 5) % 11) * 3600)
      _ = try writer.record(bundle, SyntheticBundles.scoring(at: scored, name: name))
      let isCurrent = number > 2
      for row in bundle.utterances {
        all.append(Stored(bundle: bundle, scored: scored, isCurrent: isCurrent, row: row, order: all.count))
      }
    }
    try writer.close()
    stored = all
    reader = try IndexReader(folder.index)
  }

  private func matches(_ item: Stored, _ query: UtteranceQuery) -> Bool {
    let row = item.row
    func among(_ names: [String], _ name: String) -> Bool {
      names.isEmpty || names.contains { $0 == name || ($0.hasSuffix("*") && name.hasPrefix($0.dropLast())) }
    }
    return (query.allModels || !query.models.isEmpty || item.isCurrent) && among(query.emotions, row.emotion)
      && !query.excludedEmotions.contains(row.emotion) && among(query.speakers, row.speaker)
      && among(query.dialogues, row.dialogue) && among(query.bundles, item.bundle.name)
      && among(query.models, item.bundle.modelName) && query.since.map { item.scored >= $0 } ?? true
      && query.until.map { item.scored < $0 } ?? true && row.confidence >= query.minimumConfidence ?? 0
      && row.confidence <= query.maximumConfidence ?? 1
      && query.stabilityBelow.map { limit in row.stability.map { $0 < limit } ?? false } ?? true
      && query.maximumStability.map { most in row.stability.map { $0 <= most } ?? false } ?? true
  }

  private func expected(_ query: UtteranceQuery) -> [Stored] {
    func isBefore(_ left: Stored, _ right: Stored) -> Bool {
      var descending = false
      for criterion in query.order {
        let (less, greater): (Bool, Bool) =
          switch criterion.field {
          case .time: (false, false)
          case .stability: Self.compare(left.row.stability, right.row.stability, criterion.descending)
          case .confidence: (left.row.confidence < right.row.confidence, left.row.confidence > right.row.confidence)
          case .dialogue: Self.compare(left.row.dialogue, right.row.dialogue)
          case .speaker: Self.compare(left.row.speaker, right.row.speaker)
          case .emotion: Self.compare(left.row.emotion, right.row.emotion)
          }
        if less || greater { return less != criterion.descending }
        if criterion.field == .time {
          descending = criterion.descending
          break
        }
      }
      let isLess = (left.scored, left.order) < (right.scored, right.order)
      return isLess != descending && left.order != right.order
    }
    let sorted = stored.filter { matches($0, query) }.sorted(by: isBefore)
    return Array(sorted.dropFirst(query.offset).prefix(query.limit ?? .max))
  }

  /// None comes last, up or down.
  private static func compare(_ left: Double?, _ right: Double?, _ descending: Bool) -> (less: Bool, greater: Bool) {
    guard let left, let right else {
      let (less, greater) = (left != nil && right == nil, left == nil && right != nil)
      return descending ? (greater, less) : (less, greater)
    }
    return (left < right, left > right)
  }

  /// SQLite compares text byte by byte.
  private static func compare(_ left: String, _ right: String) -> (less: Bool, greater: Bool) {
    (left.utf8.lexicographicallyPrecedes(right.utf8), right.utf8.lexicographicallyPrecedes(left.utf8))
  }

  private func randomQuery(_ generator: inout RepeatableRandom) -> UtteranceQuery {
    func sometimes(_ values: [String]) -> [String] {
      guard Int.random(in: 0..<3, using: &generator) == 0 else { return [] }
      return (0..<Int.random(in: 1...3, using: &generator)).compactMap { _ in values.randomElement(using: &generator) }
    }
    func chance() -> Bool { Int.random(in: 0..<3, using: &generator) == 0 }
    var query = UtteranceQuery()
    let emotions = SyntheticBundles.emotions.names
    query.emotions = sometimes(emotions)
    query.excludedEmotions = sometimes(emotions)
    query.speakers = sometimes(["Rachel", "Ross", "Müller, Jörg", "R*", "nobody"])
    query.dialogues = sometimes((0..<9).flatMap { ["bundle-\($0)-1", "bundle-\($0)-2", "bundle-\($0)-*"] })
    query.bundles = sometimes((0..<9).map { "bundle-\($0).h5" } + ["bundle-*"])
    if chance() { query.models = ["second"] }
    query.allModels = chance()
    func hours(_ range: ClosedRange<Int>) -> Date {
      Date(timeIntervalSince1970: 1_800_000_000 + Double(Int.random(in: range, using: &generator)) * 3600)
    }
    if chance() { query.since = hours(0...6) }
    if chance() { query.until = hours(4...11) }
    if chance() { query.minimumConfidence = Double.random(in: 0...0.9, using: &generator) }
    if chance() { query.stabilityBelow = Double(Int.random(in: 3...9, using: &generator)) / 10 }
    if chance() { query.maximumStability = Double(Int.random(in: 2...10, using: &generator)) / 10 }
    if chance() { query.maximumConfidence = Double.random(in: 0.2...1, using: &generator) }
    for _ in 0..<Int.random(in: 0...2, using: &generator) {
      let field = UtteranceOrder.Field.allCases.randomElement(using: &generator) ?? .time
      query.order.append(UtteranceOrder(field, descending: Bool.random(using: &generator)))
    }
    if chance() { query.limit = Int.random(in: 0...20, using: &generator) }
    if chance() { query.offset = Int.random(in: 0...20, using: &generator) }
    return query
  }

  @Test func randomQueriesFindWhatLookingAtEveryRowFinds() throws {
    var generator = RepeatableRandom(99)
    var found = 0
    for _ in 0..<400 {
      let query = randomQuery(&generator)
      let rows = try reader.utterances(query)
      let wanted = expected(query)
      #expect(rows.map(\.utterance) == wanted.map(\.row.utterance), "\(query)")
      #expect(rows.map(\.bundle.modelName) == wanted.map(\.bundle.modelName), "\(query)")
      let all = stored.filter { matches($0, query) }
      #expect(try reader.count(query) == all.count, "\(query)")
      #expect(try reader.hasUtterances(query) == !all.isEmpty, "\(query)")
      found += rows.isEmpty ? 0 : 1
    }
    // Most random queries find nothing; enough must find something for the test to mean anything.
    #expect(found > 60)
  }

  @Test func countsAgreeWithLookingAtEveryRow() throws {
    var generator = RepeatableRandom(5)
    for _ in 0..<100 {
      let query = randomQuery(&generator)
      let all = stored.filter { matches($0, query) }
      let emotions = try reader.emotionTotals(query)
      for name in SyntheticBundles.emotions.names {
        let mine = all.filter { $0.row.emotion == name }
        let theirs = emotions.filter { $0.emotion == name }
        #expect(theirs.reduce(0) { $0 + $1.count } == mine.count, "\(query)")
        let sum = mine.reduce(0) { $0 + $1.row.confidence }
        #expect(abs(theirs.reduce(0) { $0 + $1.confidenceSum } - sum) < 1e-9, "\(query)")
      }
      let owners: [(ShareOwner, KeyPath<Stored, String>)] = [(.speaker, \.row.speaker), (.bundle, \.scoringName)]
      for (owner, name) in owners {
        let expected = Dictionary(grouping: all) { $0[keyPath: name] }
        var (found, totals): ([String: [String: Int]], [Int]) = ([:], [])
        let number = try reader.forEachShare(of: owner, query) { share in
          let key = share.bundleDigest.map { "\($0) \(share.modelName ?? "")" } ?? share.name
          found[key] = share.emotions
          totals.append(share.emotions.values.reduce(0, +))
        }
        #expect(found == expected.mapValues { Dictionary(grouping: $0, by: \.row.emotion).mapValues(\.count) })
        #expect(totals == totals.sorted(by: >) && number == expected.count, "\(query)")
        var largest: [Int] = []
        let counted = try reader.forEachShare(of: owner, query, limit: 2) {
          largest.append($0.emotions.values.reduce(0, +))
        }
        #expect(largest == Array(totals.prefix(2)) && counted == number, "\(query)")
      }
      let period = try reader.scoringPeriod(query)
      #expect(period.bundles == Set(all.map(\.scoringName)).count)
      #expect(period.first == all.map(\.scored).min() && period.last == all.map(\.scored).max())
      let comparison = try reader.truthComparison(query)
      var expected = TruthComparison(comparison.emotions)
      for one in all {
        guard let truth = one.row.truth else { continue }
        expected.add(truth: truth, label: one.row.emotion, matching: EmotionMatching())
      }
      #expect(comparison == expected)
    }
  }

  /// What tells one group from another, as rows have it.
  private func groupName(_ item: Stored, _ grouping: UtteranceGrouping) -> String {
    switch grouping {
    case .emotion: return item.row.emotion
    case .speaker: return item.row.speaker
    case .dialogue: return [item.row.dialogue, item.bundle.digest, item.bundle.modelName].joined(separator: "|")
    case .model: return item.bundle.modelName
    case .day:
      let day = Calendar(identifier: .gregorian).dateComponents([.year, .month, .day], from: item.scored)
      return String(format: "%04d-%02d-%02d", day.year ?? 0, day.month ?? 0, day.day ?? 0)
    }
  }

  private func groupName(_ group: UtteranceGroup) -> String {
    guard let bundle = group.bundle else { return group.name }
    return [group.name, bundle.digest, bundle.modelName].joined(separator: "|")
  }

  @Test(arguments: UtteranceGrouping.allCases)
  func groupsAgreeWithLookingAtEveryRow(_ grouping: UtteranceGrouping) throws {
    var generator = RepeatableRandom(17)
    for _ in 0..<60 {
      let query = randomQuery(&generator)
      let all = stored.filter { matches($0, query) }
      let expected = Dictionary(grouping: all) { groupName($0, grouping) }
      var (counts, found): ([String: Int], [String: UtteranceGroup]) = ([:], [:])
      try reader.forEachGroup(grouping, query, order: GroupOrder(.name), hasFigures: false) { group in
        #expect(group.total == all.count && group.figures == nil)
        counts[groupName(group)] = group.utterances
      }
      #expect(counts == expected.mapValues(\.count), "\(query)")
      try reader.forEachGroup(grouping, query, order: GroupOrder(.name)) { found[groupName($0)] = $0 }
      if grouping == .emotion, !all.isEmpty, query.emotions.isEmpty {
        for name in SyntheticBundles.emotions.names where expected[name] == nil {
          let isNamed = !query.excludedEmotions.contains(name)
          #expect(found.removeValue(forKey: name).map { $0.utterances == 0 } ?? !isNamed, "\(name) of \(query)")
        }
      }
      #expect(Set(found.keys) == Set(expected.keys), "\(query)")
      for (name, rows) in expected {
        let group = try #require(found[name])
        let figures = try #require(group.figures)
        #expect(group.utterances == rows.count && group.total == all.count)
        #expect(figures.dialogues == Set(rows.map { groupName($0, .dialogue) }).count)
        #expect(figures.bundles == Set(rows.map { "\($0.bundle.digest) \($0.bundle.modelName)" }).count)
        #expect(figures.speakers == Set(rows.map(\.row.speaker)).count)
        let mean = rows.reduce(0) { $0 + $1.row.confidence } / Double(rows.count)
        #expect(abs((figures.meanConfidence ?? -1) - mean) < 1e-9 && figures.uncertain == nil)
        if grouping == .dialogue {
          #expect(figures.start == rows.compactMap(\.row.start).min())
          #expect(figures.end == rows.compactMap(\.row.end).max())
        }
        #expect(figures.firstScored == rows.map(\.scored).min() && figures.lastScored == rows.map(\.scored).max())
        let emotions = Dictionary(grouping: rows, by: \.row.emotion).mapValues(\.count)
        #expect(figures.emotions == (grouping == .emotion ? [:] : emotions))
      }
    }
  }

  @Test func groupsComeInTheOrderAskedFor() throws {
    func groups(
      _ grouping: UtteranceGrouping, _ field: GroupOrder.Field, descending: Bool = false, limit: Int? = nil
    ) throws -> [UtteranceGroup] {
      var found: [UtteranceGroup] = []
      let order = GroupOrder(field, descending: descending)
      try reader.forEachGroup(grouping, UtteranceQuery(), order: order, limit: limit) { found.append($0) }
      return found
    }
    let speakers = try groups(.speaker, .name).map(\.name)
    #expect(speakers.count == 8 && speakers == speakers.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
    let counts = try groups(.speaker, .utterances, descending: true).map(\.utterances)
    #expect(counts == counts.sorted(by: >))
    let confidences = try groups(.dialogue, .confidence).compactMap(\.figures?.meanConfidence)
    #expect(confidences.count == 36 && confidences == confidences.sorted())
    // By time, dialogues come as their utterances are listed.
    var listed: [String] = []
    try reader.forEachUtterance(UtteranceQuery()) { row in
      if listed.last != row.dialogue { listed.append(row.dialogue) }
    }
    #expect(try groups(.dialogue, .time).map(\.name) == listed)
    #expect(try groups(.dialogue, .time, descending: true, limit: 5).map(\.name) == Array(listed.reversed().prefix(5)))
  }

  @Test func bundlesAreListedInTheOrderAskedFor() throws {
    var query = BundleQuery()
    let byTime = try reader.bundles(query)
    #expect(byTime.count == 9)
    #expect(byTime.map(\.scored) == byTime.map(\.scored).sorted())
    query.field = .utterances
    query.descending = true
    query.limit = 4
    let largest = try reader.bundles(query).map(\.utterances)
    #expect(largest == Array(byTime.map(\.utterances).sorted(by: >).prefix(4)))
    #expect(try reader.totals().utterances == byTime.reduce(0) { $0 + $1.utterances })
    query = BundleQuery()
    query.allModels = true
    #expect(try reader.bundles(query).count == 12)
    query.models = ["second"]
    #expect(try reader.bundles(query).count == 3)
  }

  @Test func namesAreLookedUpAndCorrected() throws {
    #expect(try reader.emotions() == SyntheticBundles.emotions.names)
    #expect(try reader.hasName("Rachel", .speaker) && reader.hasName("R*l", .speaker))
    #expect(try !reader.hasName("rachel", .speaker))
    #expect(try reader.nearest(to: "rachael", .speaker) == "Rachel")
    #expect(try reader.nearest(to: "bundle-1-l", .dialogue) != nil)
    #expect(try reader.nearest(to: "zzz", .dialogue) == nil)
    #expect(try reader.hasName("bundle-1.h5", .bundle) && !reader.hasName("bundle-77.h5", .bundle))
    #expect(try reader.hasName("second", .model) && !reader.hasName("third", .model))
  }

  @Test func bracketsInNamesAreNoPattern() throws {
    let writer = try IndexWriter(folder.index)
    var source = SyntheticBundles(seed: 2)
    let bundle = source.bundle("[a-z].h5", digest: SyntheticBundles.digest("brackets"), dialogues: 1, turns: 3...3)
    _ = try writer.record(bundle, SyntheticBundles.scoring(at: Date(timeIntervalSince1970: 0), name: bundle.name))
    var query = UtteranceQuery()
    query.bundles = ["[a-z]*"]
    #expect(try reader.count(query) == 3)
    query.bundles = ["b[a-z]*"]
    #expect(try reader.count(query) == 0)
  }

  @Test func namesCannotBecomeSQL() throws {
    var query = UtteranceQuery()
    query.speakers = ["'; DROP TABLE utterance; --", "\" OR 1=1 --"]
    query.dialogues = ["%' OR '1'='1"]
    #expect(try reader.count(query) == 0)
    #expect(try reader.count(UtteranceQuery()) > 0)
  }
}
