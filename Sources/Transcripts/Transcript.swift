/// What was said in one file, by whom and when, whatever the format it was written in.
///
/// Nothing here is guessed: a speaker or a time that the file does not state is absent, a time that makes no sense is
/// kept as it was written and a warning says so, and every row says where in the file it stands.
///
///     let transcript = try TranscriptReader.read(data, name: "support-call.vtt")
///     for utterance in transcript.utterances {
///       print(utterance.start ?? .nan, utterance.speakers, utterance.text)
///     }
public struct Transcript: Sendable, Hashable {
  /// The file's name, such as `support-call.vtt`.
  public var name: String
  /// Which reader took the file.
  public var format: TranscriptFormat
  /// The program that wrote the file, where the file gives it away: `Zoom`, `WhisperX`, `ELAN`.
  public var program: String?
  /// How the file spells its letters, and how that was told.
  public var encoding: TextEncoding
  /// Who takes part, where the file has a list of them; its names need not be those of the rows.
  public var speakerTable: [SpeakerEntry]
  /// In file order; where several tiers or channels run side by side, in the order of their starts.
  public var utterances: [TranscriptUtterance]
  /// What became no row, by reason: `note`, `annotation of a dependent tier`.
  public var leftOut: [String: Int]
  /// What a person should know before trusting the rows, one sentence each.
  public var warnings: [String]
}

/// One row of a transcript: what one turn, cue or annotation says.
public struct TranscriptUtterance: Sendable, Hashable {
  /// As written and never invented: nobody, one, or several who speak together.
  public var speakers: [String]
  /// Where the speakers were found; nil where there are none.
  public var speakerSource: SpeakerSource?
  /// Seconds from the recording's start as the file counts them; never interpolated and never clamped.
  public var start: Double?
  /// Seconds, like `start`; may lie before it: see `endsBeforeStart`.
  public var end: Double?
  /// The words on one line, without markup and without the speaker's name.
  public var text: String
  /// False for `[music]`, `(door slams)` and rows without a word.
  public var isSpeech: Bool
  /// Where the row stands in the file.
  public var place: SourcePlace
  /// The conversation that the row belongs to, where one file holds several.
  public var dialogue: String?
  /// What a person felt this utterance to express, where the file says so.
  public var emotion: String?
  /// How many cues this row was joined from; 1 unless cues were joined.
  public var cues = 1

  init(
    speakers: [String] = [], source: SpeakerSource? = nil, start: Double? = nil, end: Double? = nil, text: String,
    isSpeech: Bool? = nil, place: SourcePlace, dialogue: String? = nil, emotion: String? = nil
  ) {
    self.speakers = speakers
    speakerSource = speakers.isEmpty ? nil : source
    self.start = start
    self.end = end
    self.text = text
    self.isSpeech = isSpeech ?? NonSpeech.isSpeech(text)
    self.place = place
    self.dialogue = dialogue
    self.emotion = emotion
  }

  /// Whether the file says that this row ends before it starts.
  public var endsBeforeStart: Bool {
    guard let start, let end else { return false }
    return end < start
  }
}

/// Where a file names a row's speaker.
public enum SpeakerSource: String, Sendable, Hashable {
  /// A tag around the words: `<v Anna>`.
  case tag
  /// A name before the words: `Anna: …`.
  case prefix
  /// The identifier of a cue, where Webex writes names.
  case identifier
  /// The tier that an annotation stands in, or the participant that the tier names.
  case tier
  /// A column of a table.
  case column
  /// A field of a recogniser's segment.
  case field
  /// The words of a recogniser's segment that itself names nobody.
  case words
  /// The channel of a recording with one person a channel.
  case channel
}

/// Where a row stands in its file; formats differ in what they have.
public struct SourcePlace: Sendable, Hashable {
  /// Line number, from 1.
  public var line: Int?
  /// The row's own identifier: a cue's number, an annotation's or an utterance's id.
  public var id: String?
  /// The way through a JSON document: `segments[3]`.
  public var path: String?
  /// The tier's full name.
  public var tier: String?

  init(line: Int? = nil, id: String? = nil, path: String? = nil, tier: String? = nil) {
    self.line = line
    self.id = id
    self.path = path
    self.tier = tier
  }

  /// The most exact thing that can be said of the place: `line 12`, `segments[3]`.
  public var description: String {
    if let line { return "line \(line)" }
    if let path { return path }
    if let id { return id }
    return tier.map { "tier \($0)" } ?? "the file"
  }
}

/// One line of a file's list of participants.
public struct SpeakerEntry: Sendable, Hashable {
  /// What the rows call this speaker: a code, a tier's name.
  public var id: String
  /// The full name, where the list tells it.
  public var name: String?
  /// `Mother`, `Agent`: as written.
  public var role: String?
}
