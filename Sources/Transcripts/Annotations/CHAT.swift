/// Reads CHAT transcripts (`.cha`), as CLAN and the TalkBank collections use them.
///
///     @Begin
///     @Participants:	MOT Anna Mother, CHI Ben Target_Child
///     *MOT:	where is your shoe ? ␕300_2100␕
///     %act:	points at the door
///     *CHI:	I (do)n't know
///     	where it is . ␕2300_4000␕
///     @End
///
/// - A main line, `*CODE:`, is a row. A line that begins with a tab or blanks continues the line before it.
/// - The speaker is the code, as written. `@Participants` and `@ID` tell name and role: they make the speaker table.
/// - The bullet behind the words holds start and end in milliseconds, perhaps behind the name of a recording. A line with
///   several bullets starts with the first and ends with the last.
/// - Dependent lines (`%mor:`, `%act:` …) are left out. The codes inside of main lines are read by `CHATWords`.
enum CHAT {
  static func begins(_ lines: [SourceLine]) -> Bool {
    lines.prefix(40).contains { line in
      ["@Begin", "@UTF8", "@Participants:"].contains { line.text.hasPrefix($0) }
    }
  }

  /// - Throws: `TranscriptError` beyond a limit.
  static func read(_ source: SourceText, into draft: inout TranscriptDraft) throws {
    draft.program = "CLAN"
    for line in logicalLines(source.lines(), &draft) {
      switch line.text.first {
      case "*": try append(line, to: &draft)
      case "%": draft.leaveOut("dependent line")
      case "@": readHeader(line.text, into: &draft)
      default: draft.leaveOut("line without a code")
      }
    }
  }

  /// Lines with their continuations.
  private static func logicalLines(
    _ lines: [SourceLine], _ draft: inout TranscriptDraft
  ) -> [(number: Int, text: String)] {
    var result: [(number: Int, text: String)] = []
    for line in lines where !line.isBlank {
      let isContinuation = line.text.first == "\t" || line.text.first == " "
      if isContinuation, !result.isEmpty {
        result[result.count - 1].text += " " + line.text.trimmed
      } else {
        result.append((line.number, String(line.text.trimmed)))
      }
    }
    return result
  }

  private static func append(_ line: (number: Int, text: String), to draft: inout TranscriptDraft) throws {
    let place = SourcePlace(line: line.number)
    guard let colon = line.text.firstIndex(of: ":") else {
      draft.note("A main line has no colon behind its code", at: place.description)
      return draft.leaveOut("main line without a code")
    }
    let code = String(line.text[..<colon].dropFirst())
    let (words, bullets) = CHATBullets.split(line.text[line.text.index(after: colon)...])
    let text = CHATWords.plain(words)
    try draft.append(
      TranscriptUtterance(
        speakers: [code], source: .prefix, start: bullets.first?.start, end: bullets.last?.end, text: text,
        place: place))
  }

  private static func readHeader(_ text: String, into draft: inout TranscriptDraft) {
    guard let colon = text.firstIndex(of: ":") else { return }
    let value = text[text.index(after: colon)...].trimmed
    switch text[..<colon] {
    case "@Participants":
      for entry in value.split(separator: ",") {
        let words = entry.split(whereSeparator: \.isWhitespace).map(String.init)
        guard let code = words.first else { continue }
        let name = words.count > 2 ? words[1..<(words.count - 1)].joined(separator: " ") : nil
        draft.speakerTable.append(SpeakerEntry(id: code, name: name, role: words.count > 1 ? words.last : nil))
      }
    case "@ID":
      let fields = value.split(separator: "|", omittingEmptySubsequences: false).map { String($0.trimmed) }
      guard fields.count > 7, !draft.speakerTable.contains(where: { $0.id == fields[2] }) else { return }
      draft.speakerTable.append(SpeakerEntry(id: fields[2], role: fields[7].isEmpty ? nil : fields[7]))
    default: return
    }
  }
}

/// The times in a main line: `␕300_2100␕`, `␕%snd:"call"_300_2100␕`, or with • for the control character.
enum CHATBullets {
  /// The words without the bullets, and the bullets' times in seconds.
  static func split(_ text: Substring) -> (words: String, bullets: [(start: Double, end: Double)]) {
    var words = ""
    var bullets: [(start: Double, end: Double)] = []
    let parts = text.split(omittingEmptySubsequences: false) { $0 == "\u{15}" || $0 == "•" }
    for (index, part) in parts.enumerated() {
      let numbers = part.split(separator: "_").suffix(2).compactMap { TimeCode.finite($0) }
      let isBullet = !index.isMultiple(of: 2) && numbers.count == 2
      if isBullet {
        bullets.append((numbers[0] / 1000, numbers[1] / 1000))
      } else {
        words += (words.isEmpty ? "" : " ") + part
      }
    }
    return (words, bullets)
  }
}
