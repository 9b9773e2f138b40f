import Testing

@testable import ResultServing

/// Who is answered: by which name, how, and with which token.
struct RequestGateTests {
  private let sample: ServedSample
  init() throws { sample = try ServedSample(hasToken: true) }

  private func request(
    _ target: String = "/api/count", method: String = "GET", hosts: [String] = ["127.0.0.1:8642"],
    authorization: [String] = [], cookies: [String] = [], acceptsPages: Bool = false, hasBody: Bool = false
  ) -> ServedRequest {
    ServedRequest(
      method: method, target: target, hosts: hosts, authorization: authorization, cookies: cookies,
      acceptsPages: acceptsPages, hasBody: hasBody, port: ServedSample.port)
  }

  private static let bearer = ["Bearer \(ServedSample.token)"]

  @Test(arguments: ["localhost:8642", "127.0.0.1:8642", "[::1]:8642", "LocalHost:8642"])
  func namesOfThisMachineAreAnswered(_ host: String) throws {
    #expect(try sample.answer(request(hosts: [host], authorization: Self.bearer)).status == .ok)
  }

  @Test(arguments: [
    "evil.example", "evil.example:8642", "localhost", "localhost:80", "localhost:8643", "127.0.0.1.evil.example:8642",
    "localhost.:8642", "[::1]:8642:8642", "", "0.0.0.0:8642",
  ])
  func otherNamesAreMisdirected(_ host: String) throws {
    #expect(try sample.answer(request(hosts: [host], authorization: Self.bearer)).status == .misdirected)
  }

  @Test(arguments: [[], ["localhost:8642", "localhost:8642"]])
  func oneHostIsNeeded(_ hosts: [String]) throws {
    #expect(try sample.answer(request(hosts: hosts, authorization: Self.bearer)).status == .badRequest)
  }

  @Test(arguments: ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "CONNECT", "get"])
  func nothingCanBeChanged(_ method: String) throws {
    let answer = try sample.answer(request(method: method, authorization: Self.bearer))
    #expect(answer.status == .methodNotAllowed)
    #expect(answer.field("Allow") == "GET, HEAD")
  }

  @Test func aQuestionHasNoBody() throws {
    #expect(try sample.answer(request(authorization: Self.bearer, hasBody: true)).status == .badRequest)
  }

  @Test func theTokenIsTakenFromFieldsAddressAndCookie() throws {
    let token = ServedSample.token
    #expect(try sample.answer(request(authorization: ["token \(token)"])).status == .ok)
    #expect(try sample.answer(request("/api/count?token=\(token)")).status == .ok)
    #expect(try sample.answer(request(cookies: ["a=b; ambq-8642=\(token)"])).status == .ok)
  }

  @Test func withoutTheTokenNothingIsTold() throws {
    for refused in [
      request(), request(authorization: ["Bearer \(ServedSample.token)0"]), request("/api/count?token="),
      request(cookies: ["ambq-8643=\(ServedSample.token)"]), request("/nothing"), request(authorization: ["Bearer "]),
      request("/api/count?token=wrong&token=\(ServedSample.token)"),
    ] {
      let answer = try sample.answer(refused)
      #expect(answer.status == .unauthorized)
      #expect(try !answer.text.contains(ServedSample.token))
      #expect(answer.field("WWW-Authenticate") != nil)
    }
  }

  @Test func aBrowserKeepsTheTokenInACookieAndLosesItFromTheAddress() throws {
    let answer = try sample.answer(request("/?limit=5&token=\(ServedSample.token)", acceptsPages: true))
    #expect(answer.status == .seeOther)
    #expect(answer.field("Location") == "/?limit=5")
    #expect(answer.field("Set-Cookie") == "ambq-8642=\(ServedSample.token); Path=/; HttpOnly; SameSite=Lax")
  }

  @Test func nobodyIsLedElsewhere() throws {
    let answer = try sample.answer(request("//evil.example/?token=\(ServedSample.token)", acceptsPages: true))
    #expect(answer.status == .notFound)
    #expect(answer.field("Location") == nil)
  }

  @Test func aSocketNeedsNoTokenAndTakesAnyPort() throws {
    let sample = try ServedSample()
    for host in ["localhost", "localhost:1234", "127.0.0.1", "[::1]"] {
      #expect(try sample.answer(ServedRequest(target: "/api/count", hosts: [host])).status == .ok, "\(host)")
    }
    for host in ["evil.example", "localhost:x", "localhost:80:80"] {
      #expect(try sample.answer(ServedRequest(target: "/api/count", hosts: [host])).status == .misdirected, "\(host)")
    }
  }

  @Test func tokensThatCanBeGuessedAreRefused() throws {
    for text in ["short", "0123456789abcde ", "0123456789abcdéfgh", "0123456789abcdef;"] {
      #expect(throws: Refusal.self) { try AccessToken(environment: [AccessToken.variable: text]) }
    }
    #expect(AccessToken().text.count == 32)
    #expect(AccessToken().text != AccessToken().text)
  }
}
