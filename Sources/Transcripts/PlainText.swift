/// Reads plain text in which names, perhaps with times, stand before what people say.
///
///     Anna: Where is it?                        a name before the words
///     [00:01:02] Anna: Where is it?             a time before that, in brackets or bare
///     Anna (01:02): Where is it?                a time behind the name
///     Anna  1:02                                a line of its own, the words below it
///     [00:01.000 --> 00:02.500] Where is it?    start and end, as Whisper prints them
///
/// - What counts as a name is stated by `SpeakerPrefix`; a time behind a name proves it to be one.
/// - A line without a name that follows directly continues the row above it. Behind a blank line it is a row without a
///   speaker, unless the row above is a name that still has no words.
/// - In a text without any names and times each line is a row.
enum PlainText {
  /// Whether any of the first lines names a speaker or a time.
  static func begins(_ lines: [SourceLine]) -> Bool {
    let heads = lines.prefix(500).filter { !$0.isBlank }.map { Head($0.text) }
    var prefixes = SpeakerPrefixes()
    for head in heads { prefixes.count(head.rest) }
    return prefixes.areFound || heads.contains { $0.start != nil }
  }

  /// - Throws: `TranscriptError` beyond a limit.
  static func read(_ source: SourceText, into draft: inout TranscriptDraft) throws {
    let lines = source.lines()
    let heads = lines.map { Head($0.text) }
    var prefixes = SpeakerPrefixes()
    for (line, head) in zip(lines, heads) where !line.isBlank && head.name == nil { prefixes.count(head.rest) }
    let hasStructure = heads.contains { $0.start != nil } || prefixes.areFound

    var rows: [TranscriptUtterance] = []
    var wasBlank = true
    for (line, head) in zip(lines, heads) {
      if line.isBlank {
        wasBlank = true
        continue
      }
      let prefix = head.name == nil ? prefixes.speaker(opening: head.rest) : nil
      let name = head.name ?? prefix?.name
      let awaitsWords = rows.last.map { $0.text.isEmpty } ?? false
      if name == nil, head.start == nil, hasStructure, !rows.isEmpty, !wasBlank || awaitsWords {
        rows[rows.count - 1].text += (awaitsWords ? "" : " ") + head.rest
      } else {
        rows.append(
          TranscriptUtterance(
            speakers: name.map { [$0] } ?? [], source: .prefix, start: head.start, end: head.end,
            text: String(prefix?.rest ?? head.rest), place: SourcePlace(line: line.number)))
      }
      wasBlank = false
    }
    for var row in rows {
      row.isSpeech = NonSpeech.isSpeech(row.text)
      try draft.append(row)
    }
  }

  /// What stands before the words of a line.
  private struct Head {
    var start: Double?
    var end: Double?
    /// Only where a time behind it proves it to be a name.
    var name: String?
    var rest: Substring

    init(_ line: Substring) {
      rest = line.trimmed
      if let (times, behind) = Self.times(opening: rest) {
        (start, end) = times
        rest = behind.trimming { $0 == "-" || $0.isWhitespace }
      } else if let (name, time, behind) = Self.nameAndTime(opening: rest) {
        self.name = name
        start = time
        rest = behind
      }
    }

    /// `[00:01:02]`, `(1:02)`, `00:01:02.5`, or two of them with an arrow or a dash between.
    private static func times(opening line: Substring) -> ((Double, Double?), Substring)? {
      let brackets: [Character: Character] = ["[": "]", "(": ")"]
      guard let first = line.first else { return nil }
      let inside: Substring
      let behind: Substring
      if let close = brackets[first] {
        guard let end = line.prefix(40).firstIndex(of: close) else { return nil }
        inside = line.dropFirst()[..<end]
        behind = line[line.index(after: end)...]
      } else {
        inside = line.prefix(40).prefix { $0.isNumber || ":., ->–".contains($0) }
        behind = line[inside.endIndex...]
        guard behind.first?.isLetter != true || inside.last == " " else { return nil }
      }
      let parts = inside.split { " ->–".contains($0) }
      let times = parts.compactMap { $0.contains(":") ? TimeCode.clock($0) : nil }
      guard times.count == parts.count, let start = times.first, times.count <= 2 else { return nil }
      return ((start, times.count == 2 ? times[1] : nil), behind.trimmed)
    }

    /// `Anna (01:02): words`, `Anna [01:02]`, `Anna  01:02`.
    private static func nameAndTime(opening line: Substring) -> (String, Double, Substring)? {
      let head = line.prefix(90)
      guard let digit = head.firstIndex(where: \.isNumber) else { return nil }
      var open = digit
      // `Speaker 1 (01:02)`: the time is the last number of the head.
      for index in head.indices where head[index].isNumber {
        let text = head[index...].prefix { $0.isNumber || ":.,".contains($0) }
        let before = index == head.startIndex ? nil : head[head.index(before: index)]
        if text.contains(":"), before.map({ " \t([".contains($0) }) ?? false { open = index }
        if open != digit { break }
      }
      let code = head[open...].prefix { $0.isNumber || ":.,".contains($0) }.trimming { ":.,".contains($0) }
      guard code.contains(":"), let time = TimeCode.clock(code) else { return nil }
      var behind = line[code.endIndex...].trimmed
      if let mark = behind.first, mark == ")" || mark == "]" { behind = behind.dropFirst() }
      let isHeading = behind.trimmed.isEmpty
      guard isHeading || behind.first == ":" else { return nil }
      let name = line[..<open].trimming { " \t([-–|,".contains($0) }
      guard let prefix = SpeakerPrefix(opening: "\(name):"), !prefix.isWeak || isHeading else { return nil }
      return (prefix.name, time, isHeading ? "" : behind.dropFirst().trimmed)
    }
  }
}
