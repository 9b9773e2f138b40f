/// The formats that transcripts are read from.
public enum TranscriptFormat: String, Sendable, Hashable, CaseIterable {
  /// WebVTT, as browsers and meeting programs write it.
  case webVTT = "webvtt"
  /// SubRip subtitles.
  case subRip = "srt"
  /// The JSON of Whisper, WhisperX and whisper.cpp.
  case whisper = "whisper-json"
  /// Deepgram's JSON.
  case deepgram = "deepgram-json"
  /// AssemblyAI's JSON.
  case assemblyAI = "assemblyai-json"
  /// The JSON of Amazon Transcribe and its call analysis.
  case amazonTranscribe = "aws-json"
  /// The JSON of Google's Speech-to-Text.
  case googleSpeech = "google-json"
  /// ELAN's annotation files.
  case elan = "elan"
  /// Praat's TextGrids, long and short.
  case textGrid = "textgrid"
  /// CHAT, of CLAN and TalkBank.
  case chat = "chat"
  /// A table with commas, semicolons or bars.
  case commaTable = "csv"
  /// A table with tabs.
  case tabTable = "tsv"
  /// Lines with names before the words, or just lines.
  case plainText = "text"

  /// The name for people.
  public var title: String {
    switch self {
    case .webVTT: "WebVTT"
    case .subRip: "SubRip"
    case .whisper: "Whisper JSON"
    case .deepgram: "Deepgram JSON"
    case .assemblyAI: "AssemblyAI JSON"
    case .amazonTranscribe: "Amazon Transcribe JSON"
    case .googleSpeech: "Google Speech JSON"
    case .elan: "ELAN annotation"
    case .textGrid: "Praat TextGrid"
    case .chat: "CHAT"
    case .commaTable: "table with separators"
    case .tabTable: "table with tabs"
    case .plainText: "plain text"
    }
  }

  /// The file name extensions that promise this format, in lower case.
  var extensions: [String] {
    switch self {
    case .webVTT: ["vtt"]
    case .subRip: ["srt"]
    case .whisper, .deepgram, .assemblyAI, .amazonTranscribe, .googleSpeech: ["json"]
    case .elan: ["eaf"]
    case .textGrid: ["textgrid"]
    case .chat: ["cha"]
    case .commaTable: ["csv"]
    case .tabTable: ["tsv"]
    case .plainText: ["txt"]
    }
  }

  /// Whether the rows are cues, cut for the screen and not where sentences end.
  var hasCues: Bool {
    switch self {
    case .webVTT, .subRip, .whisper: true
    default: false
    }
  }

  /// Every extension that a transcript may have, in lower case and without the dot.
  public static let fileExtensions = ["vtt", "srt", "json", "eaf", "textgrid", "cha", "csv", "tsv", "txt"]
}
