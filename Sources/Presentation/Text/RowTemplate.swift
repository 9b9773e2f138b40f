/// A line with places for fields, as `--format` takes it: `{dialogue}:{utterance} {emotion:10} {confidence:.2}`.
///
/// In braces stands a field's name; behind a colon, where wanted, the least width and a point with the number of decimals.
/// Numbers are set to the right, words to the left. `{{` and `}}` are braces, `\n`, `\t`, `\0` and `\\` a line feed, a tab, a
/// zero byte and a backslash. Each row ends with a line feed, unless the template itself ends with one or with a zero byte.
public struct RowTemplate: Sendable {
  /// A place for a field.
  struct Place: Sendable, Equatable {
    var name: String
    var width = 0
    /// Nil: as tables of values have them.
    var decimals: Int?
  }

  enum Piece: Sendable, Equatable {
    case text(String)
    case place(Place)
  }

  let pieces: [Piece]

  /// What is wrong with a template.
  public enum Mistake: Error, Equatable, Sendable {
    /// A brace without its partner; with the text from there on.
    case brace(String)
    /// What stands behind a colon is no width and no number of decimals.
    case layout(String)
    /// A backslash before another character than those above.
    case escape(String)
    /// No field has that name.
    case field(String)
  }

  private static let mostColumns = 1000
  private static let mostDecimals = 15

  /// - Parameter fields: the names that there are; one may hold a colon itself.
  /// - Throws: `Mistake`.
  public init(_ text: String, fields: Set<String>) throws(Mistake) {
    var pieces: [Piece] = []
    var literal = ""
    var rest = text[...]
    while let character = rest.popFirst() {
      switch character {
      case "\\": literal.append(try Self.escaped(&rest))
      case "{" where rest.first == "{", "}" where rest.first == "}":
        rest.removeFirst()
        literal.append(character)
      case "{":
        guard let end = rest.firstIndex(of: "}") else { throw Mistake.brace("{" + rest) }
        let place = try Self.place(String(rest[..<end]), fields)
        if !literal.isEmpty { pieces.append(.text(literal)) }
        literal = ""
        pieces.append(.place(place))
        rest = rest[rest.index(after: end)...]
      case "}": throw Mistake.brace("}" + rest)
      default: literal.append(character)
      }
    }
    if literal.last != "\n" && literal.last != "\0" { literal.append("\n") }
    pieces.append(.text(literal))
    self.pieces = pieces
  }

  private static func escaped(_ rest: inout Substring) throws(Mistake) -> Character {
    switch rest.popFirst() {
    case "n": return "\n"
    case "t": return "\t"
    case "0": return "\0"
    case "\\": return "\\"
    case let other: throw Mistake.escape("\\" + (other.map { String($0) } ?? ""))
    }
  }

  private static func place(_ text: String, _ fields: Set<String>) throws(Mistake) -> Place {
    if fields.contains(text) { return Place(name: text) }
    guard let colon = text.lastIndex(of: ":") else { throw Mistake.field(text) }
    var place = Place(name: String(text[..<colon]))
    guard fields.contains(place.name) else { throw Mistake.field(place.name) }
    let layout = text[text.index(after: colon)...]
    let parts = layout.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard !layout.isEmpty, let width = number(parts[0], most: mostColumns) else { throw Mistake.layout(text) }
    place.width = width
    if parts.count == 2 {
      guard !parts[1].isEmpty, let decimals = number(parts[1], most: mostDecimals) else { throw Mistake.layout(text) }
      place.decimals = decimals
    }
    return place
  }

  private static func number(_ digits: Substring, most: Int) -> Int? {
    if digits.isEmpty { return 0 }
    guard digits.allSatisfy({ $0.isASCII && $0.isNumber }), let number = Int(digits), number <= most else { return nil }
    return number
  }

  /// The names of the fields that have a place.
  public var names: [String] {
    pieces.compactMap { if case .place(let place) = $0 { place.name } else { nil } }
  }

  /// Appends a row.
  ///
  /// What would steer a terminal or end a line within a value is made visible.
  ///
  /// - Parameter value: the value of a field.
  public func append(to bytes: inout [UInt8], _ value: (String) -> RecordValue) {
    for piece in pieces {
      switch piece {
      case .text(let text): bytes.append(contentsOf: text.utf8)
      case .place(let place): bytes.append(contentsOf: Self.laidOut(value(place.name), place).utf8)
      }
    }
  }

  private static func laidOut(_ value: RecordValue, _ place: Place) -> String {
    let text = text(value, decimals: place.decimals)
    let space = String(repeating: " ", count: max(0, place.width - TextWidth.columns(of: text)))
    switch value {
    case .integer, .number: return space + text
    case .text, .flag, .time, .counts: return text + space
    }
  }

  private static func text(_ value: RecordValue, decimals: Int?) -> String {
    switch value {
    case .number(let number):
      if let decimals { return number.map { NumberText.fixed($0, places: decimals) } ?? "" }
    case .text(let text): return TextWidth.visible(text ?? "")
    case .counts(let counts): return TextWidth.visible(counts.inOneField)
    case .integer, .flag, .time: break
    }
    var field = DelimitedText(.csv)
    field.field(value)
    return String(decoding: field.bytes, as: UTF8.self)
  }
}
