import DialogueDomain

/// A file of corrections that cannot be read.
public struct CorrectionError: ExplainedError, Equatable {
  /// What is wrong, where, and how to mend it.
  public let explanation: Explanation

  private init(_ what: String, at place: String, found: String? = nil, expected: String? = nil, remedy: String? = nil) {
    explanation = Explanation(.data, what, at: place, found: found, expected: expected, remedy: remedy)
  }

  static let example = "a JSON object as {\"dialogue\":\"tea\",\"utterance\":\"3\",\"emotion\":\"joy\",\"by\":\"Anna\"}"

  static func tooLarge(_ name: String, bytes: Int, most: Int) -> CorrectionError {
    CorrectionError(
      "this is too large for a file of corrections", at: name, found: "\(bytes) bytes",
      expected: "a file of at most \(most >> 20) MiB",
      remedy: "Bring them in several files.")
  }

  static func tooMany(_ name: String) -> CorrectionError {
    CorrectionError(
      "these are too many corrections for one file", at: name, expected: "at most \(CorrectionFile.mostLines)",
      remedy: "Bring them in several files.")
  }

  static func longLine(_ place: String, bytes: Int) -> CorrectionError {
    CorrectionError(
      "the line is too long for a correction", at: place, found: "\(bytes) bytes",
      expected: "at most \(CorrectionFile.longestLine)")
  }

  static func noCorrection(_ place: String, _ error: any Error) -> CorrectionError {
    let found: String? =
      switch error as? DecodingError {
      case .keyNotFound(let key, _): "no member \"\(key.stringValue)\""
      case .typeMismatch(_, let context), .valueNotFound(_, let context):
        context.codingPath.last.map { "a value of another kind in \"\($0.stringValue)\"" }
      default: nil
      }
    return CorrectionError("the line is no correction", at: place, found: found ?? "no such JSON", expected: example)
  }

  static func empty(_ name: String) -> CorrectionError {
    CorrectionError("the file holds no correction", at: name, found: "nothing", expected: example)
  }

  static func noEmotion(_ place: String) -> CorrectionError {
    CorrectionError(
      "the line says neither what was felt nor that a correction is withdrawn, or both", at: place,
      expected: "a member \"emotion\", or \"withdrawn\": true")
  }

  static func noName(_ place: String, member: String) -> CorrectionError {
    CorrectionError(
      "\"\(member)\" is no name", at: place,
      expected: "at most \(CorrectionFile.longestName) characters on one line, not only blanks")
  }

  static func noDigest(_ place: String, found: String) -> CorrectionError {
    CorrectionError(
      "\"bundle_digest\" is no digest", at: place, found: String(found.prefix(80)),
      expected: "8 to 64 hexadecimal digits, the beginning of the bundle's SHA-256")
  }

  static func noTime(_ place: String, found: String) -> CorrectionError {
    CorrectionError(
      "\"at\" is no time", at: place, found: String(found.prefix(80)), expected: "ISO 8601, as 2026-11-28T09:30:00Z")
  }

  static func damagedRecord(_ name: String, line: Int) -> CorrectionError {
    CorrectionError(
      "the record of corrections is damaged", at: "\(name): line \(line)", expected: "a line that ambd wrote",
      remedy: "Take the file from a copy of the spool, or mend the line.")
  }
}
