import Foundation
import OperatingSystem
import TestConnections
import TestFolders
import Testing

@testable import ResultServing

/// Connections, as clients of every kind make them.
@Suite(.serialized)
final class ResultServerTests {
  private let sample: ServedSample
  private let server: ResultServer
  private let socket: ListeningSocket

  init() throws {
    sample = try ServedSample()
    var limits = ConnectionLimits()
    (limits.connections, limits.headSeconds) = (4, 0.5)
    server = ResultServer(try sample.service, limits: limits)
    socket = try ListeningSocket(at: sample.folder["s"])
    try server.listen(at: socket)
  }

  deinit {
    server.stop()
    socket.remove()
  }

  private func connection() throws -> RawConnection { try RawConnection(socket: socket.url.path) }

  @Test func aQuestionIsAnswered() throws {
    let answer = try connection().ask("/api/count", host: "localhost")
    #expect(answer.status == 200)
    #expect(answer.body == "{\"count\":8}\n")
    #expect(answer.field("Content-Length") == "12")
  }

  @Test func aHeadIsAnsweredWithoutTheBody() throws {
    let answer = try connection().ask("/api/count", host: "localhost", method: "HEAD")
    #expect(answer.status == 200)
    #expect(answer.body.isEmpty)
    #expect(answer.field("Content-Length") == "12")
  }

  @Test func severalQuestionsShareAConnection() throws {
    let connection = try connection()
    let question = "GET /api/count?speaker=Ross HTTP/1.1\r\nHost: localhost\r\n"
    connection.send(String(repeating: question + "\r\n", count: 20) + question + "Connection: close\r\n\r\n")
    #expect(connection.readToEnd().components(separatedBy: "{\"count\":3}\n").count == 22)
  }

  @Test(arguments: ["a field", "the path", "many fields"])
  func aHeadThatIsTooLargeIsRefused(_ part: String) throws {
    let long = String(repeating: "a", count: 20_000)
    let (path, fields) =
      switch part {
      case "a field": ("/", "X: \(long)\r\n")
      case "the path": ("/\(long)", "")
      default: ("/", String(repeating: "X: a\r\n", count: 100))
      }
    let connection = try connection()
    connection.send("GET \(path) HTTP/1.1\r\nHost: localhost\r\n\(fields)\r\n")
    #expect(RawAnswer(connection.readToEnd()).status == 431)
  }

  @Test(arguments: [
    "nonsense\r\n\r\n", "GET / HTTP/1.1\r\nHost : localhost\r\n\r\n", "GET / HTTP/9.9\r\nHost: localhost\r\n\r\n",
    "\u{16}\u{03}\u{01}\u{02}", "GET /\u{0} HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n",
    "GET /api/count HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9999999\r\n\r\n",
  ])
  func whatIsNoQuestionIsRefusedAndEndsTheConnection(_ text: String) throws {
    let connection = try connection()
    connection.send(text)
    #expect([400, 405].contains(RawAnswer(connection.readToEnd()).status))
  }

  @Test func aSlowHeadIsNotWaitedFor() throws {
    let connection = try connection()
    connection.send("GET / HTTP/1.1\r\nHost: local")
    #expect(connection.readToEnd().isEmpty)
  }

  @Test func connectionsBeyondTheLimitAreTurnedAwayAndThoseWithinServed() throws {
    let connections = try (0..<8).map { _ in try connection() }
    let answers = connections.map { $0.ask("/api/count", host: "localhost").status }
    #expect(Set(answers) == [200, 503] && answers.count { $0 == 200 } == 4)
    #expect(try connection().ask("/api/count", host: "localhost").status == 200)
  }

  @Test func aPortIsBoundOnLoopbackAlone() throws {
    let server = ResultServer(try sample.service)
    defer { server.stop() }
    let port = try server.listen(onPort: 0)
    #expect(try RawConnection(port: port).ask("/api/count", host: "127.0.0.1:\(port)").status == 200)
    #expect(try RawConnection(port: port).ask("/api/count", host: "localhost").status == 421)
    // Listening sockets have the state 0A; addresses are in the order of the machine's bytes.
    let wanted = ":" + String(format: "%04X", port)
    let table = try String(contentsOfFile: "/proc/net/tcp", encoding: .utf8)
    var listening: [String] = []
    for line in table.components(separatedBy: "\n") {
      let columns = line.split(separator: " ").map(String.init)
      if columns.count > 3, columns[3] == "0A", columns[1].hasSuffix(wanted) { listening.append(columns[1]) }
    }
    #expect(listening == ["0100007F" + wanted])
    #expect(throws: ServerError.self) { try ResultServer(sample.service).listen(onPort: port) }
  }
}
