import AmbqConfiguration
import Foundation
import Logging
import Presentation

/// One log event as a line of text.
public struct LogLine: Sendable {
  /// How lines are written.
  public enum Style: Sendable, Hashable {
    /// For people: time, level, message, values.
    case text(colours: Bool)
    /// For the journal, which keeps time and level itself: `<6>message key=value`.
    case journal
    /// `time=… level=… msg=… key=value`.
    case logfmt
    /// One JSON object.
    case json
  }

  /// How the line is written.
  public var style: Style

  /// The style of a format for an output.
  ///
  /// - Parameters:
  ///   - isTerminal: whether people read along.
  ///   - environment: `NO_COLOR` forbids colours; `JOURNAL_STREAM` says that the journal listens.
  public init(_ format: AmbdConfiguration.Log.Format, isTerminal: Bool, environment: [String: String]) {
    switch format {
    case .text where environment["JOURNAL_STREAM"] != nil && !isTerminal: style = .journal
    case .text: style = .text(colours: isTerminal && environment["NO_COLOR", default: ""].isEmpty)
    case .logfmt: style = .logfmt
    case .json: style = .json
    }
  }

  /// The line, with its end.
  ///
  /// Values are in the order of their names.
  func render(_ level: Logger.Level, _ message: String, _ metadata: Logger.Metadata, at time: Date) -> String {
    let values = metadata.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    switch style {
    case .text(let colours):
      let name = level.rawValue.padding(toLength: 8, withPad: " ", startingAt: 0)
      let shown = colours ? Self.colour(level) + name + "\u{1B}[0m" : name
      return "\(Self.stamp(time)) \(shown) \(Self.oneLine(message))\(Self.pairs(values))\n"
    case .journal:
      return "<\(Self.priority(level))>\(Self.oneLine(message))\(Self.pairs(values))\n"
    case .logfmt:
      let head = "time=\(Self.stamp(time)) level=\(level.rawValue) msg=\(Self.quoted(message, always: true))"
      return "\(head)\(Self.pairs(values))\n"
    case .json:
      var members = [
        ("time", "\"\(Self.stamp(time))\""), ("level", "\"\(level.rawValue)\""), ("msg", Self.json(.string(message))),
      ]
      members += values.map { ($0.0, Self.json($0.1)) }
      return "{" + members.map { Self.json(.string($0.0)) + ":" + $0.1 }.joined(separator: ",") + "}\n"
    }
  }

  private static func stamp(_ time: Date) -> String {
    time.formatted(.iso8601.year().month().day().time(includingFractionalSeconds: true).timeZone(separator: .omitted))
  }

  private static func pairs(_ values: [(String, Logger.MetadataValue)]) -> String {
    values.map { " \($0.0)=\(quoted($0.1.description, always: false))" }.joined()
  }

  /// Control characters spelled out: a file name must not forge a line.
  private static func oneLine(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: TextWidth.isControl) else { return text }
    return text.unicodeScalars.map { scalar in
      TextWidth.isControl(scalar) ? "\\u{\(String(scalar.value, radix: 16))}" : String(scalar)
    }.joined()
  }

  private static func quoted(_ text: String, always: Bool) -> String {
    let needs =
      text.isEmpty
      || text.unicodeScalars.contains {
        " =\"\\".unicodeScalars.contains($0) || TextWidth.isControl($0)
      }
    return always || needs ? json(.string(text)) : text
  }

  private static func json(_ value: Logger.MetadataValue) -> String {
    switch value {
    case .array(let items): "[" + items.map(json).joined(separator: ",") + "]"
    case .dictionary(let items):
      "{"
        + items.sorted { $0.key < $1.key }.map { json(.string($0.key)) + ":" + json($0.value) }
        .joined(separator: ",") + "}"
    case .stringConvertible(let number as any Numeric & CustomStringConvertible): number.description
    case .stringConvertible(let other): json(.string(other.description))
    case .string(let text): JSONText.quoted(text)
    }
  }

  /// The level as syslog counts it, which the journal reads from the start of a line.
  private static func priority(_ level: Logger.Level) -> Int {
    switch level {
    case .trace, .debug: 7
    case .info: 6
    case .notice: 5
    case .warning: 4
    case .error: 3
    case .critical: 2
    }
  }

  private static func colour(_ level: Logger.Level) -> String {
    switch level {
    case .trace, .debug: "\u{1B}[2m"
    case .info, .notice: "\u{1B}[36m"
    case .warning: "\u{1B}[33m"
    case .error, .critical: "\u{1B}[31m"
    }
  }
}
