import NIOCore
import NIOHTTP1

/// What one client may take of the server, so that none can take it from the others.
public struct ConnectionLimits: Sendable {
  /// Connections at a time; a further one is told to come back.
  public var connections = 64
  /// Bytes of a request's head.
  public var headBytes = 16_384
  /// Fields of a head.
  public var headFields = 64
  /// Seconds that a connection has until its next head is whole.
  public var headSeconds = 10.0
  /// Seconds that a client has to take an answer.
  public var answerSeconds = 60.0
  /// Answers that are being made at a time; others wait.
  public var workers = 4

  /// The limits of `ambq serve`.
  public init() {}

  var decoder: NIOHTTPDecoderLimitConfiguration {
    var limits = NIOHTTPDecoderLimitConfiguration()
    (limits.maxHeaderFieldSize, limits.maxHeaderListSize) = (headBytes, headBytes)
    limits.maxHeaderFieldCount = headFields
    return limits
  }

  func amount(_ seconds: Double) -> TimeAmount { .milliseconds(Int64(seconds * 1000)) }
}
