import DialogueDomain
import ResultIndex

/// The utterances of one dialogue of one bundle that an export is asked for, in order.
struct ExportedDialogue {
  let bundle: IndexedBundle
  let name: String
  var turns: [ExportedTurn]
  /// Whether some times are not the recording's but those of `layOut`.
  private(set) var isLaidOut = false

  init(_ rows: [IndexedUtterance], of bundle: IndexedBundle, name: String) {
    self.bundle = bundle
    self.name = name
    turns = rows.map(ExportedTurn.init)
  }

  /// Whether some utterance has no place in time.
  var lacksTimes: Bool { turns.contains { $0.span == nil } }

  /// Gives turns without times a place; `isLaidOut` says so of the dialogue.
  ///
  /// Where no turn has times, each lasts `seconds`, one after the other by its number in the dialogue. Otherwise a turn
  /// without begins where the one before it ends, and lasts `seconds`, or until the next turn with times begins where that
  /// is sooner; the others keep theirs.
  mutating func layOut(secondsPerTurn seconds: Double) {
    isLaidOut = true
    let length = Int((seconds * 1000).rounded())
    let hasTimes = turns.contains { $0.span != nil }
    var reached = 0
    for index in turns.indices {
      if turns[index].span == nil {
        let next = turns[index...].lazy.compactMap(\.span?.lowerBound).first
        let start = hasTimes ? reached : turns[index].row.turn * length
        let room = next.map { $0 - start } ?? length
        turns[index].span = start..<(start + (room > 0 ? min(room, length) : length))
      }
      reached = turns[index].span?.upperBound ?? reached
    }
  }

  /// Speakers by first appearance.
  var speakers: [String] {
    var seen: Set<String> = []
    return turns.map(\.speaker).filter { seen.insert($0).inserted }
  }

  /// Turns in the order of their starts; those of one start in the order of the dialogue.
  var inTime: [ExportedTurn] {
    turns.enumerated().sorted { left, right in
      (left.element.span?.lowerBound ?? 0, left.offset) < (right.element.span?.lowerBound ?? 0, right.offset)
    }.map(\.element)
  }

  /// The emotions that labels may be, and what is said of none.
  var vocabulary: [String] {
    let names = bundle.emotions.names
    return names + Set(turns.map(\.row.emotion)).subtracting(names).sorted()
  }
}

/// One utterance as an export has it: its row, and its place in time in whole milliseconds.
struct ExportedTurn {
  let row: IndexedUtterance
  /// At least one millisecond long, and not before the recording; nil without times.
  var span: Range<Int>?

  init(_ row: IndexedUtterance) {
    self.row = row
    guard let start = row.start, let end = row.end, abs(start) < 1e9, abs(end) < 1e9, end >= start else { return }
    let first = max(0, Int((start * 1000).rounded()))
    span = first..<max(first + 1, Int((end * 1000).rounded()))
  }

  /// The speaker on one line; `unknown` for nobody.
  var speaker: String {
    let name = OneLine.of(row.speaker)
    return name.isEmpty ? "unknown" : name
  }

  /// The words on one line, where they are known.
  var words: String? {
    row.text.map(OneLine.of).flatMap { $0.isEmpty ? nil : $0 }
  }

  /// The words, or, so that nothing goes missing where something must stand, the utterance's id in brackets, which readers
  /// of transcripts take for no speech.
  var spoken: String { words ?? "[utterance \(OneLine.of(row.utterance))]" }

  /// The label's probability, or why there is no label.
  var certainty: String {
    row.reasonForNoLabel.map { "no label: \($0)" } ?? PlainNumber.share(row.confidence)
  }

  /// The label, with a question mark where its model calls it uncertain.
  var doubtfulEmotion: String { row.emotion + (row.isUncertain == true ? "?" : "") }
}

/// Text that has to stand on one line of a file.
enum OneLine {
  /// The text with line breaks and other controls as blanks, one between words and none at the ends.
  static func of(_ text: String) -> String {
    guard
      text.unicodeScalars.contains(where: { $0.properties.isWhitespace && $0 != " " || isControl($0) })
        || text.hasPrefix(" ") || text.hasSuffix(" ") || text.contains("  ")
    else { return text }
    let parts = text.unicodeScalars.split { $0.properties.isWhitespace || isControl($0) }
    return parts.map { String(String.UnicodeScalarView($0)) }.joined(separator: " ")
  }

  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) || (0xFFFE...0xFFFF).contains(scalar.value)
  }
}
