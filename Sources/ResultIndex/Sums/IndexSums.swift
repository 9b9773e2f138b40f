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
  /// Doubt of an utterance whose model has no limit of certainty.
  static let noLimit: Int64 = 2

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
    mutating func add(_ row: SummedUtterance, _ bundle: Int64) {
      utterances += 1
      if row.dialogue != lastDialogue { (dialogues, lastDialogue) = (dialogues + 1, row.dialogue) }
      if bundle != lastBundle { (bundles, lastBundle) = (bundles + 1, bundle) }
      if row.isLabelled { (labelled, confidence) = (labelled + 1, confidence + row.confidence) }
      if row.uncertain != IndexSums.noLimit { (judged, uncertain) = (judged + 1, uncertain + Int(row.uncertain)) }
    }
  }

  private struct LabelKey: Hashable {
    let scoring: ScoringKey
    let emotion: Int64
    let truth: Int64
    /// 1, 0, or `noLimit`.
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

  private struct BundleSum {
    var utterances = 0
    var confidence = 0.0

    mutating func add(_ confidence: Double) {
      utterances += 1
      self.confidence += confidence
    }
  }

  private let unknown: Int64?
  private var groups: [GroupKey: GroupSum] = [:]
  private var labels: [LabelKey: Int] = [:]
  private var bundles: [BundleKey: BundleSum] = [:]

  /// How many rows there are to write.
  var count: Int { groups.count + labels.count + bundles.count }

  init(_ database: Database) throws {
    unknown = try Int64.fetchCached(
      database, sql: "SELECT id FROM emotion WHERE name = ?", arguments: [ScoredUtterance.unknownEmotion])
  }

  /// Adds up the utterances of the scorings whose numbers lie in a range.
  mutating func gather(_ scorings: ClosedRange<Int64>, _ database: Database) throws {
    let rows = try RawStatement(
      database,
      """
      SELECT b.current, b.model, b.id, u.dialogue, u.speaker, u.emotion, coalesce(u.truth, 0), u.confidence,
        coalesce(u.uncertain, \(Self.noLimit)), coalesce(u.label_set, \(Self.noSet)),
        coalesce(u.text_share, u.visual_share, u.audio_share) IS NULL
      FROM bundle b CROSS JOIN utterance u INDEXED BY utterance_bundle ON u.bundle = b.id
      WHERE b.id BETWEEN ?1 AND ?2 ORDER BY b.id, u.dialogue
      """)
    rows.bind(scorings.lowerBound, at: 1)
    rows.bind(scorings.upperBound, at: 2)
    while try rows.step() {
      let emotion = rows.integer(5)
      add(
        SummedUtterance(
          dialogue: rows.integer(3), speaker: rows.integer(4), emotion: emotion, truth: rows.integer(6),
          confidence: rows.real(7), uncertain: rows.integer(8), labelSet: rows.integer(9),
          isLabelled: !(emotion == unknown && rows.integer(10) != 0)),
        of: rows.integer(2), isCurrent: rows.integer(0) != 0, model: rows.integer(1))
    }
  }

  /// Adds an utterance of a scoring; those of one dialogue come one after the other.
  mutating func add(_ row: SummedUtterance, of bundle: Int64, isCurrent: Bool, model: Int64) {
    let scoring = ScoringKey(isCurrent: isCurrent, model: model)
    func add(_ speaker: Int64, _ emotion: Int64, to groups: inout [GroupKey: GroupSum]) {
      groups[GroupKey(scoring: scoring, speaker: speaker, emotion: emotion), default: GroupSum()].add(row, bundle)
    }
    add(row.speaker, row.emotion, to: &groups)
    add(row.speaker, Self.all, to: &groups)
    add(Self.all, row.emotion, to: &groups)
    add(Self.all, Self.all, to: &groups)
    let label = LabelKey(
      scoring: scoring, emotion: row.emotion, truth: row.truth, uncertain: row.uncertain, labelSet: row.labelSet)
    labels[label, default: 0] += 1
    bundles[BundleKey(bundle: bundle, emotion: row.emotion), default: BundleSum()].add(row.confidence)
  }

  /// Adds what is gathered of groups and labels to the tables, or takes it away, and forgets it.
  ///
  /// - Parameter sign: 1 or -1.
  mutating func write(_ sign: Int, _ database: Database) throws {
    let group = try RawStatement(
      database,
      """
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
      try group.run { row in
        for number in [key.place.0, key.place.1, key.place.2, key.place.3] { row.add(number) }
        for count in [sum.utterances, sum.dialogues, sum.bundles, sum.labelled] { row.add(sign * count) }
        row.add(Double(sign) * sum.confidence)
        for count in [sum.judged, sum.uncertain] { row.add(sign * count) }
      }
    }
    let label = try RawStatement(
      database,
      """
      INSERT INTO label_sum (current, model, emotion, truth, uncertain, label_set, utterances)
      VALUES (?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (current, model, emotion, truth, uncertain, label_set) DO UPDATE SET
        utterances = utterances + excluded.utterances
      """)
    for (key, count) in labels.sorted(by: { $0.key.place < $1.key.place }) {
      try label.run { row in
        row.add(key.scoring.isCurrent ? 1 : 0)
        for number in [key.scoring.model, key.emotion, key.truth, key.uncertain, key.labelSet] { row.add(number) }
        row.add(sign * count)
      }
    }
    groups.removeAll(keepingCapacity: true)
    labels.removeAll(keepingCapacity: true)
  }

  /// Writes what is gathered of each scoring, which never changes, and forgets it.
  mutating func writeBundles(_ database: Database) throws {
    let statement = try RawStatement(
      database, "INSERT INTO bundle_sum (bundle, emotion, utterances, confidence) VALUES (?, ?, ?, ?)")
    let ordered = bundles.sorted { ($0.key.bundle, $0.key.emotion) < ($1.key.bundle, $1.key.emotion) }
    for (key, sum) in ordered {
      try statement.run { row in
        row.add(key.bundle)
        row.add(key.emotion)
        row.add(sum.utterances)
        row.add(sum.confidence)
      }
    }
    bundles.removeAll(keepingCapacity: true)
  }
}

/// What the sums ask of an utterance, by the numbers that names and dialogues have in the index.
struct SummedUtterance {
  var dialogue: Int64
  var speaker: Int64
  var emotion: Int64
  /// 0 where it is not known.
  var truth: Int64
  var confidence: Double
  /// 1, 0, or `IndexSums.noLimit`.
  var uncertain: Int64
  /// Or `IndexSums.noSet`.
  var labelSet: Int64
  /// Whether anything can be said of it.
  var isLabelled: Bool
}
