/// Takes cues apart into turns: who says what of a cue's text.
///
/// In this order:
/// 1. *Voices.* `<v Anna>` says who speaks. The words outside of any voice are treated as below.
/// 2. *Chevrons.* `>>` begins a turn of somebody else, as live captions write it.
/// 3. *Dashes.* In a text of several lines, a line that begins with a dash begins a turn: two people in one cue. A dash
///    before the only turn is left out. `--` is no such dash, and `-5` is a number.
/// 4. *Prefixes.* A line that opens with a speaker's name and a colon begins a turn of that speaker; see
///    `SpeakerPrefix` for what is a name.
/// 5. *Identifiers.* Turns that name nobody are those of the person whom the cue's identifier names, where it does.
///
/// Every turn keeps the cue's times: the file does not say when within a cue the speaker changes. A cue without words
/// stays a row without words.
struct CaptionTurns {
  private var prefixes = SpeakerPrefixes()
  private let cues: [(cue: Cue, spans: [CaptionMarkup.Span])]

  init(_ cues: [Cue]) {
    self.cues = cues.map { ($0, CaptionMarkup.spans($0.lines)) }
    for (_, spans) in self.cues {
      for span in spans where span.voice == nil {
        for line in Self.turnLines(span.text).map({ $0.first ?? "" }) { prefixes.count(line) }
      }
    }
  }

  /// Whether any cue names its speaker before its words.
  var haveNames: Bool { prefixes.areFound }

  /// Adds a row for every turn.
  ///
  /// - Throws: `TranscriptError` beyond a limit.
  func append(to draft: inout TranscriptDraft) throws {
    for (cue, spans) in cues {
      let named = Self.identifierSpeaker(cue.id)
      var turns = spans.flatMap(turns)
      if turns.isEmpty { turns = [Turn(speaker: nil, source: .identifier, text: "")] }
      for turn in turns {
        let speaker = turn.speaker ?? named
        try draft.append(
          TranscriptUtterance(
            speakers: speaker.map { [$0] } ?? [], source: turn.speaker == nil ? .identifier : turn.source,
            start: cue.start, end: cue.end, text: turn.text, place: SourcePlace(line: cue.line, id: cue.id)))
      }
    }
  }

  private struct Turn {
    var speaker: String?
    var source: SpeakerSource
    var text: String
  }

  private func turns(of span: CaptionMarkup.Span) -> [Turn] {
    if let voice = span.voice { return [Turn(speaker: voice, source: .tag, text: words(span.text, of: voice))] }
    var turns: [Turn] = []
    for lines in Self.turnLines(span.text) {
      var current = Turn(speaker: nil, source: .prefix, text: "")
      for line in lines {
        if let prefix = prefixes.speaker(opening: line) {
          if current.speaker != nil || !current.text.isEmpty { turns.append(current) }
          current = Turn(speaker: prefix.name, source: .prefix, text: String(prefix.rest))
        } else {
          current.text += (current.text.isEmpty ? "" : "\n") + line
        }
      }
      if current.speaker != nil || !current.text.isEmpty { turns.append(current) }
    }
    return turns
  }

  /// A voice's words; some programs write the name before them once more.
  private func words(_ text: String, of voice: String) -> String {
    guard let prefix = SpeakerPrefix(opening: text[...]), prefix.name == oneLine(voice) else { return text }
    return String(prefix.rest)
  }

  /// The lines of each turn that chevrons and dashes make out of a text.
  private static func turnLines(_ text: String) -> [[Substring]] {
    var turns: [[Substring]] = []
    for part in chevronParts(text) {
      let lines = part.split(separator: "\n").map(\.trimmed).filter { !$0.isEmpty }
      var current: [Substring] = []
      for line in lines {
        if let words = withoutDash(line) {
          if !current.isEmpty { turns.append(current) }
          current = [words]
        } else {
          current.append(line)
        }
      }
      if !current.isEmpty { turns.append(current) }
    }
    return turns
  }

  private static func chevronParts(_ text: String) -> [Substring] {
    let bytes = text.utf8
    guard zip(bytes, bytes.dropFirst()).contains(where: { $0 == UInt8(ascii: ">") && $1 == $0 }) else {
      return [text[...]]
    }
    return text.split(separator: ">>", omittingEmptySubsequences: false).map { $0.drop { $0 == ">" } }
  }

  /// The words behind the dash that opens a line; nil where no dash opens it.
  private static func withoutDash(_ line: Substring) -> Substring? {
    guard let dash = line.first, "-–—‐‑".contains(dash) else { return nil }
    let rest = line.dropFirst()
    guard let next = rest.first, next.isWhitespace || next.isLetter || "[(\"“¿¡'♪".contains(next) else { return nil }
    return rest.trimmed
  }

  /// The name in an identifier: `12 "Nora Example" (1160826624)`, as Webex writes it, or `Speaker 1`, `SPEAKER_00`.
  private static func identifierSpeaker(_ id: String?) -> String? {
    guard let id else { return nil }
    if id.lowercased().hasPrefix("speaker"), SpeakerPrefix(opening: "\(id):")?.isWeak == false { return id }
    guard let open = id.firstIndex(of: "\""), let close = id.lastIndex(of: "\""), open < close else { return nil }
    let number = id[..<open].trimmed
    guard !number.isEmpty, number.allSatisfy(\.isNumber) else { return nil }
    let name = String(id[id.index(after: open)..<close].trimmed)
    return name.isEmpty ? nil : name
  }
}
