import DialogueDomain
import Foundation
import Presentation

/// One line of a correction file or record: a JSON object, of which members that it does not know are passed over.
struct CorrectionLine: Codable {
  var bundleDigest: String?
  var dialogue: String
  var utterance: String
  var emotion: String?
  var withdrawn: Bool?
  var by: String?
  var at: String?
  /// In records only: whose file it came in, and when the daemon took it.
  var account: String?
  var taken: String?

  enum CodingKeys: String, CodingKey {
    case bundleDigest = "bundle_digest"
    case dialogue, utterance, emotion, withdrawn, by, at, account, taken
  }

  init(_ request: CorrectionRequest) {
    (bundleDigest, dialogue, utterance) = (request.bundleDigest, request.dialogue, request.utterance)
    (emotion, withdrawn) = (request.emotion, request.emotion == nil ? true : nil)
    (by, at) = (request.by, request.at.map(CorrectionTime.text))
  }

  init(_ correction: Correction) {
    (bundleDigest, dialogue, utterance) = (correction.bundleDigest, correction.dialogue, correction.utterance)
    (emotion, withdrawn) = (correction.emotion, correction.emotion == nil ? true : nil)
    (by, at) = (correction.by, CorrectionTime.text(correction.at))
    (account, taken) = (correction.account, CorrectionTime.text(correction.taken))
  }

  /// The line without its end: keys sorted, so that equal corrections give equal bytes.
  func encoded() throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(self)
  }

  /// All lines, each with its end.
  static func text(_ lines: [CorrectionLine]) throws -> Data {
    var text = Data()
    for line in lines {
      text.append(try line.encoded())
      text.append(UInt8(ascii: "\n"))
    }
    return text
  }
}

/// Times of corrections: ISO 8601 with a zone, written in UTC with milliseconds.
enum CorrectionTime {
  private static let precise = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
  private static let whole = Date.ISO8601FormatStyle()

  /// Rounded as the index rounds, so that the two agree.
  static func text(_ date: Date) -> String { TimeText.iso(date) }

  /// Nil for what is no such time.
  static func date(_ text: String) -> Date? { (try? precise.parse(text)) ?? (try? whole.parse(text)) }
}
