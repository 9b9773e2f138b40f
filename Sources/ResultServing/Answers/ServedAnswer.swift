import DialoguePages
import OperatingSystem
import Presentation

/// What a request gets.
public struct ServedAnswer: Sendable {
  enum Body {
    case bytes([UInt8])
    case file(OpenFile)
  }

  let status: AnswerStatus
  private(set) var headers: [(name: String, value: String)]
  let body: Body

  /// On every answer: nothing of it may be kept, guessed at, framed or read by other pages.
  private static let common = [
    ("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "no-referrer"),
    ("X-Frame-Options", "DENY"), ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
  ]

  private static let strict = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

  init(
    _ status: AnswerStatus = .ok, type: ContentType, headers: [(name: String, value: String)] = [], _ body: Body
  ) {
    self.status = status
    self.body = body
    let policy = type == .html ? "\(DialoguePage.policy); frame-ancestors 'none'" : Self.strict
    self.headers =
      [("Content-Type", type.rawValue), ("Content-Security-Policy", policy)] + Self.common.map { ($0.0, $0.1) }
      + headers
  }

  /// A page.
  init(_ status: AnswerStatus = .ok, html: String, headers: [(name: String, value: String)] = []) {
    self.init(status, type: .html, headers: headers, .bytes(Array(html.utf8)))
  }

  /// An error, for a program or for a browser's user.
  init(_ refusal: Refusal, asPage: Bool) {
    let explanation = refusal.explanation
    if asPage {
      let parts = [
        ("Found", explanation.found), ("Expected", explanation.expected), ("To do", explanation.remedy),
      ].compactMap { label, text in text.map { "<p><b>\(label)</b> \(MarkupText.plain($0))</p>" } }
      let what = (explanation.location.map { "\($0): " } ?? "") + explanation.what
      let body = """
        <header><h1>\(refusal.status.rawValue) \(refusal.status.words)</h1></header>
        <main><p>\(MarkupText.plain(what))</p>\(parts.joined())<p><a href="/">All conversations</a></p></main>
        """
      self.init(
        refusal.status, html: MarkupText.page(title: refusal.status.words, body: body), headers: refusal.headers)
      return
    }
    var json = JSONText()
    json.object { json in
      json.object("error") { json in
        json.member("status", refusal.status.rawValue)
        json.member("what", explanation.what)
        json.member("location", explanation.location)
        json.member("found", explanation.found)
        json.member("expected", explanation.expected)
        json.member("remedy", explanation.remedy)
      }
    }
    json.endLine(separated: false)
    self.init(refusal.status, type: .json, headers: refusal.headers, .bytes(json.bytes))
  }

  /// The way to another address of this server.
  static func redirect(to target: RequestTarget, headers: [(name: String, value: String)]) -> ServedAnswer {
    ServedAnswer(.seeOther, type: .text, headers: [("Location", target.text)] + headers, .bytes([]))
  }

  mutating func add(_ name: String, _ value: String) { headers.append((name, value)) }
}

/// What a body is.
enum ContentType: String {
  case json = "application/json"
  case jsonLines = "application/x-ndjson"
  case csv = "text/csv; charset=utf-8"
  case tsv = "text/tab-separated-values; charset=utf-8"
  case html = "text/html; charset=utf-8"
  case markdown = "text/markdown; charset=utf-8"
  case text = "text/plain; charset=utf-8"
}
