import DialogueDomain
import Presentation
import ResultIndex

/// A field of an utterance as programs read it: a member of JSON objects, and one or more columns of tables.
///
/// The one list of them is `all`; `ambq list`, `ambq show` and `ambq export` choose from it.
public struct UtteranceField {
  /// How a field is written.
  private enum Form {
    /// The same value everywhere.
    case value(RecordColumn<IndexedUtterance>)
    /// In JSON an object; in tables a column for each emotion.
    case probabilities
    /// In JSON an object of the three modalities' shares; tables have fields of their own for them.
    case shares
    /// In JSON an object of arrays; nothing in tables.
    case logits
    /// In JSON an array; in tables the emotions with commas between.
    case set
  }

  /// What programs call it.
  public let name: String
  /// What it is, in a few words.
  public let meaning: String
  /// How much of a row it needs.
  public let detail: IndexedUtterance.Detail
  private let form: Form
  /// Whether all utterances of a bundle have the same value.
  let isOfBundle: Bool

  private init(
    _ name: String, _ meaning: String, _ form: Form, detail: IndexedUtterance.Detail = .labels, isOfBundle: Bool = false
  ) {
    (self.name, self.meaning, self.form, self.detail, self.isOfBundle) = (name, meaning, form, detail, isOfBundle)
  }

  private init(_ column: RecordColumn<IndexedUtterance>, _ meaning: String, isOfBundle: Bool = false) {
    self.init(column.name, meaning, .value(column), isOfBundle: isOfBundle)
  }

  /// What its values are: as `RecordColumn.Kind` calls it, `object` or `array`.
  public var type: String {
    switch form {
    case .value(let column): column.kind.name
    case .probabilities, .shares, .logits: "object"
    case .set: "array"
    }
  }

  /// Whether tables never have it.
  public var isOnlyInJSON: Bool { columns(emotions: [""]).isEmpty }

  /// The field's columns in tables.
  ///
  /// - Parameter emotions: the classes of all models that rows may come from.
  public func columns(emotions: [String]) -> [RecordColumn<IndexedUtterance>] {
    switch form {
    case .value(let column): [column]
    case .set: [.text(name) { $0.labelSetNames?.joined(separator: ",") }]
    case .probabilities:
      emotions.map { emotion in
        .number("p:\(emotion)") { row in
          guard let index = row.bundle.emotions.index(of: emotion), index < row.probabilities.count else { return nil }
          return Double(row.probabilities[index])
        }
      }
    case .shares, .logits: []
    }
  }

  func encode(_ row: IndexedUtterance, into json: inout JSONText) {
    switch form {
    case .value(let column): json.member(name, column.value(row))
    case .probabilities:
      json.object(name) { json in
        for (name, value) in zip(row.bundle.emotions.names, row.probabilities) {
          json.key(name)
          json.value(value)
        }
      }
    case .shares:
      json.object(name) { json in
        for modality in Modality.allCases { json.member(modality.rawValue, row.share(of: modality)) }
      }
    case .logits:
      json.object(name) { json in
        for modality in Modality.allCases {
          guard let logits = row.branchLogits[modality] else { continue }
          json.array(modality.rawValue) { json in logits.forEach { json.value($0) } }
        }
      }
    case .set:
      guard let set = row.labelSetNames else { return json.member(name, nil as String?) }
      json.array(name) { json in set.forEach { json.value($0) } }
    }
  }
}

extension UtteranceField {
  /// Every field, in the order of JSON's members; the shares of single modalities, which JSON has in `shares`, come last.
  public static var all: [UtteranceField] { ofLabel + explaining + ofBundle + singleShares }

  /// Where a row stands in the order of recording: of rows that were read in that order.
  public static var cursor: UtteranceField {
    UtteranceField(.text("cursor") { $0.cursor?.description }, "place behind the row, for --since-cursor")
  }

  /// The members of JSON objects.
  public static var inJSON: [UtteranceField] { ofLabel + explaining + ofBundle }

  /// The fields of those names, in their order; a name that none has is passed over.
  public static func named(_ names: [String]) -> [UtteranceField] {
    let all = all
    return names.compactMap { name in all.first { $0.name == name } }
  }

  private static var ofLabel: [UtteranceField] {
    [
      UtteranceField(.text("dialogue") { $0.dialogue }, "name of the dialogue"),
      UtteranceField(.text("utterance") { $0.utterance }, "id of the utterance"),
      UtteranceField(.integer("turn") { $0.turn }, "position in the dialogue, from 0"),
      UtteranceField(.text("speaker") { $0.speaker }, "name of the speaker"),
      UtteranceField(.number("start") { $0.start }, "seconds from the start of the recording"),
      UtteranceField(.number("end") { $0.end }, "seconds from the start of the recording"),
      UtteranceField(.text("emotion") { $0.emotion }, "the label"),
      UtteranceField(.number("confidence") { $0.labelConfidence }, "its probability"),
      UtteranceField(.text("reason") { $0.reasonForNoLabel }, "why there is no label"),
    ]
  }

  private static var explaining: [UtteranceField] {
    [
      UtteranceField("probabilities", "probability of each emotion", .probabilities, detail: .probabilities),
      UtteranceField("shares", "what each modality brought to the label (JSON only)", .shares),
      UtteranceField("branch_logits", "each modality's logits before fusion (JSON only)", .logits, detail: .logits),
      UtteranceField(.number("margin") { $0.margin }, "smallest shift of fusion weight that changes the label"),
      UtteranceField(.number("stability") { $0.stability }, "share of noisy runs that keep the label"),
      UtteranceField(.flag("certain") { $0.isUncertain.map { !$0 } }, "whether the model calls the label certain"),
      UtteranceField("set", "the emotions that cannot be ruled out", .set),
      UtteranceField(.text("truth") { $0.truth }, "the true emotion: the last correction, else the bundle's own label"),
      UtteranceField(.text("corrected_by") { $0.correction?.by }, "who corrected it so"),
      UtteranceField(.time("corrected_at") { $0.correction?.at }, "when they said so"),
      UtteranceField(.text("text") { $0.text }, "the words, where they are kept"),
    ]
  }

  private static var ofBundle: [UtteranceField] {
    func field(_ column: RecordColumn<IndexedUtterance>, _ meaning: String) -> UtteranceField {
      UtteranceField(column, meaning, isOfBundle: true)
    }
    return [
      field(.text("bundle") { $0.bundle.name }, "file name of the bundle"),
      field(.text("bundle_title") { $0.bundle.title }, "the name, told apart from other bundles of that name"),
      field(.text("bundle_digest") { $0.bundle.digest }, "SHA-256 of the bundle"),
      field(.text("model") { $0.bundle.modelName }, "name of the model"),
      field(.text("model_digest") { $0.bundle.modelDigest }, "SHA-256 of the model"),
      field(.flag("current") { $0.bundle.isCurrent }, "whether no other model's label has superseded it"),
      field(.time("scored") { $0.bundle.scored }, "when the bundle was scored"),
    ]
  }

  private static var singleShares: [UtteranceField] {
    [
      UtteranceField(.number("text_share") { $0.textShare }, "what text brought to the label"),
      UtteranceField(.number("visual_share") { $0.visualShare }, "what the picture brought to the label"),
      UtteranceField(.number("audio_share") { $0.audioShare }, "what sound brought to the label"),
    ]
  }
}
