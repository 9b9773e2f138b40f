/// Reads tables with a row for each utterance: comma, semicolon, bar or tab between the columns, names in the first line.
///
/// `TableColumns` tells which column holds what. MELD's own tables are read as they are: `Dialogue_ID` and `Utterance_ID`
/// name conversations and rows, `Emotion` labels them, times are `HH:MM:SS,mmm`.
///
/// - Times are clock times, seconds, or milliseconds where the column's name says so and in Whisper's own tables. A date
///   before the time counts from midnight of the first row's day.
/// - Rows are never joined: whoever made the table chose them.
/// - A speaker that is empty or `nan` is absent. Without a column for speakers, a name before the words is one, by the
///   rules of `SpeakerPrefix`.
/// - A row with too few fields lacks what is missing; one with too many has an unquoted separator in its words, if these
///   stand last.
/// - Audacity's label tracks, three columns without names, are start, end and words.
enum TranscriptTable {
  static let separators: [UInt8] = [0x09, UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "|")]

  /// The separator and the columns of a table; nil where the first line names no column of words beside another one.
  static func shape(of lines: [SourceLine], isPromised: Bool) -> (separator: UInt8, columns: TableColumns)? {
    guard let first = lines.first(where: { !$0.isBlank }) else { return nil }
    for separator in separators {
      guard let columns = TableColumns(header(first, separator)) else { continue }
      if columns.known > 1 || isPromised { return (separator, columns) }
    }
    return nil
  }

  /// Whether the first lines are `number TAB number TAB words`.
  static func isLabelTrack(_ lines: [SourceLine]) -> Bool {
    let first = lines.prefix(5).map { $0.text.split(separator: "\t", omittingEmptySubsequences: false) }
    return !first.isEmpty
      && first.allSatisfy { $0.count == 3 && TimeCode.finite($0[0]) != nil && TimeCode.finite($0[1]) != nil }
  }

  static func header(_ line: SourceLine, _ separator: UInt8) -> [String] {
    let source = SourceText(name: "", text: String(line.text), encoding: TextEncoding(name: .utf8, evidence: .validity))
    return DelimitedRows.read(source, separator: separator).first?.fields ?? []
  }

  /// - Throws: `TranscriptError` where no column holds the words, and beyond a limit.
  static func read(_ source: SourceText, into draft: inout TranscriptDraft) throws -> TranscriptFormat {
    let lines = source.lines()
    if isLabelTrack(lines) {
      draft.program = "Audacity"
      let columns = TableColumns(["start", "end", "text"])
      let records = DelimitedRows.read(source, separator: 0x09)
      if let columns { try append(records[...], columns, to: &draft) }
      return .tabTable
    }
    guard let (separator, shape) = shape(of: lines, isPromised: true) else {
      let first = lines.first { !$0.isBlank }
      let columns =
        first.map { line in separators.map { Self.header(line, $0) }.max { $0.count < $1.count } ?? [] } ?? []
      throw TranscriptError.noTextColumn(source.name, columns: columns, line: first?.number ?? 1)
    }
    let records = DelimitedRows.read(source, separator: separator)
    let header = records.first?.fields ?? []
    var columns = shape
    draft.program = program(header, records.dropFirst(), &columns)
    try append(records.dropFirst(), columns, to: &draft)
    return separator == 0x09 ? .tabTable : .commaTable
  }

  private static func program(
    _ header: [String], _ records: ArraySlice<DelimitedRows.Record>, _ columns: inout TableColumns
  ) -> String? {
    if Set(["Utterance", "Speaker", "Emotion", "Dialogue_ID", "Utterance_ID", "StartTime"]).isSubset(of: header) {
      return "MELD"
    }
    guard header == ["start", "end", "text"] else { return nil }
    columns.countsMilliseconds = records.allSatisfy { $0.fields.prefix(2).allSatisfy { Int($0) != nil } }
    return columns.countsMilliseconds ? "Whisper" : nil
  }

  private static func append(
    _ records: ArraySlice<DelimitedRows.Record>, _ columns: TableColumns, to draft: inout TranscriptDraft
  ) throws {
    var times = TableTimes(countsMilliseconds: columns.countsMilliseconds)
    var prefixes = SpeakerPrefixes()
    let width = ([columns.text, columns.speaker, columns.start, columns.end].compactMap(\.self).max() ?? 0) + 1
    if columns.speaker == nil {
      for record in records where record.fields.indices.contains(columns.text) {
        prefixes.count(record.fields[columns.text][...])
      }
    }
    for record in records {
      let place = "line \(record.line)"
      func field(_ column: Int?) -> String? {
        guard let column, record.fields.indices.contains(column) else { return nil }
        let text = record.fields[column].trimmed
        return absent.contains(text) ? nil : text
      }
      guard record.fields.indices.contains(columns.text) else {
        draft.leaveOut("row without a field for the words")
        continue
      }
      if record.fields.count < width { draft.note("A row has too few fields", at: place) }
      var text = record.fields[columns.text][...]
      if columns.text == width - 1, record.fields.count > width, columns.isLast(columns.text) {
        draft.note("A row has too many fields; the last ones were taken for its words", at: place)
        text = record.fields[columns.text...].joined(separator: ",")[...]
      }
      let prefix = columns.speaker == nil ? prefixes.speaker(opening: text) : nil
      let start = times.seconds(field(columns.start), at: place, &draft)
      let duration = times.seconds(field(columns.duration), at: place, &draft)
      let end =
        columns.end == nil
        ? start.flatMap { start in duration.map { start + $0 } } : times.seconds(field(columns.end), at: place, &draft)
      let speaker = field(columns.speaker) ?? prefix?.name
      try draft.append(
        TranscriptUtterance(
          speakers: speaker.map { [$0] } ?? [], source: columns.speaker == nil ? .prefix : .column, start: start,
          end: end, text: String(prefix?.rest ?? text), place: SourcePlace(line: record.line, id: field(columns.id)),
          dialogue: field(columns.dialogue), emotion: field(columns.emotion)))
    }
  }

  /// What programs write where they know nothing.
  private static let absent: Set<String> = ["", "nan", "NaN", "null", "NULL", "None", "N/A", "NA"]
}

extension TableColumns {
  /// Whether no known column stands behind this one.
  fileprivate func isLast(_ column: Int) -> Bool {
    [speaker, start, end, duration, emotion, dialogue, id].allSatisfy { $0.map { $0 < column } ?? true }
  }
}

/// Reads the time fields of one table.
private struct TableTimes {
  var countsMilliseconds: Bool
  /// The day of the first date, counted from 1970.
  private var firstDay: Int?

  init(countsMilliseconds: Bool) { self.countsMilliseconds = countsMilliseconds }

  mutating func seconds(_ field: String?, at place: String, _ draft: inout TranscriptDraft) -> Double? {
    guard let field else { return nil }
    if let (day, seconds) = TimeCode.dated(field), let number = Self.number(ofDay: day) {
      let first = firstDay ?? number
      firstDay = first
      draft.warn("Times carry dates; they are counted from midnight of the first row's day.")
      return Double(number - first) * 86_400 + seconds
    }
    if let seconds = TimeCode.seconds(field) {
      return countsMilliseconds && !field.contains(":") ? seconds / 1000 : seconds
    }
    draft.note("A time cannot be read and is left absent", at: place)
    return nil
  }

  /// The number of a day `2026-03-04` in a count of all days, by the rule of the Gregorian calendar.
  private static func number(ofDay day: Substring) -> Int? {
    let parts = day.split(separator: "-").compactMap { Int($0) }
    guard parts.count == 3, (1...12).contains(parts[1]) else { return nil }
    let year = parts[1] > 2 ? parts[0] : parts[0] - 1
    let month = (parts[1] + 9) % 12
    return 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + parts[2]
  }
}
