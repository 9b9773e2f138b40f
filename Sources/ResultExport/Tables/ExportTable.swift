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
        let value = column.value(turn.row)
        if isSafe, case .text(let words) = value {
          text.field(words.map(SpreadsheetText.safe))
        } else {
          text.field(value)
        }
      }
      text.endRecord()
    }
  }

  mutating func finish() {}
}

/// Utterances as JSON Lines: the objects of `ambq list --format jsonl`.
struct JSONLinesTable: ExportTable {
  private var json = JSONText()
  private var members = UtteranceMembers()

  var bytes: [UInt8] {
    get { json.bytes }
    _modify { yield &json.bytes }
  }

  mutating func append(_ dialogue: ExportedDialogue) {
    for turn in dialogue.turns {
      json.object { members.encode(turn.row, into: &$0) }
      json.endLine(separated: false)
    }
  }

  mutating func finish() {}
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
        "SPEAKER", file, "1", PlainNumber.seconds(span.lowerBound), PlainNumber.seconds(span.count),
        reason.map(Self.word) ?? "<NA>", Self.word(turn.row.emotion), Self.word(turn.speaker),
        reason == nil ? PlainNumber.share(turn.row.confidence) : "<NA>", "<NA>",
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
