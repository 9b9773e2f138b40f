/// The formats that transcripts are read from.
public enum TranscriptFormat: String, Sendable, Hashable, CaseIterable {
  case webVTT = "webvtt"
  case subRip = "srt"
  case whisper = "whisper-json"
  case deepgram = "deepgram-json"
  case assemblyAI = "assemblyai-json"
  case amazonTranscribe = "aws-json"
  case googleSpeech = "google-json"
  case elan = "elan"
  case textGrid = "textgrid"
  case chat = "chat"
  case commaTable = "csv"
  case tabTable = "tsv"
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
