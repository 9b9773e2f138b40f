import ArgumentParser
import Foundation
import OperatingSystem
import Presentation
import ResultQueries
import ResultServing

/// `ambq serve`: pages and JSON over HTTP, on this machine alone.
struct ServeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Serve pages and JSON to a browser or a notebook on this machine.",
    discussion: """
      Read-only, on the loopback interface or at a Unix socket, until it is ended by Ctrl-C. At a port every request needs \
      the token that is part of the address printed, since all users of the machine can connect there; $AMBQ_TOKEN names \
      one of your own. A socket is for its owner and group.

      EXAMPLES:
        ambq serve
        ambq serve --open
        ambq serve --port 0
        ambq serve --socket ~/ambq.sock
      """)

  /// The port where none is named.
  private static let usualPort = 8642

  @Option(
    help: ArgumentHelp("The port, on the loopback interface; 0 for any that is free (default: 8642).", valueName: "n"))
  var port: Int?

  @Option(help: ArgumentHelp("Make a Unix socket here instead, and no port.", valueName: "path"), completion: .file())
  var socket: String?

  @Flag(help: "Open the first page in a browser.")
  var open = false

  @OptionGroup(title: "Source") var source: SourceOptions

  func validate() throws {
    if port != nil && socket != nil { throw ValidationError("--port and --socket are two places: take one of them.") }
    if let port, !(0...65_535).contains(port) { throw ValidationError("--port is none: 0 to 65535.") }
    if open && socket != nil { throw ValidationError("No browser opens a socket: leave --open or --socket away.") }
  }

  func run() throws {
    let environment = ProcessInfo.processInfo.environment
    let location = try source.location()
    let signals = try SignalPipe()
    try signals.catchSignals([SIGTERM, SIGINT])
    var writer = OutputWriter(descriptor: 1, capacity: 1, isASCII: PlainCharacters.areWanted(environment))
    if let socket {
      let listening = try ListeningSocket(at: URL(fileURLWithPath: (socket as NSString).expandingTildeInPath))
      defer { listening.remove() }
      let server = ResultServer(ResultService(location, RequestGate(token: nil)))
      try server.listen(at: listening)
      try writer.line("Serving \(location.index.path) at the socket \(listening.url.path); Ctrl-C ends it.")
      wait(signals, server)
    } else {
      let token = try AccessToken(environment: environment)
      let server = ResultServer(ResultService(location, RequestGate(token: token)))
      let port = try server.listen(onPort: port ?? Self.usualPort)
      let address = token.address(port: port)
      try writer.line("Serving \(location.index.path) at\n\n  \(address)\n\nCtrl-C ends it.")
      let opener = open ? try AddressPage(address) : nil
      if let opener, !Browser.open(opener.url, environment) {
        AmbqCommand.complain("no browser could be opened: open the address yourself")
      }
      withExtendedLifetime(opener) { wait(signals, server) }
    }
  }

  private func wait(_ signals: SignalPipe, _ server: ResultServer) {
    repeat { pollReadable([signals.reading], seconds: nil) } while signals.drain().isEmpty
    server.stop()
  }
}
