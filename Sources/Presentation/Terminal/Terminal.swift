import Glibc

/// How a piece of text looks on a terminal that shows colours.
public struct Style: Sendable, Hashable {
  /// One of the 16 colours that a terminal's theme defines.
  public enum Colour: UInt8, Sendable {
    /// Dark red.
    case red = 31
    /// Dark green.
    case green = 32
    /// Dark yellow.
    case yellow = 33
    /// Dark blue.
    case blue = 34
    /// Dark magenta.
    case magenta = 35
    /// Dark cyan.
    case cyan = 36
    /// Grey, for what matters less.
    case grey = 90
    /// Red that stands out.
    case brightRed = 91
    /// Green that stands out.
    case brightGreen = 92
    /// Yellow that stands out.
    case brightYellow = 93
    /// Blue that stands out.
    case brightBlue = 94
    /// Magenta that stands out.
    case brightMagenta = 95
    /// Cyan that stands out.
    case brightCyan = 96
  }

  /// Nil: the terminal's own.
  public var colour: Colour?
  /// Whether letters are heavier.
  public var bold: Bool
  /// Whether letters are paler.
  public var faint: Bool

  /// A style of its parts; without any, the terminal's own.
  public init(_ colour: Colour? = nil, bold: Bool = false, faint: Bool = false) {
    self.colour = colour
    self.bold = bold
    self.faint = faint
  }

  /// The terminal's own letters.
  public static let plain = Style()
  /// Heavier letters.
  public static let bold = Style(bold: true)
  /// Paler letters.
  public static let faint = Style(faint: true)

  /// The text between the escape sequences that switch the style on and off.
  public func apply(to text: String) -> String {
    self == .plain || text.isEmpty ? text : "\(start)\(text)\(Style.end)"
  }

  /// The escape sequence that switches the style on.
  var start: String {
    var codes: [String] = []
    if bold { codes.append("1") }
    if faint { codes.append("2") }
    if let colour { codes.append(String(colour.rawValue)) }
    return "\u{1B}[\(codes.joined(separator: ";"))m"
  }

  /// The escape sequence that switches every style off.
  static let end = "\u{1B}[0m"
}

/// When to colour output: the value of `--colour`.
public enum ColourChoice: String, CaseIterable, Sendable {
  /// Where standard output is a terminal and the environment does not forbid it.
  case auto
  /// In files and pipes as well.
  case always
  /// Nowhere.
  case never

  /// Whether to colour, after <https://no-color.org> and <https://bixense.com/clicolors>.
  ///
  /// `always` and `never` are final. `auto` looks at the environment: `NO_COLOR` (not empty) says no, `CLICOLOR_FORCE`
  /// (not empty, not `0`) says yes; else a terminal is coloured unless `TERM=dumb` or `CLICOLOR=0`.
  public func colours(isTerminal: Bool, environment: [String: String]) -> Bool {
    switch self {
    case .always: return true
    case .never: return false
    case .auto: break
    }
    if let value = environment["NO_COLOR"], !value.isEmpty { return false }
    if let value = environment["CLICOLOR_FORCE"], !value.isEmpty, value != "0" { return true }
    return isTerminal && environment["TERM"] != "dumb" && environment["CLICOLOR"] != "0"
  }
}

/// What a file descriptor is connected to.
public enum TerminalSize {
  /// The width to lay text out for, in columns: `COLUMNS` where it is a positive number, else the terminal's own, else 80.
  public static func columns(of descriptor: Int32, environment: [String: String]) -> Int {
    if let text = environment["COLUMNS"], let columns = Int(text), columns > 0 { return columns }
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  /// Whether a descriptor leads to a terminal.
  public static func isTerminal(_ descriptor: Int32) -> Bool {
    isatty(descriptor) == 1
  }
}
