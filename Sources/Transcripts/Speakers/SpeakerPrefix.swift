/// The name before a colon at the beginning of a line, and whether it is one.
///
/// A colon alone proves nothing: “I told you: no.” A *candidate* looks like a name. Which candidates are names is
/// decided over the whole file, by `SpeakerPrefixes`.
struct SpeakerPrefix {
  var name: String
  /// The line behind the colon.
  var rest: Substring
  /// Whether it looks like a name only to those who know that it is one: a lower-case nickname, `Question`, `12`.
  var isWeak: Bool
  /// Whether it is written as recognisers write names: `Speaker 1`, `[Anna]`.
  var isLabel: Bool
  /// Whether it is written in capitals, as captions write names: `WOMAN`, `SPEAKER_00`.
  var isShouted: Bool

  /// The candidate that opens a line; nil where it opens with words.
  ///
  /// - A colon within the first 60 characters, with white space or the end of the line behind it (so neither 10:30 nor
  ///   an address counts), or a full-width colon. The name may stand in `[ ]` or `** **`.
  /// - One to five words without `. ? ! ; " …`, apart from points in abbreviations (`Dr.`, `J.`); at most one comma.
  /// - Each word begins with a capital, with a letter of a script without capitals, or with a digit or bracket; or it is
  ///   one of the small words of names (`van`, `de`, `al`, `and` …). One or two words in lower case are a weak candidate.
  /// - Words that open sentences and notes (`Note`, `Listen`, `Question` …) are weak candidates.
  init?(opening line: Substring) {
    let line = line.trimmed
    let head = line.prefix(60)
    guard let colon = head.firstIndex(where: { $0 == ":" || $0 == "：" }) else { return nil }
    var rest = line[line.index(after: colon)...]
    var written = line[..<colon].trimmed
    if written.hasPrefix("**") {
      if rest.hasPrefix("**") { rest = rest.dropFirst(2) } else if !written.dropFirst(2).hasSuffix("**") { return nil }
      written = written.trimming { $0 == "*" }.trimmed
    }
    guard line[colon] == "：" || rest.first.map(\.isWhitespace) ?? true else { return nil }
    let isBracketed = written.hasPrefix("[") && written.hasSuffix("]")
    if isBracketed { written = written.dropFirst().dropLast().trimmed }
    guard let shape = NameShape(written) else { return nil }
    name = oneLine(String(written))
    self.rest = rest.trimmed
    isLabel = shape.isLabel || isBracketed
    isShouted = shape.isShouted
    isWeak = shape.isWeak && !isBracketed
  }
}

/// What a piece of text shares with names of people.
private struct NameShape {
  var isWeak = false
  var isLabel = false
  var isShouted = false

  private static let particles: Set<String> = [
    "van", "von", "der", "den", "de", "da", "di", "du", "del", "la", "le", "al", "el", "bin", "ibn", "of", "the", "and",
    "y", "e", "dos", "das", "zu", "zur", "ter", "te", "und", "et",
  ]
  private static let openers: Set<String> = [
    "note", "notes", "listen", "look", "remember", "question", "answer", "warning", "caution", "example", "okay", "ok",
    "well", "yes", "no", "yeah", "first", "second", "third", "then", "so", "but", "and", "because", "today", "tomorrow",
    "yesterday", "fact", "result", "update", "reminder", "attention", "hint", "tip", "ps", "p.s", "re", "subject",
    "step", "rule", "chapter", "part", "time", "date", "place", "source", "translation", "subtitles", "captions",
    "conclusion", "summary", "problem", "reason", "point", "truth", "correct", "wrong", "right", "imagine", "think",
    "wait", "see", "here", "now", "also", "plus", "meaning", "quote", "title", "language", "kind", "duration", "topic",
    "attendees", "participants", "recording", "transcript", "email", "phone", "address", "total", "price", "item",
    "important", "basically", "anyway", "seriously", "honestly", "frankly", "still", "again", "more", "next", "finally",
    "option", "scene", "int", "ext", "cut", "this", "that", "it", "i", "you", "we", "they", "what", "why", "how",
  ]

  private static let roles: Set<String> = [
    "speaker", "spk", "caller", "person", "participant", "interviewer", "interviewee", "respondent", "agent",
    "customer",
    "client", "voice", "man", "woman", "male", "female", "boy", "girl", "child", "student", "teacher", "guest", "host",
    "witness", "patient", "doctor", "user", "member", "sprecher", "sprecherin", "locuteur", "hablante",
  ]

  init?(_ text: Substring) {
    guard !text.isEmpty, text.contains(where: { $0.isLetter || $0.isNumber }) else { return nil }
    guard !text.contains(where: { "?!;\"…“”<>=|{}*#".contains($0) }) else { return nil }
    let commas = text.count { $0 == "," }
    guard commas <= 1 else { return nil }
    let words = text.split(whereSeparator: \.isWhitespace)
    guard words.count <= 5 else { return nil }
    var lowerCase = 0
    for word in words {
      if word.dropLast().contains(".") && word.count > 5 { return nil }
      if word.hasSuffix("."), word.count > 5 { return nil }
      guard let first = word.first else { continue }
      if first.isLowercase && !Self.particles.contains(word.lowercased()) { lowerCase += 1 }
      if !(first.isLetter || first.isNumber || "([&/+-".contains(first)) { return nil }
    }
    let opensLowerCase = words.first?.first?.isLowercase == true
    if lowerCase > 0 || opensLowerCase {
      guard words.count <= 2 else { return nil }
      isWeak = true
    }
    if commas > 0 || !text.contains(where: \.isLetter) { isWeak = true }
    let first = words.first.map { $0.lowercased() } ?? ""
    if Self.openers.contains(first), words.count <= 2 {
      isWeak = true
    } else if !isWeak {
      let letters = text.filter(\.isLetter)
      isShouted = letters.count > 1 && letters.allSatisfy(\.isUppercase) && words.count <= 3
      let isNumbered = words.last?.contains(where: \.isNumber) == true && words.count <= 2
      isLabel = isNumbered && Self.roles.contains(String(first.prefix { $0.isLetter }))
    }
  }
}

/// Which of a file's candidates are speakers.
struct SpeakerPrefixes {
  private var counts: [String: Int] = [:]
  private var openings = 0
  private var prefixed = 0
  private var shouted = 0

  /// Counts one line that may open with a name.
  mutating func count(_ line: Substring) {
    guard !line.trimmed.isEmpty else { return }
    openings += 1
    if !line.utf8.contains(where: { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) }) { shouted += 1 }
    guard let candidate = SpeakerPrefix(opening: line) else { return }
    prefixed += 1
    counts[candidate.name, default: 0] += 1
  }

  /// The speaker who opens a line; nil where the line opens with words.
  ///
  /// A label is one at once, and so are capitals, unless half of the file is in capitals. Another candidate is one if it
  /// opens two lines, or if half of the file's lines open with a candidate. A weak one is one if it opens three lines and a tenth of all, or two where four lines of five are named.
  func speaker(opening line: Substring) -> SpeakerPrefix? {
    guard let candidate = SpeakerPrefix(opening: line) else { return nil }
    let count = counts[candidate.name] ?? 0
    let share = openings == 0 ? 0 : Double(prefixed) / Double(openings)
    if candidate.isWeak {
      let isFrequent = count >= 3 && Double(count) >= 0.1 * Double(openings)
      return isFrequent || (count >= 2 && share >= 0.8) ? candidate : nil
    }
    let isMarked = candidate.isLabel || candidate.isShouted && shouted * 2 < openings
    return isMarked || count >= 2 || share >= 0.5 ? candidate : nil
  }

  /// Whether any line opens with a speaker's name.
  var areFound: Bool { prefixed > 0 && (prefixed * 2 >= openings || counts.values.contains { $0 >= 2 }) }
}

extension Substring {
  /// Without the characters that qualify, at both ends.
  func trimming(_ isDropped: (Character) -> Bool) -> Substring {
    var slice = self
    while let first = slice.first, isDropped(first) { slice.removeFirst() }
    while let last = slice.last, isDropped(last) { slice.removeLast() }
    return slice
  }
}
