import DialogueDomain
import GRDB

/// Sums over the index's utterances, gathered from their rows and added to the tables that keep them.
///
/// `bundle_sum` has a row for each scoring and label. `group_sum` has one for each model, speaker and label, one for each
/// model and speaker, one for each model and label, and one for each model: `all` stands for any speaker or label. `label_sum`
/// has one for each model, label, truth and doubt. The last two tell current from superseded scorings, so that a scoring
/// which is superseded is taken from one side and added to the other.
///
/// Sums of confidences are exact, in whichever order they are made: a confidence is a Float of a softmax, and a Double holds
/// the sum of a hundred million of them without rounding.
struct IndexSums {
  /// Any speaker, any label: no row of theirs has this number.
  static let all: Int64 = 0
  /// No set of labels: a model would need 64 classes for this to be one.
  static let noSet: Int64 = -1

  private struct GroupKey: Hashable {
    let scoring: ScoringKey
    let speaker: Int64
    let emotion: Int64

    var place: (Int64, Int64, Int64, Int64) { (scoring.isCurrent ? 1 : 0, scoring.model, speaker, emotion) }
  }

  private struct ScoringKey: Hashable {
    let isCurrent: Bool
    let model: Int64
  }

  private struct GroupSum {
    var utterances = 0
    var dialogues = 0
    var bundles = 0
    var labelled = 0
    var confidence = 0.0
    var judged = 0
    var uncertain = 0
    var lastDialogue: Int64 = 0
    var lastBundle: Int64 = 0

    /// Rows of one dialogue, and of one bundle, come one after the other.
    mutating func add(bundle: Int64, dialogue: Int64, confidence: Double, isLabelled: Bool, isUncertain: Bool?) {
      utterances += 1
      if dialogue != lastDialogue { (dialogues, lastDialogue) = (dialogues + 1, dialogue) }
      if bundle != lastBundle { (bundles, lastBundle) = (bundles + 1, bundle) }
      if isLabelled { (labelled, self.confidence) = (labelled + 1, self.confidence + confidence) }
      if let isUncertain { (judged, uncertain) = (judged + 1, uncertain + (isUncertain ? 1 : 0)) }
    }
  }

  private struct LabelKey: Hashable {
    let scoring: ScoringKey
    let emotion: Int64
    let truth: Int64
    /// 1, 0, and 2 where the model has no limit.
    let uncertain: Int64
    let labelSet: Int64

    var place: (Int64, Int64, Int64, Int64, Int64, Int64) {
      (scoring.isCurrent ? 1 : 0, scoring.model, emotion, truth, uncertain, labelSet)
    }
  }

  private struct BundleKey: Hashable {
    let bundle: Int64
    let emotion: Int64
  }

  private let unknown: Int64?
  private var groups: [GroupKey: GroupSum] = [:]
  private var labels: [LabelKey: Int] = [:]
  private var bundles: [BundleKey: (utterances: Int, confidence: Double)] = [:]

  /// How many rows there are to write.
  var count: Int { groups.count + labels.count + bundles.count }

  init(_ database: Database) throws {
    unknown = try Int64.fetchCached(
      database, sql: "SELECT id FROM emotion WHERE name = ?", arguments: [ScoredUtterance.unknownEmotion])
  }

  /// Adds up the utterances of the scorings whose numbers lie in a range.
  mutating func gather(_ scorings: ClosedRange<Int64>, _ database: Database) throws {
    let sql = """
      SELECT b.current, b.model, b.id, u.dialogue, u.speaker, u.emotion, u.truth, u.confidence, u.uncertain, u.label_set,
        coalesce(u.text_share, u.visual_share, u.audio_share) IS NULL
      FROM bundle b CROSS JOIN utterance u INDEXED BY utterance_bundle ON u.bundle = b.id
      WHERE b.id BETWEEN ? AND ? ORDER BY b.id, u.dialogue
      """
    let rows = try Row.fetchCursor(
      try database.cachedStatement(sql: sql), arguments: [scorings.lowerBound, scorings.upperBound])
    while let row = try rows.next() { add(row) }
  }

  private mutating func add(_ row: Row) {
    let scoring = ScoringKey(isCurrent: row[0], model: row[1])
    let (bundle, dialogue, speaker, emotion): (Int64, Int64, Int64, Int64) = (row[2], row[3], row[4], row[5])
    let (truth, confidence): (Int64?, Double) = (row[6], row[7])
    let (uncertain, labelSet): (Bool?, Int64?) = (row[8], row[9])
    let isLabelled = !(emotion == unknown && row[10] as Bool)
    for (speaker, emotion) in [(speaker, emotion), (speaker, Self.all), (Self.all, emotion), (Self.all, Self.all)] {
      let key = GroupKey(scoring: scoring, speaker: speaker, emotion: emotion)
      groups[key, default: GroupSum()].add(
        bundle: bundle, dialogue: dialogue, confidence: confidence, isLabelled: isLabelled, isUncertain: uncertain)
    }
    let label = LabelKey(
      scoring: scoring, emotion: emotion, truth: truth ?? 0, uncertain: uncertain.map { $0 ? 1 : 0 } ?? 2,
      labelSet: labelSet ?? Self.noSet)
    labels[label, default: 0] += 1
    let sum = bundles[BundleKey(bundle: bundle, emotion: emotion)] ?? (0, 0)
    bundles[BundleKey(bundle: bundle, emotion: emotion)] = (sum.utterances + 1, sum.confidence + confidence)
  }

  /// Adds what is gathered of groups and labels to the tables, or takes it away, and forgets it.
  ///
  /// - Parameter sign: 1 or -1.
  mutating func write(_ sign: Int, _ database: Database) throws {
    let group = try database.cachedStatement(
      sql: """
        INSERT INTO group_sum
          (current, model, speaker, emotion, utterances, dialogues, bundles, labelled, confidence, judged, uncertain)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (current, model, speaker, emotion) DO UPDATE SET utterances = utterances + excluded.utterances,
          dialogues = dialogues + excluded.dialogues, bundles = bundles + excluded.bundles,
          labelled = labelled + excluded.labelled, confidence = confidence + excluded.confidence,
          judged = judged + excluded.judged, uncertain = uncertain + excluded.uncertain
        """)
    // In one order, so that equal rows make equal files.
    for (key, sum) in groups.sorted(by: { $0.key.place < $1.key.place }) {
      try group.execute(arguments: [
        key.scoring.isCurrent, key.scoring.model, key.speaker, key.emotion, sign * sum.utterances, sign * sum.dialogues,
        sign * sum.bundles, sign * sum.labelled, Double(sign) * sum.confidence, sign * sum.judged,
        sign * sum.uncertain,
      ])
    }
    let label = try database.cachedStatement(
      sql: """
        INSERT INTO label_sum (current, model, emotion, truth, uncertain, label_set, utterances)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (current, model, emotion, truth, uncertain, label_set) DO UPDATE SET
          utterances = utterances + excluded.utterances
        """)
    for (key, count) in labels.sorted(by: { $0.key.place < $1.key.place }) {
      try label.execute(arguments: [
        key.scoring.isCurrent, key.scoring.model, key.emotion, key.truth, key.uncertain, key.labelSet, sign * count,
      ])
    }
    groups.removeAll(keepingCapacity: true)
    labels.removeAll(keepingCapacity: true)
  }

  /// Writes what is gathered of each scoring, which never changes, and forgets it.
  mutating func writeBundles(_ database: Database) throws {
    let statement = try database.cachedStatement(
      sql: "INSERT INTO bundle_sum (bundle, emotion, utterances, confidence) VALUES (?, ?, ?, ?)")
    let ordered = bundles.sorted { ($0.key.bundle, $0.key.emotion) < ($1.key.bundle, $1.key.emotion) }
    for (key, sum) in ordered {
      try statement.execute(arguments: [key.bundle, key.emotion, sum.utterances, sum.confidence])
    }
    bundles.removeAll(keepingCapacity: true)
  }
}
