import Foundation

/// Which requests are answered at all: who asks, by which name, and how.
public struct RequestGate: Sendable {
  private let token: AccessToken?

  /// - Parameter token: what a client must know; nil at a Unix socket, whose mode says who may connect.
  public init(token: AccessToken?) { self.token = token }

  /// Names of this machine that no name server is asked for, so that no page of another host can use its own name.
  private static let names = ["localhost", "127.0.0.1", "[::1]"]

  /// What the gate says of a request that it lets pass.
  enum Passage {
    /// Go on.
    case open
    /// The token came with the address of a page: keep it in a cookie, and leave it out of the address.
    case keeping(cookie: String)
  }

  /// - Parameter target: of the request, with the token if it holds one.
  /// - Throws: `Refusal`.
  func admit(_ request: ServedRequest, _ target: RequestTarget) throws -> Passage {
    guard let token else { return .open }
    let offered = target.parameters.filter { $0.name == "token" }.map(\.value)
    if let first = offered.first {
      guard offered.allSatisfy({ token.isSame(as: $0) }) else { throw Self.unknown(first) }
      return .keeping(cookie: "\(Self.cookie(request))=\(token.text); Path=/; HttpOnly; SameSite=Lax")
    }
    let schemes = request.authorization.map { $0.split(separator: " ", maxSplits: 1) }
    let fields = schemes.filter { $0.count == 2 && ["bearer", "token"].contains($0[0].lowercased()) }.map { $0[1] }
    let cookies = request.cookies.flatMap { $0.split(separator: ";") }.compactMap { cookie -> Substring? in
      let sides = cookie.split(separator: "=", maxSplits: 1)
      guard sides.count == 2, sides[0].trimmingCharacters(in: .whitespaces) == Self.cookie(request) else { return nil }
      return sides[1]
    }
    guard (fields + cookies).contains(where: { token.isSame(as: $0.trimmingCharacters(in: .whitespaces)) }) else {
      throw Self.unknown(nil)
    }
    return .open
  }

  /// Looks at what needs no token: the host's name and the method.
  ///
  /// - Throws: `Refusal`.
  func look(at request: ServedRequest) throws {
    guard request.hosts.count == 1, let host = request.hosts.first else {
      throw Refusal(.badRequest, "the request names no host, or several", expected: "one field Host")
    }
    let known = Self.known(request.port)
    guard known.contains(host.lowercased()) || request.port == nil && Self.isNameWithPort(host.lowercased()) else {
      throw Refusal(
        .misdirected, "the request is for another host", found: "'\(host.prefix(80))'",
        expected: known.joined(separator: ", "))
    }
    guard ["GET", "HEAD"].contains(request.method) else {
      throw Refusal(
        .methodNotAllowed, "nothing can be changed here", found: String(request.method.prefix(20)),
        expected: "GET or HEAD", headers: [("Allow", "GET, HEAD")])
    }
    if request.hasBody { throw Refusal(.badRequest, "a question has no body", expected: "a head alone") }
  }

  private static func known(_ port: Int?) -> [String] {
    switch port {
    case nil: names
    case 80: names + names.map { "\($0):80" }
    case .some(let port): names.map { "\($0):\(port)" }
    }
  }

  /// No browser reaches a socket; clients write any port there, or none.
  private static func isNameWithPort(_ host: String) -> Bool {
    names.contains { name in
      host.hasPrefix("\(name):") && host.dropFirst(name.count + 1).allSatisfy { $0.isASCII && $0.isNumber }
    }
  }

  /// Cookies are the host's, whatever the port: each server has its own.
  private static func cookie(_ request: ServedRequest) -> String { "ambq-\(request.port ?? 0)" }

  private static func unknown(_ token: String?) -> Refusal {
    Refusal(
      .unauthorized, token == nil ? "a token is needed" : "this is not the token",
      expected: "the token of the address that 'ambq serve' printed",
      remedy: "Open that address, or send the token as 'Authorization: Bearer TOKEN' or ?token=TOKEN.",
      headers: [("WWW-Authenticate", "Bearer realm=\"ambq\"")])
  }
}
