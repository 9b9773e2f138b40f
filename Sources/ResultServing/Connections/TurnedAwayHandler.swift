import NIOCore

/// A connection beyond the limit: it is told so, and closed.
final class TurnedAwayHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  func channelActive(context: ChannelHandlerContext) {
    let body = "{\"error\":{\"status\":503,\"what\":\"too many connections\",\"remedy\":\"Try again in a moment.\"}}\n"
    let text =
      "HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n"
      + "Retry-After: 1\r\nConnection: close\r\n\r\n\(body)"
    context.writeAndFlush(wrapOutboundOut(context.channel.allocator.buffer(string: text))).assumeIsolated()
      .whenComplete { _ in context.close(promise: nil) }
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {}
}
