/// What a reader has gathered of one file: rows within the limits, what was left out, and what is odd.
struct TranscriptDraft {
  let name: String
  let limits: TranscriptLimits
  var program: String?
  var speakerTable: [SpeakerEntry] = []
  var utterances: [TranscriptUtterance] = []
  private(set) var leftOut: [String: Int] = [:]
  /// Sentences about the file as a whole.
  private(set) var warnings: [String] = []
  /// What is odd about single rows: how often, and where first.
  private var oddities: [String: (count: Int, first: String)] = [:]
  private var speakers: Set<String> = []

  init(name: String, limits: TranscriptLimits) {
    self.name = name
    self.limits = limits
  }

  /// Adds a row with its words on one line and its speakers' names cleaned.
  ///
  /// - Throws: `TranscriptError` when the row or the file goes beyond a limit.
  mutating func append(_ utterance: TranscriptUtterance) throws {
    var row = utterance
    row.text = oneLine(row.text)
    row.speakers = row.speakers.map { oneLine($0) }.filter { !$0.isEmpty }
    if row.speakers.isEmpty { row.speakerSource = nil }
    let place = row.place.description

    let words = wordCount(row.text)
    guard words <= limits.wordsPerUtterance else {
      throw TranscriptError.tooManyWords(name, at: place, found: words, limit: limits.wordsPerUtterance)
    }
    guard utterances.count < limits.utterances else {
      throw TranscriptError.tooMany("utterances", in: name, at: place, limit: limits.utterances)
    }
    speakers.formUnion(row.speakers)
    guard speakers.count <= limits.speakers else {
      throw TranscriptError.tooMany("speakers", in: name, at: place, limit: limits.speakers)
    }
    utterances.append(row)
  }

  /// Counts something that becomes no row.
  mutating func leaveOut(_ reason: String, count: Int = 1) {
    if count > 0 { leftOut[reason, default: 0] += count }
  }

  mutating func warn(_ sentence: String) {
    if !warnings.contains(sentence) { warnings.append(sentence) }
  }

  /// Counts an oddity of a row, so that a thousand of them are one warning.
  mutating func note(_ oddity: String, at place: String) {
    oddities[oddity, default: (0, place)].count += 1
  }

  /// The sentences about the file, then each oddity with its count and its first place.
  var allWarnings: [String] {
    warnings
      + oddities.sorted { $0.key < $1.key }.map { oddity, seen in
        seen.count == 1 ? "\(oddity) (\(seen.first))" : "\(oddity) (\(seen.count) times, first at \(seen.first))"
      }
  }

  /// Brings rows of several tiers or channels into the order of their starts.
  ///
  /// Rows that start together keep their order; a row without a start stays behind the row of its tier that it followed.
  mutating func sortByStart() {
    var latest = -Double.infinity
    var tier: String?
    let keyed = utterances.enumerated().map { index, row in
      if row.place.tier != tier { latest = -.infinity }
      tier = row.place.tier
      if let start = row.start { latest = start }
      return (start: latest, index: index)
    }
    let order = keyed.sorted { ($0.start, $0.index) < ($1.start, $1.index) }
    utterances = order.map { utterances[$0.index] }
  }
}

/// A text with all white space, line breaks and control characters between words turned into single blanks.
func oneLine(_ text: String) -> String {
  if isOneLine(text.utf8) { return text }
  var result = String.UnicodeScalarView()
  var blank = false
  for scalar in text.unicodeScalars {
    if isBlank(scalar) {
      blank = !result.isEmpty
    } else if !invisible.contains(scalar) {
      if blank { result.append(" ") }
      blank = false
      result.append(scalar)
    }
  }
  return String(result)
}

/// Whether the text is ASCII words with single blanks between them: what most rows are.
private func isOneLine(_ bytes: String.UTF8View) -> Bool {
  var before = UInt8(ascii: " ")
  for byte in bytes {
    guard (0x20..<0x7F).contains(byte), byte != 0x20 || before != 0x20 else { return false }
    before = byte
  }
  return before != 0x20
}

/// Whether a letter is white space or a control character.
func isBlank(_ scalar: Unicode.Scalar) -> Bool {
  scalar.isASCII ? scalar.value <= 0x20 || scalar.value == 0x7F : scalar.properties.isWhitespace
}

/// Marks that show nothing and would make two equal names differ: zero-width space, direction marks, byte-order mark.
private let invisible: Set<Unicode.Scalar> = ["\u{200B}", "\u{200E}", "\u{200F}", "\u{2060}", "\u{FEFF}"]

/// The number of words of a text on one line.
func wordCount(_ text: String) -> Int {
  text.isEmpty ? 0 : text.utf8.reduce(1) { $0 + ($1 == UInt8(ascii: " ") ? 1 : 0) }
}
