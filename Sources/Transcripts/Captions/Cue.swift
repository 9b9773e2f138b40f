/// One cue of a subtitle file: when it is shown, and its lines as written.
struct Cue {
  var id: String?
  /// The number of the line with the times.
  var line: Int
  var start: Double?
  var end: Double?
  var lines: [Substring] = []
}

/// The block grammar that WebVTT and SubRip share.
///
///     block = [identifier EOL] start "-->" end [settings] EOL *(text EOL) blank
///
/// Damaged files are read as far as they make sense:
/// - A cue without a blank line behind it ends where the next line with times begins; a number above that line is the
///   next cue's identifier.
/// - Text behind a blank line that belongs to no cue is text of the cue before it.
/// - A time that cannot be read is absent, and noted; so is an end that lies before its start, which is kept.
struct CueBlocks {
  /// Whether `NOTE`, `STYLE` and `REGION` blocks are comments and definitions, as in WebVTT.
  var hasComments: Bool
  /// Whether a line of white space alone ends a cue; WebVTT wants it empty.
  var endsAtWhiteSpace: Bool

  func cues(in lines: ArraySlice<SourceLine>, draft: inout TranscriptDraft) -> [Cue] {
    var cues: [Cue] = []
    var index = lines.startIndex
    while index < lines.endIndex {
      let line = lines[index]
      if line.isBlank {
        index += 1
      } else if let kind = comment(line, before: lines[(index + 1)...].first) {
        draft.leaveOut(kind)
        while index < lines.endIndex, !lines[index].isBlank { index += 1 }
      } else if line.isTiming {
        index = read(lines, timing: index, id: nil, into: &cues, &draft)
      } else if index + 1 < lines.endIndex, lines[index + 1].isTiming {
        index = read(lines, timing: index + 1, id: String(line.text.trimmed), into: &cues, &draft)
      } else if let timing = timing(numberedBy: index, lines) {
        index = read(lines, timing: timing, id: String(line.text.trimmed), into: &cues, &draft)
      } else {
        if cues.isEmpty {
          draft.leaveOut("line before the first cue")
        } else {
          draft.note("Text stands behind a blank line and was added to the cue above", at: "line \(line.number)")
          cues[cues.count - 1].lines.append(line.text)
        }
        index += 1
      }
    }
    return cues
  }

  /// The line with times that a number stands above, with nothing but blank lines between: files whose every line got an
  /// empty one below have that.
  private func timing(numberedBy index: Int, _ lines: ArraySlice<SourceLine>) -> Int? {
    let number = lines[index].text.trimmed
    guard number.utf8.count < 10, number.allSatisfy(\.isNumber) else { return nil }
    let next = lines[(index + 1)...].firstIndex { !$0.isBlank }
    return next.flatMap { lines[$0].isTiming ? $0 : nil }
  }

  /// Reads the cue whose times stand in line `timing`, and returns the first line behind it.
  private func read(
    _ lines: ArraySlice<SourceLine>, timing: Int, id: String?, into cues: inout [Cue], _ draft: inout TranscriptDraft
  ) -> Int {
    var cue = Cue(id: id, line: lines[timing].number)
    (cue.start, cue.end) = times(lines[timing], &draft)
    var index = timing + 1
    while index < lines.endIndex, !lines[index].isTiming {
      if endsAtWhiteSpace ? lines[index].isBlank : lines[index].text.isEmpty { break }
      cue.lines.append(lines[index].text)
      index += 1
    }
    let runsIntoNext = index < lines.endIndex && lines[index].isTiming
    if runsIntoNext, let last = cue.lines.last?.trimmed, !last.isEmpty, last.allSatisfy(\.isNumber) {
      cue.lines.removeLast()
      index -= 1
    }
    cues.append(cue)
    return index
  }

  /// Start and end of `00:01.000 --> 00:02.000 align:start`; what cannot be read is absent.
  private func times(_ line: SourceLine, _ draft: inout TranscriptDraft) -> (Double?, Double?) {
    guard let arrow = line.text.range(of: "-->") else { return (nil, nil) }
    let end = line.text[arrow.upperBound...].split(whereSeparator: \.isWhitespace).first ?? ""
    let times = (clock(line.text[..<arrow.lowerBound]), clock(end))
    if times.0 == nil || times.1 == nil {
      draft.note("A time cannot be read and is left absent", at: "line \(line.number)")
    }
    return times
  }

  private func clock(_ text: Substring) -> Double? {
    text.contains(":") ? TimeCode.clock(text) : nil
  }

  private func comment(_ line: SourceLine, before next: SourceLine?) -> String? {
    guard hasComments, !line.isTiming, next?.isTiming != true else { return nil }
    let word = line.text.prefix { !$0.isWhitespace }
    switch word {
    case "NOTE": return "note"
    case "STYLE": return "style"
    case "REGION": return "region"
    default: return nil
    }
  }
}

extension SourceLine {
  /// Whether the line holds a cue's times: an arrow with a time on at least one side, or with nothing but marks before it.
  var isTiming: Bool {
    guard let arrow = text.range(of: "-->") else { return false }
    let before = text[..<arrow.lowerBound].trimmed
    if before.allSatisfy({ $0.isNumber || ":.,".contains($0) }) { return true }
    let after = text[arrow.upperBound...].split(maxSplits: 1, whereSeparator: \.isWhitespace).first ?? ""
    return [before, after].contains { $0.contains(":") && TimeCode.clock($0) != nil }
  }
}

extension Substring {
  /// Where a short ASCII text first stands, found by bytes: a line may be megabytes long.
  fileprivate func range(of text: StaticString) -> Range<Index>? {
    let pattern = text.withUTF8Buffer { Array($0) }
    var index = utf8.startIndex
    while let first = utf8[index...].firstIndex(of: pattern[0]) {
      let candidate = utf8[first...].prefix(pattern.count)
      if candidate.elementsEqual(pattern) { return first..<candidate.endIndex }
      index = utf8.index(after: first)
    }
    return nil
  }
}
