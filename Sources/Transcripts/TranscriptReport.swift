/// What a reader made of a file, for people to check: the object that `ambtrain check --format json` prints.
public struct TranscriptReport: Sendable, Hashable {
  /// One row, short.
  public struct Line: Sendable, Hashable {
    /// Joined by ` & ` where several people speak; nil where the file names nobody.
    public var speaker: String?
    /// Seconds.
    public var start: Double?
    /// Seconds.
    public var end: Double?
    /// The words.
    public var text: String
  }

  /// `webvtt`, `srt`, `whisper-json` …: see `TranscriptFormat`.
  public var format: String
  /// The program that wrote the file, where it is known.
  public var program: String?
  /// `UTF-8`, `windows-1252` …: see `TextEncoding`.
  public var encoding: String
  /// How many rows there are.
  public var utterances: Int
  /// How many rows each speaker has; a row of several people counts for each of them.
  public var speakers: [String: Int]
  /// Rows that name nobody; in the object the member `null` of `speakers`.
  public var withoutSpeaker: Int
  /// The first row.
  public var first: Line?
  /// The last row.
  public var last: Line?
  /// Rows that are no speech.
  public var nonSpeech: Int
  /// What became no row, by reason.
  public var skipped: [String: Int]
  /// What a person should know, one sentence each.
  public var warnings: [String]

  /// Counts a transcript's rows.
  public init(_ transcript: Transcript) {
    format = transcript.format.rawValue
    program = transcript.program
    encoding = transcript.encoding.name.rawValue
    utterances = transcript.utterances.count
    speakers = transcript.utterances.reduce(into: [:]) { counts, row in
      for speaker in Set(row.speakers) { counts[speaker, default: 0] += 1 }
    }
    withoutSpeaker = transcript.utterances.count(where: \.speakers.isEmpty)
    first = transcript.utterances.first.map(Line.init)
    last = transcript.utterances.last.map(Line.init)
    nonSpeech = transcript.utterances.count { !$0.isSpeech }
    skipped = transcript.leftOut
    warnings = transcript.warnings
  }
}

extension TranscriptReport.Line {
  init(_ row: TranscriptUtterance) {
    self.init(
      speaker: row.speakers.isEmpty ? nil : row.speakers.joined(separator: " & "), start: row.start, end: row.end,
      text: row.text)
  }
}

extension TranscriptReport: Codable {
  private enum Key: String, CodingKey {
    case format, program, encoding, utterances, speakers, first, last
    case nonSpeech = "non_speech"
    case skipped, warnings
  }

  /// Every member is always there; what is not known is null.
  public func encode(to encoder: any Encoder) throws {
    var object = encoder.container(keyedBy: Key.self)
    try object.encode(format, forKey: .format)
    try object.encode(program, forKey: .program)
    try object.encode(encoding, forKey: .encoding)
    try object.encode(utterances, forKey: .utterances)
    try object.encode(speakerCounts, forKey: .speakers)
    try object.encode(first, forKey: .first)
    try object.encode(last, forKey: .last)
    try object.encode(nonSpeech, forKey: .nonSpeech)
    try object.encode(skipped, forKey: .skipped)
    try object.encode(warnings, forKey: .warnings)
  }

  /// Reads what `encode` wrote.
  ///
  /// - Throws: `DecodingError` for anything else.
  public init(from decoder: any Decoder) throws {
    let object = try decoder.container(keyedBy: Key.self)
    format = try object.decode(String.self, forKey: .format)
    program = try object.decodeIfPresent(String.self, forKey: .program)
    encoding = try object.decode(String.self, forKey: .encoding)
    utterances = try object.decode(Int.self, forKey: .utterances)
    speakers = try object.decode([String: Int].self, forKey: .speakers)
    withoutSpeaker = speakers.removeValue(forKey: "null") ?? 0
    first = try object.decodeIfPresent(Line.self, forKey: .first)
    last = try object.decodeIfPresent(Line.self, forKey: .last)
    nonSpeech = try object.decode(Int.self, forKey: .nonSpeech)
    skipped = try object.decode([String: Int].self, forKey: .skipped)
    warnings = try object.decode([String].self, forKey: .warnings)
  }

  /// The speakers with their counts, and under `null` the rows that name nobody, where there are any.
  public var speakerCounts: [String: Int] {
    withoutSpeaker > 0 ? speakers.merging(["null": withoutSpeaker]) { $0 + $1 } : speakers
  }
}

extension TranscriptReport.Line: Codable {
  private enum Key: String, CodingKey { case speaker, start, end, text }

  /// Every member is always there; what is absent is null.
  public func encode(to encoder: any Encoder) throws {
    var object = encoder.container(keyedBy: Key.self)
    try object.encode(speaker, forKey: .speaker)
    try object.encode(start, forKey: .start)
    try object.encode(end, forKey: .end)
    try object.encode(text, forKey: .text)
  }
}

extension TranscriptReport {
  /// The report for people, a line each.
  public var lines: [String] {
    let title = TranscriptFormat(rawValue: format)?.title ?? format
    var lines = ["\(title)\(program.map { ", written by \($0)" } ?? ""), \(encoding)"]
    let names = speakers.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\($0.key) \($0.value)" }
    let unnamed = withoutSpeaker > 0 ? ["nobody \(withoutSpeaker)"] : []
    lines.append("utterances  \(utterances)\(nonSpeech > 0 ? ", of which \(nonSpeech) are no speech" : "")")
    lines.append(
      "speakers    " + (names.prefix(20) + (names.count > 20 ? ["…"] : []) + unnamed).joined(separator: ", "))
    if let first { lines.append("first       \(first.text(limit: 80))") }
    if let last { lines.append("last        \(last.text(limit: 80))") }
    for (reason, count) in skipped.sorted(by: { $0.key < $1.key }) { lines.append("left out    \(count) × \(reason)") }
    lines += warnings.map { "note        \($0)" }
    return lines
  }
}

extension TranscriptReport.Line {
  /// `00:00:01.5 Anna: Where is it?`, with the words cut after `limit` letters.
  func text(limit: Int) -> String {
    let words = text.count > limit ? text.prefix(limit) + "…" : text[...]
    return [start.map(TimeCode.text), speaker.map { "\($0):" }, String(words)].compactMap(\.self).joined(separator: " ")
  }
}
