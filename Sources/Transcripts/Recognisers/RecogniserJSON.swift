/// The JSON of speech recognisers: which program wrote a document is told by its keys.
///
/// | program | told by |
/// | --- | --- |
/// | Deepgram | `results.channels`, or `results.utterances` |
/// | Amazon Transcribe | `results.transcripts` or `results.items`; a call's analysis: `Transcript`, a list |
/// | Google Speech | `results`, a list, or `response.results` |
/// | AssemblyAI | `utterances` or `words` in a list beside `text`, with an `id`, a `status` or a `confidence` |
/// | WhisperX, Whisper | `segments`, a list; whisper.cpp: `transcription`, a list |
enum RecogniserJSON {
  /// Whether the text is JSON rather than lines that happen to begin with a bracket: `[00:01] Anna: …`.
  static func begins(_ text: String) -> Bool {
    var bytes = text.utf8.drop { $0 <= 0x20 }
    guard let first = bytes.popFirst() else { return false }
    if first == UInt8(ascii: "{") { return true }
    guard first == UInt8(ascii: "["), let next = bytes.first(where: { $0 > 0x20 }) else { return false }
    return [UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: "\""), UInt8(ascii: "]")].contains(next)
  }

  /// Reads the document and says which format it turned out to be.
  ///
  /// - Throws: `TranscriptError` for damaged JSON, for an unknown program (naming the keys found), beyond a limit.
  static func read(_ source: SourceText, into draft: inout TranscriptDraft) throws -> TranscriptFormat {
    let document = try JSONParser.parse(source, limits: draft.limits)
    let results = document["results"]
    if let results, results["channels"] != nil || results["utterances"] != nil {
      try Deepgram.read(results, into: &draft)
      return .deepgram
    }
    if let results, results["transcripts"] != nil || results["items"] != nil {
      try AmazonTranscribe.read(results, into: &draft)
      return .amazonTranscribe
    }
    if case .array = document["Transcript"] {
      try AmazonTranscribe.readCallAnalysis(document, into: &draft)
      return .amazonTranscribe
    }
    if let results = [results, document["response"]?["results"]].compactMap(\.self).first, case .array = results {
      try GoogleSpeech.read(results, into: &draft)
      return .googleSpeech
    }
    if case .array = document["segments"] {
      try Whisper.read(document, into: &draft)
      return .whisper
    }
    if case .array = document["transcription"] {
      try Whisper.readWhisperCpp(document, into: &draft)
      return .whisper
    }
    if AssemblyAI.wrote(document) {
      try AssemblyAI.read(document, into: &draft)
      return .assemblyAI
    }
    throw TranscriptError.unknownJSON(source.name, found: description(of: document))
  }

  /// `an object with the keys …`, `a list of 12 objects with the keys …`.
  private static func description(of document: JSONValue) -> String {
    func keys(_ members: [JSONValue.Member]) -> String {
      let names = members.prefix(12).map { "`\(printable($0.key))`" }.joined(separator: ", ")
      return members.isEmpty ? "without keys" : "with the keys \(names)\(members.count > 12 ? " and more" : "")"
    }
    switch document {
    case .object(let members): return "an object \(keys(members))"
    case .array(let elements):
      guard case .object(let members) = elements.first else { return "a list of \(elements.count) values" }
      return "a list of \(elements.count) values, the first an object \(keys(members))"
    default: return "a single value"
    }
  }
}
