import Foundation

/// A value as a source gives it, before it is known what its key takes.
public enum SettingValue: Sendable, Equatable {
  /// Left to a default that follows from something else.
  case none
  /// Text.
  case text(String)
  /// A whole number.
  case integer(Int)
  /// A number that is not whole, or written with a decimal point.
  case number(Double)
  /// True or false.
  case flag(Bool)
  /// An array.
  case list([SettingValue])
  /// A value no key takes, such as a date; carries the name of its type.
  case other(String)
  /// Untyped text from the environment or the command line.
  case word(String)

  /// The text; nil where the value is none.
  public var asText: String? {
    switch self {
    case .text(let text), .word(let text): text
    default: nil
    }
  }

  /// The whole number; nil where the value is none.
  public var asInteger: Int? {
    switch self {
    case .integer(let integer): integer
    case .word(let word): Int(word)
    default: nil
    }
  }

  /// The number, whole or not; nil where the value is none.
  public var asNumber: Double? {
    switch self {
    case .integer(let integer): Double(integer)
    case .number(let number): number
    case .word(let word): Double(word)
    default: nil
    }
  }

  /// True or false; nil where the value is neither.
  public var asFlag: Bool? {
    switch self {
    case .flag(let flag): flag
    case .word(let word): Bool(word)
    default: nil
    }
  }

  /// The elements of an array; nil where the value is none.
  ///
  /// Outside a file an array is written with commas between its elements, in brackets or without.
  public var asList: [SettingValue]? {
    switch self {
    case .list(let values): return values
    case .word(let word):
      var text = Substring(word)
      if text.hasPrefix("["), text.hasSuffix("]") { text = text.dropFirst().dropLast() }
      if text.allSatisfy(\.isWhitespace) { return [] }
      return text.split(separator: ",", omittingEmptySubsequences: false).map { part in
        .word(part.trimmingCharacters(in: CharacterSet(charactersIn: " \t\"'")))
      }
    default: return nil
    }
  }

  /// The value as it is written in a file: `"tsv"`, `2`, `[0, 0.5]`.
  public var written: String {
    switch self {
    case .none: ""
    case .text(let text), .word(let text): "\"\(text)\""
    case .integer(let integer): "\(integer)"
    case .number(let number): SettingValue.plain(number)
    case .flag(let flag): "\(flag)"
    case .list(let values): "[\(values.map(\.written).joined(separator: ", "))]"
    case .other(let type): "a \(type)"
    }
  }

  /// The value in a message: `the text "fast"`.
  var spoken: String {
    switch self {
    case .none: "nothing"
    case .text(let text): "the text \"\(text)\""
    case .integer(let integer): "\(integer)"
    case .number(let number): "\(number)"
    case .flag(let flag): "\(flag)"
    case .list(let values): "[\(values.map(\.spoken).joined(separator: ", "))]"
    case .other(let type): "a \(type)"
    case .word(let word): "\"\(word)\""
    }
  }

  /// A number without a needless `.0`.
  static func plain(_ number: Double) -> String {
    Int(exactly: number).map(String.init) ?? String(number)
  }
}
