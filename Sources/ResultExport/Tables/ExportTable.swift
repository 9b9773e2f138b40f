import DialogueDomain
import Presentation

/// A document that takes dialogue after dialogue; whoever writes it out empties `bytes`.
protocol ExportTable {
  var bytes: [UInt8] { get set }
  mutating func append(_ dialogue: ExportedDialogue)
  /// Must be called after the last dialogue.
  mutating func finish()
}

/// Utterances as CSV after RFC 4180, with a header.
struct CSVTable: ExportTable {
  private var text = DelimitedText(.csv)
  private let columns: [TableColumn]
  private let isSafe: Bool

  /// - Parameter isSafe: whether no text may begin a formula.
  init(emotions: [String], isSafe: Bool) {
    columns = TableColumn.all(emotions: emotions)
    self.isSafe = isSafe
    text.record(columns.map { isSafe ? SpreadsheetText.safe($0.name) : $0.name })
  }

  var bytes: [UInt8] {
    get { text.bytes }
    _modify { yield &text.bytes }
  }

  mutating func append(_ dialogue: ExportedDialogue) {
    for turn in dialogue.turns {
      for column in columns {
        switch column.value(turn.row) {
        case .text(let value): text.field(isSafe ? value.map(SpreadsheetText.safe) : value)
        case .integer(let value): text.field(value)
        case .number(let value): text.field(value)
        case .flag(let value): text.field(value.map { $0 ? "yes" : "no" })
        case .time(let value): text.field(value.map(TimeText.iso))
        }
      }
      text.endRecord()
    }
  }

  mutating func finish() {}
}

/// Utterances as JSON Lines: the objects of `ambq list --format jsonl`, and why there is no label.
struct JSONLinesTable: ExportTable {
  private var json = JSONText()

  var bytes: [UInt8] {
    get { json.bytes }
    _modify { yield &json.bytes }
  }

  mutating func append(_ dialogue: ExportedDialogue) {
    for turn in dialogue.turns {
      json.object { Self.encode(turn, into: &$0) }
      json.endLine(separated: false)
    }
  }

  mutating func finish() {}

  private static func encode(_ turn: ExportedTurn, into json: inout JSONText) {
    let row = turn.row
    json.member("dialogue", row.dialogue)
    json.member("utterance", row.utterance)
    json.member("turn", row.turn)
    json.member("speaker", row.speaker)
    json.member("start", row.start)
    json.member("end", row.end)
    json.member("text", row.text)
    json.member("emotion", row.emotion)
    json.member("confidence", row.reasonForNoLabel == nil ? row.confidence : nil)
    json.member("reason", row.reasonForNoLabel)
    json.object("probabilities") { json in
      for (name, value) in zip(row.bundle.emotions.names, row.probabilities) {
        json.key(name)
        json.value(value)
      }
    }
    json.member("certain", row.isUncertain.map { !$0 })
    if let set = row.labelSetNames {
      json.array("set") { json in set.forEach { json.value($0) } }
    } else {
      json.member("set", nil as String?)
    }
    json.member("truth", row.truth)
    json.object("shares") { json in
      for modality in Modality.allCases { json.member(modality.rawValue, row.share(of: modality)) }
    }
    json.object("branch_logits") { json in
      for modality in Modality.allCases {
        guard let logits = row.branchLogits[modality] else { continue }
        json.array(modality.rawValue) { json in logits.forEach { json.value($0) } }
      }
    }
    json.member("margin", row.margin)
    json.member("stability", row.stability)
    json.member("bundle", row.bundle.name)
    json.member("bundle_title", row.bundle.title)
    json.member("bundle_digest", row.bundle.digest)
    json.member("model", row.bundle.modelName)
    json.member("model_digest", row.bundle.modelDigest)
    json.member("current", row.bundle.isCurrent)
    json.member("scored", TimeText.iso(row.bundle.scored))
  }
}

/// Utterances as NIST's RTTM: ten fields a line, with blanks between.
///
///     SPEAKER tea 1 4 3.5 <NA> joy Anna 0.9 <NA>
///
/// Type, file (the dialogue), channel, start and duration in seconds, orthography, subtype, speaker, confidence, look-ahead.
/// The subtype holds the emotion and the confidence its probability; without a label the subtype is `unknown`, and the
/// orthography field says why. Blanks within a name become `_`. A second dialogue of one name has its bundle's with it, so
/// that two recordings never become one.
struct RTTMTable: ExportTable {
  var bytes: [UInt8] = []
  private var files: Set<String> = []

  mutating func append(_ dialogue: ExportedDialogue) {
    let file = newFile(dialogue)
    for turn in dialogue.inTime {
      guard let span = turn.span else { continue }
      let reason = turn.row.reasonForNoLabel
      let fields = [
        "SPEAKER", file, "1", Decimal.seconds(span.lowerBound), Decimal.seconds(span.count),
        reason.map(Self.word) ?? "<NA>", Self.word(turn.row.emotion), Self.word(turn.speaker),
        reason == nil ? Decimal.text(turn.row.confidence) : "<NA>", "<NA>",
      ]
      bytes.append(contentsOf: (fields.joined(separator: " ") + "\n").utf8)
    }
  }

  mutating func finish() {}

  private mutating func newFile(_ dialogue: ExportedDialogue) -> String {
    var name = Self.word(dialogue.name)
    if files.contains(name) { name = Self.word("\(dialogue.name) (\(dialogue.bundle.title))") }
    let stem = name
    var number = 2
    while !files.insert(name).inserted {
      name = "\(stem)_\(number)"
      number += 1
    }
    return name
  }

  private static func word(_ text: String) -> String {
    let word = OneLine.of(text).replacing(" ", with: "_")
    return word.isEmpty ? "<NA>" : word
  }
}
