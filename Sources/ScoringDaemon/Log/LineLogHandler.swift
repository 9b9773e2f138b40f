import AmbqConfiguration
import DialogueDomain
import Foundation
import Logging

/// Writes log events as lines, each with one write, so that lines of several threads do not mix.
public struct LineLogHandler: LogHandler {
  /// What is less than this is not logged.
  public var logLevel: Logger.Level
  /// What every line carries.
  public var metadata: Logger.Metadata = [:]
  /// What adds to a line when it is written.
  public var metadataProvider: Logger.MetadataProvider?
  private let line: LogLine
  private let output: @Sendable (String) -> Void

  /// Writes lines of at least a level.
  public init(_ level: Logger.Level, line: LogLine, output: @escaping @Sendable (String) -> Void = Self.standardError) {
    logLevel = level
    self.line = line
    self.output = output
  }

  /// One value that every line carries.
  public subscript(metadataKey key: String) -> Logger.MetadataValue? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  /// Writes one line.
  public func log(event: LogEvent) {
    var values = metadata
    values.merge(metadataProvider?.get() ?? [:]) { $1 }
    values.merge(event.metadata ?? [:]) { $1 }
    output(line.render(event.level, event.message.description, values, at: Date()))
  }

  /// Writes to standard error; a log that nobody takes is no reason to stop.
  public static let standardError: @Sendable (String) -> Void = { text in
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return }
      rest = rest.dropFirst(count)
    }
  }
}

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
