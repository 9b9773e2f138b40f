/// Which columns of a table hold what, told by the names in its first line.
///
/// Names are compared without case, blanks and marks: `Start Time`, `start_time` and `StartTime` are one. Of several
/// columns that fit, the one whose name stands first below is taken.
struct TableColumns: Equatable {
  var text: Int
  var speaker: Int?
  var start: Int?
  var end: Int?
  var duration: Int?
  var emotion: Int?
  var dialogue: Int?
  var id: Int?
  /// Whether times are whole milliseconds.
  var countsMilliseconds = false

  static let textNames = [
    "text", "utterance", "transcript", "transcription", "sentence", "content", "words", "caption", "message", "speech",
    "line", "body",
  ]
  static let speakerNames = [
    "speaker", "speakername", "participant", "participantname", "name", "who", "speakerlabel", "speakerid", "spk",
    "person",
    "character", "voice", "talker", "actor", "role", "sender", "author", "user", "tier", "channel",
  ]
  static let startNames = [
    "start", "starttime", "starts", "startsec", "startseconds", "startms", "startmilliseconds", "starttimems", "begin",
    "begintime", "begins", "beginms", "onset", "from", "tmin", "xmin", "timestamp", "time", "timein", "in",
  ]
  static let endNames = [
    "end", "endtime", "ends", "endsec", "endseconds", "endms", "endmilliseconds", "endtimems", "stop", "stoptime",
    "finish",
    "offset", "to", "tmax", "xmax", "timeout", "out",
  ]
  static let durationNames = ["duration", "durations", "durationsec", "durationms", "dur"]
  static let emotionNames = ["emotion", "emotionlabel", "emo"]
  static let dialogueNames = [
    "dialogueid", "dialogid", "dialogue", "conversationid", "convid", "conversation", "sessionid", "session", "callid",
    "meetingid",
    "videoid", "video", "filename", "file", "recording",
  ]
  static let idNames = [
    "utteranceid", "uttid", "turnid", "segmentid", "sentenceid", "id", "utterance", "turn", "index", "srno", "no",
  ]

  /// The columns of a header line; nil where no column holds the words.
  init?(_ header: [String]) {
    let names = header.map(Self.plain)
    func column(_ known: [String]) -> Int? {
      known.lazy.compactMap { names.firstIndex(of: $0) }.first
    }
    guard let text = column(Self.textNames) else { return nil }
    self.text = text
    speaker = column(Self.speakerNames)
    start = column(Self.startNames)
    end = column(Self.endNames)
    duration = column(Self.durationNames)
    emotion = column(Self.emotionNames)
    dialogue = column(Self.dialogueNames)
    id = column(Self.idNames)
    if dialogue == text { dialogue = nil }
    if id == text { id = column(Self.idNames.filter { $0 != "utterance" }) }
    countsMilliseconds =
      (start ?? end).map { names[$0].hasSuffix("ms") || names[$0].hasSuffix("milliseconds") } ?? false
  }

  /// How many of the columns are known.
  var known: Int { 1 + [speaker, start, end, duration, emotion, dialogue, id].count { $0 != nil } }

  private static func plain(_ name: String) -> String {
    String(name.lowercased().filter { $0.isLetter || $0.isNumber })
  }
}
