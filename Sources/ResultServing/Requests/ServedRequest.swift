/// What a request says, as far as an answer depends on it.
public struct ServedRequest: Sendable {
  /// `GET`, `HEAD` or what else was sent.
  public var method: String
  /// What stands behind the method: path and parameters, as sent.
  public var target: String
  /// The values of all fields `Host`.
  public var hosts: [String]
  /// The values of all fields `Authorization`.
  public var authorization: [String]
  /// The values of all fields `Cookie`.
  public var cookies: [String]
  /// Whether errors are for a browser's user.
  public var acceptsPages: Bool
  /// Whether something follows the head.
  public var hasBody: Bool
  /// The port that it came to; nil for a Unix socket.
  public var port: Int?

  /// A request of its parts.
  public init(
    method: String = "GET", target: String, hosts: [String] = [], authorization: [String] = [], cookies: [String] = [],
    acceptsPages: Bool = false, hasBody: Bool = false, port: Int? = nil
  ) {
    (self.method, self.target, self.hosts) = (method, target, hosts)
    (self.authorization, self.cookies) = (authorization, cookies)
    (self.acceptsPages, self.hasBody, self.port) = (acceptsPages, hasBody, port)
  }
}
