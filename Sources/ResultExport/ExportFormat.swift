import DialogueDomain

/// What labels can be exported as: the value of `ambq export --to`.
public enum ExportFormat: String, CaseIterable, Sendable {
  /// A JSON object an utterance, one a line.
  case jsonl
  /// Comma-separated values, a row an utterance.
  case csv
  /// An Apache Parquet file with the same columns.
  case parquet
  /// A Praat TextGrid a dialogue.
  case textgrid
  /// An ELAN annotation file a dialogue.
  case elan
  /// WebVTT subtitles a dialogue.
  case webvtt
  /// SubRip subtitles a dialogue.
  case srt
  /// NIST's Rich Transcription Time Marked lines, a line an utterance.
  case rttm
  /// W3C EmotionML 1.0 a dialogue.
  case emotionml
  /// Tasks with predictions for Label Studio, a task a dialogue.
  case labelStudio = "label-studio"
  /// The labelling configuration that those tasks need.
  case labelStudioConfig = "label-studio-config"
  /// For each dialogue the format that it came in.
  case original

  /// The ending of the files, without the dot; `original` has one for each dialogue.
  var fileExtension: String {
    switch self {
    case .jsonl, .original: "jsonl"
    case .csv: "csv"
    case .parquet: "parquet"
    case .textgrid: "TextGrid"
    case .elan: "eaf"
    case .webvtt: "vtt"
    case .srt: "srt"
    case .rttm: "rttm"
    case .emotionml: "emotionml"
    case .labelStudio: "json"
    case .labelStudioConfig: "xml"
    }
  }

  /// The name for people.
  var title: String {
    switch self {
    case .jsonl: "JSON Lines"
    case .csv: "CSV"
    case .parquet: "Parquet"
    case .textgrid: "a TextGrid"
    case .elan: "an ELAN file"
    case .webvtt: "WebVTT"
    case .srt: "SubRip"
    case .rttm: "RTTM"
    case .emotionml: "EmotionML"
    case .labelStudio: "Label Studio's tasks"
    case .labelStudioConfig: "Label Studio's configuration"
    case .original: "its own format"
    }
  }

  /// Whether each dialogue becomes a document of its own.
  var isPerDialogue: Bool {
    switch self {
    case .textgrid, .elan, .webvtt, .srt, .emotionml, .original: true
    case .jsonl, .csv, .parquet, .rttm, .labelStudio, .labelStudioConfig: false
    }
  }

  /// Whether an utterance without times has no place in it.
  var needsTimes: Bool {
    switch self {
    case .textgrid, .elan, .webvtt, .srt, .rttm: true
    case .jsonl, .csv, .parquet, .emotionml, .labelStudio, .labelStudioConfig, .original: false
    }
  }

  /// The format that a bundle came in, where labels can be written in it; nil for feature bundles, recognisers' JSON, CHAT
  /// and plain text, which have no place for them.
  static func original(ofBundle name: String) -> ExportFormat? {
    switch name.split(separator: ".").last?.lowercased() {
    case "vtt": .webvtt
    case "srt": .srt
    case "eaf": .elan
    case "textgrid": .textgrid
    case "csv", "tsv": .csv
    default: nil
    }
  }
}
