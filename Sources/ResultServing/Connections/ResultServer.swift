import DialogueDomain
import Dispatch
import Glibc
import NIOCore
import NIOHTTP1
import NIOPosix
import OperatingSystem
import Synchronization

/// Serves an index over HTTP on this machine alone: on the loopback interface or at a Unix socket.
public final class ResultServer: Sendable {
  private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
  private let workers: NIOThreadPool
  private let limits: ConnectionLimits
  private let service: ResultService
  private let count = ConnectionCount()

  /// A server that listens nowhere yet.
  public init(_ service: ResultService, limits: ConnectionLimits = ConnectionLimits()) {
    (self.service, self.limits) = (service, limits)
    workers = NIOThreadPool(numberOfThreads: limits.workers)
    workers.start()
    // A client that goes away is an error of its connection alone.
    signal(SIGPIPE, SIG_IGN)
  }

  /// Listens on the loopback interface, on both of its addresses where there are two: nobody else must get what is sent to
  /// `localhost`.
  ///
  /// - Parameter port: 0 for any that is free.
  /// - Returns: the port.
  /// - Throws: `ServerError` where the port cannot be had.
  public func listen(onPort port: Int) throws -> Int {
    let channel: any Channel
    do {
      channel = try bootstrap.bind(host: "127.0.0.1", port: port).wait()
    } catch {
      throw ServerError(port, error)
    }
    let actual = channel.localAddress?.port ?? port
    do {
      _ = try bootstrap.bind(host: "::1", port: actual).wait()
    } catch let error as IOError where [EADDRNOTAVAIL, EAFNOSUPPORT].contains(error.errnoCode) {
      // A machine without the newer protocol.
    } catch {
      throw ServerError(actual, error)
    }
    return actual
  }

  /// Listens at a Unix socket.
  ///
  /// - Throws: `ServerError`.
  public func listen(at socket: ListeningSocket) throws {
    do {
      _ = try bootstrap.withBoundSocket(socket.descriptor).wait()
    } catch {
      throw ServerError(nil, error)
    }
  }

  /// Ends all connections, and returns soon also where an answer is being made that takes long.
  public func stop() {
    let ended = DispatchSemaphore(value: 0)
    let queue = DispatchQueue(label: "ambq.serve.end")
    group.shutdownGracefully(queue: queue) { _ in ended.signal() }
    workers.shutdownGracefully(queue: queue) { _ in ended.signal() }
    let patience = DispatchTime.now() + .milliseconds(500)
    for _ in 0..<2 { _ = ended.wait(timeout: patience) }
  }

  private var bootstrap: ServerBootstrap {
    ServerBootstrap(group: group)
      .serverChannelOption(.backlog, value: 128)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      // After a client has sent all that it has to say, it may still listen.
      .childChannelOption(.allowRemoteHalfClosure, value: true)
      .childChannelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 4096))
      .childChannelOption(.maxMessagesPerRead, value: 1)
      .childChannelInitializer { [service, workers, limits, count] channel in
        channel.eventLoop.makeCompletedFuture {
          let pipeline = channel.pipeline.syncOperations
          guard count.enter(below: limits.connections) else {
            return try pipeline.addHandler(TurnedAwayHandler())
          }
          channel.closeFuture.whenComplete { _ in count.leave() }
          try pipeline.configureHTTPServerPipeline(
            withErrorHandling: false, withEncoderConfiguration: HTTPResponseEncoder.Configuration(),
            withDecoderLimitConfiguration: limits.decoder)
          try pipeline.addHandler(AnsweringHandler(service, workers, limits))
        }
      }
  }
}

/// How many connections there are.
private final class ConnectionCount: Sendable {
  private let number = Mutex(0)

  func enter(below most: Int) -> Bool {
    number.withLock { number in
      guard number < most else { return false }
      number += 1
      return true
    }
  }

  func leave() { number.withLock { $0 -= 1 } }
}

/// Nothing can be served where it was asked for.
public struct ServerError: ExplainedError {
  public let explanation: Explanation

  init(_ port: Int?, _ error: any Error) {
    let code = (error as? IOError)?.errnoCode
    let place = port.map { "port \($0)" } ?? "the socket"
    switch code {
    case EADDRINUSE:
      explanation = Explanation(
        .usage, "\(place) is taken", remedy: "Name another with --port, 0 for any that is free.")
    case EACCES, EPERM:
      explanation = Explanation(.usage, "\(place) is not for everybody", remedy: "Name one from 1024 up with --port.")
    default:
      explanation = Explanation(
        .io, "nothing can be served at \(place)", found: code.map { String(cString: strerror($0)) } ?? "\(error)")
    }
  }
}
