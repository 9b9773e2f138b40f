import DialogueDomain

/// A file cannot be read as a transcript.
public struct TranscriptError: ExplainedError, Hashable {
  /// What is wrong, where, and how to mend it.
  public let explanation: Explanation

  init(
    _ what: String, in name: String, at place: String? = nil, found: String? = nil, expected: String? = nil,
    remedy: String? = nil
  ) {
    let location = place.map { "\(name): \($0)" } ?? name
    explanation = Explanation(.data, what, at: location, found: found, expected: expected, remedy: remedy)
  }
}

/// The file as a whole.
extension TranscriptError {
  /// The formats, as error messages list them.
  static let knownFormats =
    "WebVTT, SubRip, JSON of \(knownPrograms), ELAN, TextGrid, CHAT, a table with a header line, or lines `Speaker: words`"

  /// The programs whose JSON is read, as error messages list them.
  static let knownPrograms = "WhisperX, Whisper, Deepgram, AssemblyAI, Amazon Transcribe or Google Speech"

  static func empty(_ name: String) -> TranscriptError {
    TranscriptError(
      "the file is empty", in: name, found: "no text", expected: "a transcript", remedy: "Export it again.")
  }

  static func binary(_ name: String, found: String, remedy: String?) -> TranscriptError {
    TranscriptError(
      "this is not text", in: name, found: found, expected: "a transcript as text",
      remedy: remedy ?? "Name the transcript itself, not the recording.")
  }

  static func unknownFormat(_ name: String, firstLine: String) -> TranscriptError {
    TranscriptError(
      "no format of transcripts fits this file", in: name, at: "line 1", found: "\"\(printable(firstLine))\"",
      expected: knownFormats, remedy: "Export the transcript in one of these, or name the speakers before each line.")
  }

  static func unknownXML(_ name: String, root: String, line: Int) -> TranscriptError {
    TranscriptError(
      "the XML is no ELAN annotation", in: name, at: "line \(line)", found: "<\(printable(root))>",
      expected: "<ANNOTATION_DOCUMENT>", remedy: "Export the transcript as WebVTT or as a table.")
  }

  static func unknownJSON(_ name: String, found: String) -> TranscriptError {
    TranscriptError(
      "the JSON is of a program that is not known", in: name, found: found, expected: "the output of \(knownPrograms)",
      remedy: "Export the transcript as WebVTT, or as a table with columns `speaker`, `start`, `end` and `text`.")
  }

  static func failedTranscription(_ name: String, program: String, message: String) -> TranscriptError {
    TranscriptError(
      "\(program) did not transcribe the recording", in: name, found: "\"\(printable(message))\"",
      expected: "a finished transcription", remedy: "Transcribe the recording again.")
  }

  static func noUtterances(_ name: String, format: TranscriptFormat, leftOut: [String: Int]) -> TranscriptError {
    let reasons = leftOut.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
    return TranscriptError(
      "nobody says anything in this file", in: name,
      found: reasons.isEmpty
        ? "\(format.title) without a row"
        : "\(format.title), left out: "
          + reasons.joined(separator: ", "),
      expected: "at least one utterance", remedy: "Export it again.")
  }
}

/// The grammar of a format.
extension TranscriptError {
  static func syntax(
    _ what: String, in name: String, line: Int, found: String? = nil, expected: String? = nil, remedy: String? = nil
  ) -> TranscriptError {
    TranscriptError(
      what, in: name, at: "line \(line)", found: found.map(printable), expected: expected,
      remedy: remedy ?? "The file is damaged or cut short: export it again.")
  }

  static func documentType(_ name: String, line: Int) -> TranscriptError {
    TranscriptError(
      "the XML declares a document type, which may define entities", in: name, at: "line \(line)", found: "<!DOCTYPE",
      expected: "XML without a document type, as ELAN writes it", remedy: "Save the file with ELAN.")
  }

  static func noTextColumn(_ name: String, columns: [String], line: Int) -> TranscriptError {
    TranscriptError(
      "no column of the table holds the words", in: name, at: "line \(line)",
      found: columns.prefix(20).map { "`\(printable($0))`" }.joined(separator: ", "),
      expected: "a column `text`, `utterance`, `transcript` or `sentence`",
      remedy: "Name the columns in the first line.")
  }
}

/// The limits.
extension TranscriptError {
  static func tooManyBytes(_ name: String, found: Int, limit: Int) -> TranscriptError {
    TranscriptError(
      "the transcript is larger than the limit", in: name, found: "\(found) bytes", expected: "at most \(limit) bytes",
      remedy: "Split it, or check that it is a transcript.")
  }

  static func tooMany(_ what: String, in name: String, at place: String, limit: Int) -> TranscriptError {
    TranscriptError(
      "the transcript has too many \(what)", in: name, at: place, found: "more than \(limit)",
      expected: "at most \(limit)", remedy: "Split it, or check that names and words are told apart.")
  }

  static func tooManyWords(_ name: String, at place: String, found: Int, limit: Int) -> TranscriptError {
    TranscriptError(
      "one utterance has too many words", in: name, at: place, found: "\(found) words",
      expected: "at most \(limit)", remedy: "Cut it into sentences, or check that line breaks were kept.")
  }

  static func tooDeep(_ name: String, line: Int, limit: Int) -> TranscriptError {
    TranscriptError(
      "the document nests too deeply", in: name, at: "line \(line)", found: "more than \(limit) levels",
      expected: "at most \(limit)", remedy: "Check that it is a transcript.")
  }
}

/// Foreign text as it may stand in a message: on one line, without control characters, cut after 80 characters.
func printable(_ text: String) -> String {
  let cleaned = text.unicodeScalars.prefix(80).map { scalar in
    scalar.properties.generalCategory == .control || scalar.properties.generalCategory == .format
      ? "\u{FFFD}" : Character(scalar)
  }
  return String(cleaned) + (text.unicodeScalars.count > 80 ? "…" : "")
}
