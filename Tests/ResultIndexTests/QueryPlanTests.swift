import Foundation
import GRDB
import Synchronization
import TestFolders
import Testing

@testable import ResultIndex

/// By which ways SQLite finds what is asked for: no way may look through a large table where a filter says where to look.
struct QueryPlanTests {
  private static let noon = Date(timeIntervalSince1970: 1_800_000_000)

  /// The filters that ambq(1) documents, one by one.
  enum Filter: String, CaseIterable {
    case none, emotion, emotions, notEmotion, speaker, speakerPattern, dialogue, dialoguePattern, words, bundle,
      bundlePattern
    case digest, since, until, minimumConfidence, maximumConfidence, unstable, maximumStability, certain, inSet, model
    case allModels

    var query: UtteranceQuery {
      var query = UtteranceQuery()
      switch self {
      case .none: break
      case .emotion: query.emotions = ["anger"]
      case .emotions: query.emotions = ["anger", "joy"]
      case .notEmotion: query.excludedEmotions = ["neutral"]
      case .speaker: query.speakers = ["Rachel"]
      case .speakerPattern: query.speakers = ["R*"]
      case .dialogue: query.dialogues = ["a-1"]
      case .dialoguePattern: query.dialogues = ["a-*"]
      case .words: query.words = WordPattern("money")
      case .bundle: query.bundles = ["a.h5"]
      case .bundlePattern: query.bundles = ["a*"]
      case .digest: query.bundles = [String(SyntheticBundles.digest("a").prefix(9))]
      case .since: query.since = QueryPlanTests.noon
      case .until: query.until = QueryPlanTests.noon + 60
      case .minimumConfidence: query.minimumConfidence = 0.5
      case .maximumConfidence: query.maximumConfidence = 0.5
      case .unstable: query.stabilityBelow = 0.5
      case .maximumStability: query.maximumStability = 0.5
      case .certain: query.isUncertain = false
      case .inSet: query.setEmotions = ["joy"]
      case .model: query.models = ["first"]
      case .allModels: query.allModels = true
      }
      return query
    }

    /// Whether the filter says where to look, so that nothing else need be seen.
    var isSelective: Bool {
      switch self {
      case .emotion, .speaker, .speakerPattern, .dialogue, .dialoguePattern, .words, .bundle, .bundlePattern, .digest,
        .since, .until:
        true
      default: false
      }
    }

    /// Whether the index's own sums answer what is counted.
    var hasSums: Bool {
      switch self {
      case .none, .emotion, .emotions, .notEmotion, .speaker, .speakerPattern, .model, .allModels: true
      default: false
      }
    }
  }

  private let folder: TemporaryFolder
  private let reader: IndexReader

  init() throws {
    folder = try TemporaryFolder()
    var source = SyntheticBundles(seed: 4)
    let writer = try IndexWriter(folder.index)
    for (place, name) in ["a.h5", "b.h5", "c.h5"].enumerated() {
      let bundle = source.bundle(
        name, digest: SyntheticBundles.digest(String(name.prefix(1))), model: "first", dialogues: 2, turns: 3...4)
      _ = try writer.record(bundle, SyntheticBundles.scoring(at: Self.noon + 60 * Double(place), name: name))
    }
    try writer.close()
    reader = try IndexReader(folder.index)
  }

  /// The steps of all statements that something runs, but for those on tables of a few rows.
  private func steps(_ body: () throws -> Void) throws -> [String] {
    let statements = Statements()
    try reader.queue.read { database in
      database.trace { event in
        let text = event.expandedDescription
        statements.texts.withLock { $0.append(text) }
      }
    }
    defer { try? reader.queue.read { $0.trace() } }
    try body()
    try reader.queue.read { $0.trace() }
    return try statements.texts.withLock { $0 }.filter { $0.hasPrefix("SELECT") || $0.hasPrefix("WITH") }.flatMap {
      sql in
      try reader.queue.read { database in
        try Row.fetchAll(database, sql: "EXPLAIN QUERY PLAN \(sql)").map { $0["detail"] as String }
      }
    }
  }

  /// Steps that look through a table of utterances, bundles, dialogues, speakers, names or failures.
  private func scans(_ steps: [String]) -> [String] {
    let large = [
      "u", "utterance", "b", "bundle", "d", "dialogue", "s", "speaker", "p", "probe", "x", "alias", "failure", "a",
    ]
    return steps.filter { step in
      let words = step.split(separator: " ")
      return words.first == "SCAN" && words.count > 1 && large.contains(String(words[1]))
    }
  }

  /// Walking through the bundles in the order of time is how a list begins where no filter says where to look.
  private func isWalk(_ step: String) -> Bool {
    step.contains("INDEX bundle_scored") || step.contains("INDEX bundle_largest")
  }

  @Test(arguments: Filter.allCases) func listsLookOnlyWhereTheFilterSays(_ filter: Filter) throws {
    var query = filter.query
    query.limit = 10
    let scans = scans(try steps { _ = try reader.utterances(query) })
    #expect(scans.allSatisfy { !filter.isSelective && isWalk($0) }, "\(scans)")
  }

  @Test(arguments: Filter.allCases) func countsLookOnlyWhereTheFilterSays(_ filter: Filter) throws {
    let scans = scans(
      try steps {
        _ = try reader.count(filter.query)
        _ = try reader.hasUtterances(filter.query)
        _ = try reader.emotions(filter.query)
      })
    #expect(!filter.isSelective || scans.isEmpty, "\(scans)")
  }

  @Test(arguments: Filter.allCases) func sumsAreTakenWhereThereAreAny(_ filter: Filter) throws {
    let steps = try steps {
      _ = try reader.count(filter.query)
      _ = try reader.emotionTotals(filter.query)
      try reader.forEachShare(of: .speaker, filter.query) { _ in }
    }
    let reads = steps.filter { $0.hasPrefix("SCAN u ") || $0.hasPrefix("SEARCH u ") || $0.contains(" utterance ") }
    #expect(!filter.hasSums || reads.isEmpty, "\(reads)")
  }

  @Test(arguments: Filter.allCases) func statisticsLookOnlyWhereTheFilterSays(_ filter: Filter) throws {
    let query = filter.query
    let scans = scans(
      try steps {
        try reader.forEachShare(of: .bundle, query, limit: 10) { _ in }
        _ = try reader.scoringPeriod(query)
        _ = try reader.truthComparison(query)
        _ = try reader.doubtComparisons(query)
        _ = try reader.stability(query)
      })
    let isFree =
      filter == .none || (filter.isSelective && filter != .emotion && filter != .speaker && filter != .speakerPattern)
    #expect(!isFree || scans.allSatisfy { filter == .none && isWalk($0) }, "\(scans)")
  }

  @Test(arguments: UtteranceGrouping.allCases) func groupsOfTheWholeIndexReadItsSums(_ grouping: UtteranceGrouping)
    throws
  {
    guard grouping != .dialogue else { return }
    let counted = try steps {
      try reader.forEachGroup(grouping, UtteranceQuery(), order: GroupOrder(.name), hasFigures: false) { _ in }
    }
    #expect(!counted.contains { $0.contains("utterance") || $0.contains(" u ") }, "\(counted)")
    let found = try steps { try reader.forEachGroup(grouping, UtteranceQuery(), order: GroupOrder(.name)) { _ in } }
    #expect(grouping == .day || scans(found).isEmpty, "\(found)")
  }

  @Test func theFirstDialoguesAreFoundWithoutTheOthers() throws {
    let found = try steps {
      try reader.forEachGroup(.dialogue, UtteranceQuery(), order: GroupOrder(.time), limit: 2) { _ in }
    }
    #expect(scans(found).allSatisfy(isWalk), "\(found)")
    #expect(!found.contains { $0.contains("utterance_emotion") || $0.contains("utterance_bundle") }, "\(found)")
  }

  @Test func theLongestDialoguesAreFoundWithoutTheOthers() throws {
    for hasFigures in [false, true] {
      let found = try steps {
        try reader.forEachGroup(
          .dialogue, UtteranceQuery(), order: GroupOrder(.utterances, descending: true), limit: 2,
          hasFigures: hasFigures
        ) { _ in }
      }
      #expect(scans(found).allSatisfy { $0.contains("INDEX dialogue_longest") }, "\(found)")
      #expect(!found.contains { $0.contains("utterance_emotion") || $0.contains("utterance_bundle") }, "\(found)")
    }
  }

  @Test(arguments: [true, false], [[], ["anger"]]) func theSurestAreFoundWithoutALookAtAll(
    _ descending: Bool, _ emotions: [String]
  ) throws {
    var query = UtteranceQuery()
    (query.order, query.limit) = ([UtteranceOrder(.confidence, descending: descending)], 3)
    query.emotions = emotions
    let found = try steps { _ = try reader.utterances(query) }
    #expect(found.contains { $0.contains("confidence_range") } && scans(found).isEmpty, "\(found)")
  }

  @Test func bundlesAndFailuresLookOnlyWhereTheFilterSays() throws {
    for filter in Filter.allCases {
      var query = BundleQuery()
      (query.bundles, query.models, query.since) = (filter.query.bundles, filter.query.models, filter.query.since)
      (query.until, query.allModels, query.limit) = (filter.query.until, filter.query.allModels, 10)
      let scans = scans(try steps { _ = try reader.bundles(query) })
      #expect(scans.allSatisfy(isWalk), "\(filter): \(scans)")
    }
    var failures = FailureQuery()
    #expect(scans(try steps { _ = try reader.failures(failures) }).allSatisfy { $0.contains("failure_open") })
    failures.names = ["a*"]
    #expect(scans(try steps { _ = try reader.failures(failures) }).isEmpty)
    (failures.names, failures.since) = ([], Self.noon)
    #expect(scans(try steps { _ = try reader.failures(failures) }).isEmpty)
    #expect(scans(try steps { _ = try (reader.totals(), reader.probeCounts(), reader.heartbeat()) }).isEmpty)
  }
}

/// What SQLite was asked.
private final class Statements: Sendable {
  let texts = Mutex<[String]>([])
}
