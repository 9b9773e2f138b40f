import AmbqConfiguration
import DialogueDomain
import Foundation
import Logging

extension Logger {
  /// The daemon's logger: lines on standard error in the configured format.
  public init(_ settings: AmbdConfiguration.Log, environment: [String: String]) {
    let line = LogLine(settings.format, isTerminal: isatty(STDERR_FILENO) == 1, environment: environment)
    self.init(label: "ambd") { _ in LineLogHandler(settings.level.loggerLevel, line: line) }
  }
}

extension AmbdConfiguration.Log.Level {
  var loggerLevel: Logger.Level {
    switch self {
    case .debug: .debug
    case .info: .info
    case .notice: .notice
    case .warning: .warning
    case .error: .error
    }
  }
}

extension Explanation {
  /// The parts of an explanation as values of a log event; the message itself is `what`.
  var logged: Logger.Metadata {
    let parts = [("at", location), ("found", found), ("expected", expected), ("remedy", remedy)]
    return Logger.Metadata(
      uniqueKeysWithValues: parts.compactMap { name, text in text.map { (name, .string($0)) } })
  }
}
