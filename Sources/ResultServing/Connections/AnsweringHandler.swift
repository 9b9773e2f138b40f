import NIOCore
import NIOHTTP1
import NIOPosix
import OperatingSystem

/// One connection: takes a head, has it answered elsewhere, writes the answer, waits for the next.
final class AnsweringHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private enum State {
    /// For a head, until its end.
    case waiting
    case answering
    /// The last answer has been begun, or the connection is over.
    case ending
  }

  private let service: ResultService
  private let workers: NIOThreadPool
  private let limits: ConnectionLimits
  private var state = State.waiting
  private var head: HTTPRequestHead?
  private var deadline: Scheduled<Void>?
  /// The client sends nothing more.
  private var isInputOver = false

  init(_ service: ResultService, _ workers: NIOThreadPool, _ limits: ConnectionLimits) {
    (self.service, self.workers, self.limits) = (service, workers, limits)
  }

  func channelActive(context: ChannelHandlerContext) {
    expectHead(context)
    context.fireChannelActive()
  }

  func channelInactive(context: ChannelHandlerContext) {
    (state, head) = (.ending, nil)
    deadline?.cancel()
    context.fireChannelInactive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard case .waiting = state else { return }
    switch unwrapInboundIn(data) {
    case .head(let head):
      self.head = head
      // What follows such a head is not waited for.
      if head.hasBody { answer(head, context) }
    case .body: break
    case .end: if let head { answer(head, context) }
    }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if case .inputClosed = event as? ChannelEvent {
      isInputOver = true
      if case .waiting = state { end(context) }
    }
    context.fireUserInboundEventTriggered(event)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    guard let error = error as? HTTPParserError, case .waiting = state else { return end(context) }
    let refusal =
      error == .headerOverflow
      ? Refusal(.headTooLarge, "the head is too large", expected: "at most \(limits.headBytes) bytes")
      : Refusal(.badRequest, "this is no HTTP request")
    deadline?.cancel()
    send(ServedAnswer(refusal, asPage: false), to: nil, context)
  }

  private func expectHead(_ context: ChannelHandlerContext) {
    (state, head) = (.waiting, nil)
    schedule(limits.headSeconds, context)
  }

  private func schedule(_ seconds: Double, _ context: ChannelHandlerContext) {
    deadline?.cancel()
    deadline = context.eventLoop.assumeIsolated().scheduleTask(in: limits.amount(seconds)) { self.end(context) }
  }

  private func end(_ context: ChannelHandlerContext) {
    state = .ending
    deadline?.cancel()
    context.close(promise: nil)
  }

  private func answer(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
    state = .answering
    deadline?.cancel()
    let request = ServedRequest(head, port: context.channel.localAddress?.port)
    workers.runIfActive(eventLoop: context.eventLoop) { [service] in service.answer(request) }
      .assumeIsolated().whenComplete { result in
        switch result {
        case .success(let answer): self.send(answer, to: head, context)
        case .failure: self.end(context)
        }
      }
  }

  /// - Parameter request: nil where it could not be read; then nothing more can be on this connection.
  private func send(_ answer: ServedAnswer, to request: HTTPRequestHead?, _ context: ChannelHandlerContext) {
    guard context.channel.isActive, let count = try? answer.count else { return end(context) }
    let isLast = isInputOver || request.map { !$0.isKeepAlive || $0.hasBody } ?? true
    var headers = HTTPHeaders(answer.headers.map { ($0.name, $0.value) })
    headers.add(name: "Content-Length", value: String(count))
    if isLast {
      headers.add(name: "Connection", value: "close")
    } else if request?.version == .http1_0 {
      headers.add(name: "Connection", value: "keep-alive")
    }
    let head = HTTPResponseHead(
      version: request?.version ?? .http1_1,
      status: HTTPResponseStatus(statusCode: answer.status.rawValue, reasonPhrase: answer.status.words),
      headers: headers)
    state = .answering
    schedule(limits.answerSeconds, context)
    let hasNoBody = request?.method == .HEAD || count == 0
    let taken: EventLoopFuture<Void>
    if hasNoBody {
      taken = context.writeAndFlush(wrapOutboundOut(.head(head)))
    } else {
      context.write(wrapOutboundOut(.head(head)), promise: nil)
      taken = write(answer.body, count, context)
      context.flush()
    }
    // The next head comes with the end: not before the client has taken what it asked for.
    taken.assumeIsolated().whenComplete { result in
      guard case .success = result, case .answering = self.state else { return self.end(context) }
      self.finish(isLast: isLast || self.isInputOver, context)
    }
  }

  private func finish(isLast: Bool, _ context: ChannelHandlerContext) {
    if !isLast {
      expectHead(context)
      return context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }
    state = .ending
    context.writeAndFlush(wrapOutboundOut(.end(nil))).assumeIsolated().whenComplete { _ in self.end(context) }
  }

  private func write(
    _ body: ServedAnswer.Body, _ count: Int, _ context: ChannelHandlerContext
  ) -> EventLoopFuture<Void> {
    switch body {
    case .bytes(let bytes):
      return context.write(wrapOutboundOut(.body(.byteBuffer(context.channel.allocator.buffer(bytes: bytes)))))
    case .file(let file):
      // The kernel copies; the descriptor stays the file's, which is kept until then.
      let handle = NIOFileHandle(_deprecatedTakingOwnershipOfDescriptor: file.descriptor)
      let region = FileRegion(fileHandle: handle, readerIndex: 0, endIndex: count)
      let written = context.write(wrapOutboundOut(.body(.fileRegion(region))))
      written.assumeIsolated().whenComplete { _ in
        _ = try? handle.takeDescriptorOwnership()
        withExtendedLifetime(file) {}
      }
      return written
    }
  }
}

extension HTTPRequestHead {
  fileprivate var hasBody: Bool {
    headers.contains(name: "Transfer-Encoding") || headers["Content-Length"].contains { $0 != "0" }
  }
}

extension ServedRequest {
  init(_ head: HTTPRequestHead, port: Int?) {
    self.init(
      method: head.method.rawValue, target: head.uri, hosts: head.headers["Host"],
      authorization: head.headers["Authorization"], cookies: head.headers["Cookie"],
      acceptsPages: head.headers["Accept"].contains { $0.contains("text/html") }, hasBody: head.hasBody,
      port: port)
  }
}

extension ServedAnswer {
  /// Bytes of the body.
  ///
  /// - Throws: `StorageError`.
  var count: Int {
    get throws {
      switch body {
      case .bytes(let bytes): bytes.count
      case .file(let file): try file.count
      }
    }
  }
}
