/// How a piece of text looks on a terminal that shows colours.
public struct Style: Sendable, Hashable {
  /// One of the 16 colours that a terminal's theme defines.
  public enum Colour: UInt8, Sendable {
    case red = 31
    case green = 32
    case yellow = 33
    case blue = 34
    case magenta = 35
    case cyan = 36
    case grey = 90
    case brightRed = 91
    case brightGreen = 92
    case brightYellow = 93
    case brightBlue = 94
    case brightMagenta = 95
    case brightCyan = 96
  }

  public var colour: Colour?
  public var bold: Bool
  public var faint: Bool

  public init(_ colour: Colour? = nil, bold: Bool = false, faint: Bool = false) {
    self.colour = colour
    self.bold = bold
    self.faint = faint
  }

  public static let plain = Style()
  public static let bold = Style(bold: true)
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
