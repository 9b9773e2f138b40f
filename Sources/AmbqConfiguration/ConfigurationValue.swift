import Foundation
import TOMLKit

/// A value as a source gives it, before it is known what its key takes.
enum ConfigurationValue: Equatable {
  case text(String)
  case integer(Int)
  case number(Double)
  case flag(Bool)
  case list([ConfigurationValue])
  /// A value no key takes, such as a date; carries the name of its type.
  case other(String)
  /// Untyped text from the environment or the command line.
  case word(String)

  init(_ value: any TOMLValueConvertible) {
    if let text = value.string {
      self = .text(text)
    } else if let integer = value.int {
      self = .integer(integer)
    } else if let number = value.double {
      self = .number(number)
    } else if let flag = value.bool {
      self = .flag(flag)
    } else if let array = value.array {
      self = .list(array.map(ConfigurationValue.init))
    } else {
      self = .other(value.type.description)
    }
  }

  var asText: String? {
    switch self {
    case .text(let text), .word(let text): text
    default: nil
    }
  }

  var asInteger: Int? {
    switch self {
    case .integer(let integer): integer
    case .word(let word): Int(word)
    default: nil
    }
  }

  var asNumber: Double? {
    switch self {
    case .integer(let integer): Double(integer)
    case .number(let number): number
    case .word(let word): Double(word)
    default: nil
    }
  }

  var asFlag: Bool? {
    switch self {
    case .flag(let flag): flag
    case .word(let word): Bool(word)
    default: nil
    }
  }

  /// The elements of an array; outside the file they are written with commas between them, in brackets or without.
  var asList: [ConfigurationValue]? {
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

  /// The value in a message: `the text "fast"`.
  var spoken: String {
    switch self {
    case .text(let text): "the text \"\(text)\""
    case .integer(let integer): "\(integer)"
    case .number(let number): "\(number)"
    case .flag(let flag): "\(flag)"
    case .list(let values): "[\(values.map(\.spoken).joined(separator: ", "))]"
    case .other(let type): "a \(type)"
    case .word(let word): "\"\(word)\""
    }
  }
}
