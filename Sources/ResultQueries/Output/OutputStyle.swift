/// What `--format` was given: a format, or a template for each row.
public enum OutputStyle: Sendable, Equatable {
  /// One of the formats.
  case format(OutputFormat)
  /// Fields in braces, with text between them.
  case template(String)

  /// Nil for a word that is no format.
  ///
  /// - Parameter text: as typed; a template has a brace.
  public init?(_ text: String) {
    if text.contains("{") {
      self = .template(text)
    } else if let format = OutputFormat(rawValue: text) {
      self = .format(format)
    } else {
      return nil
    }
  }

  /// What to call the values on a command line.
  public static var valueNames: [String] { OutputFormat.allCases.map(\.rawValue) }
}
