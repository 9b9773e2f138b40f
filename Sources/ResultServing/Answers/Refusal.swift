import DialogueDomain

/// A request that gets an error for its answer.
public struct Refusal: ExplainedError {
  let status: AnswerStatus
  public let explanation: Explanation
  /// Fields that go with the status.
  let headers: [(name: String, value: String)]

  init(
    _ status: AnswerStatus, _ what: String, found: String? = nil, expected: String? = nil, remedy: String? = nil,
    headers: [(name: String, value: String)] = []
  ) {
    self.init(status, Explanation(.usage, what, found: found, expected: expected, remedy: remedy), headers: headers)
  }

  private init(_ status: AnswerStatus, _ explanation: Explanation, headers: [(name: String, value: String)] = []) {
    (self.status, self.explanation, self.headers) = (status, explanation, headers)
  }

  /// What an error of the queries is to somebody who asked over HTTP.
  init(_ error: any Error) {
    switch error {
    case let refusal as Refusal: self = refusal
    case let explained as any ExplainedError:
      let explanation = explained.explanation
      switch explanation.kind {
      case .usage: self.init(.badRequest, Self.ofParameters(explanation))
      // No index yet, none that can be read, a disk that fails: later it may be otherwise.
      case .missingInput, .data, .io: self.init(.unavailable, explanation, headers: [("Retry-After", "10")])
      }
    default: self.init(.failed, Explanation(.io, "the answer could not be made", found: "\(error)"))
    }
  }

  /// Options are parameters here, whose names have no dashes.
  private static func ofParameters(_ explanation: Explanation) -> Explanation {
    func plain(_ text: String) -> String { text.replacing(/(^|[\s'(])--([a-z])/) { "\($0.1)\($0.2)" } }
    var explanation = explanation
    explanation.what = plain(explanation.what)
    explanation.remedy = explanation.remedy.map(plain)
    return explanation
  }
}

/// The statuses that answers have.
enum AnswerStatus: Int {
  case ok = 200
  case seeOther = 303
  case badRequest = 400
  case unauthorized = 401
  case notFound = 404
  case methodNotAllowed = 405
  case misdirected = 421
  case headTooLarge = 431
  case failed = 500
  case unavailable = 503

  var words: String {
    switch self {
    case .ok: "OK"
    case .seeOther: "See Other"
    case .badRequest: "Bad Request"
    case .unauthorized: "Unauthorized"
    case .notFound: "Not Found"
    case .methodNotAllowed: "Method Not Allowed"
    case .misdirected: "Misdirected Request"
    case .headTooLarge: "Request Header Fields Too Large"
    case .failed: "Internal Server Error"
    case .unavailable: "Service Unavailable"
    }
  }
}
