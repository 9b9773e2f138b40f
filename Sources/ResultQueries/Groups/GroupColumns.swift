import Presentation
import ResultIndex

/// What programs get to read of groups: the keys that ambq(1) lists.
extension GroupListing {
  typealias Column = RecordColumn<UtteranceGroup>

  static func columns(_ grouping: UtteranceGrouping) -> RecordColumns<UtteranceGroup> {
    let (utterances, dialogues) = (Column.integer("utterances") { $0.utterances }, number("dialogues") { $0.dialogues })
    let (bundles, speakers) = (number("bundles") { $0.bundles }, number("speakers") { $0.speakers })
    let share = Column.number("share") { $0.share }
    let sureness: [Column] = [
      .number("mean_confidence") { $0.figures?.meanConfidence }, number("uncertain") { $0.uncertain },
    ]
    let emotions: [Column] = [
      .text("emotion") { tally($0).leading.first?.name },
      .counts("emotions") { group in tally(group).leading.map { NamedCount($0.name, $0.count) } },
    ]
    let period: [Column] = [
      .time("first_scored") { $0.figures?.firstScored }, .time("last_scored") { $0.figures?.lastScored },
    ]
    switch grouping {
    case .dialogue:
      let place: [Column] = [.number("start") { $0.figures?.start }, .number("end") { $0.figures?.end }]
      let origin: [Column] = [
        .text("model") { $0.bundle?.modelName }, .text("model_digest", onlyJSON: true) { $0.bundle?.modelDigest },
        .time("scored") { $0.bundle?.scored },
      ]
      return RecordColumns(identity(grouping) + [utterances, speakers] + place + emotions + sureness + origin)
    case .speaker:
      return RecordColumns(
        identity(grouping) + [utterances, share, dialogues, bundles] + emotions + sureness + period)
    case .emotion:
      return RecordColumns(
        identity(grouping) + [utterances, share] + sureness + [speakers, dialogues, bundles] + period)
    case .model, .day:
      return RecordColumns(
        identity(grouping) + [bundles, dialogues, utterances, share] + emotions + sureness + period)
    }
  }

  static func counts(_ grouping: UtteranceGrouping) -> RecordColumns<UtteranceGroup> {
    RecordColumns(identity(grouping) + [.integer("count") { $0.utterances }, .number("share") { $0.share }])
  }

  static func tally(_ group: UtteranceGroup) -> EmotionTally { EmotionTally(counts: group.figures?.emotions ?? [:]) }

  /// What tells one group from another.
  private static func identity(_ grouping: UtteranceGrouping) -> [Column] {
    let name = Column.text(grouping.rawValue) { $0.name }
    switch grouping {
    case .emotion, .speaker, .day: return [name]
    case .model: return [name, .text("model_digest") { $0.modelDigest }]
    case .dialogue:
      return [
        name, .text("bundle") { $0.bundle?.name }, .text("bundle_title", onlyJSON: true) { $0.bundle?.title },
        .text("bundle_digest", onlyJSON: true) { $0.bundle?.digest },
      ]
    }
  }

  private static func number(_ name: String, _ value: @escaping (UtteranceFigures) -> Int?) -> Column {
    .integer(name) { $0.figures.flatMap(value) }
  }
}
