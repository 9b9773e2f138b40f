import Foundation

/// A request's path, and its parameters in their order.
struct RequestTarget: Equatable {
  struct Parameter: Equatable {
    let name: String
    let value: String
  }

  let path: String
  var parameters: [Parameter]

  init(path: String, parameters: [Parameter] = []) {
    (self.path, self.parameters) = (path, parameters)
  }

  /// - Throws: `Refusal` for anything but a path with well-formed parameters.
  init(_ text: String) throws {
    guard text.hasPrefix("/"), !text.contains("#") else {
      throw Refusal(
        .badRequest, "the request names no path", found: "'\(text.prefix(80))'", expected: "a path, as in /api/list")
    }
    let parts = text.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    path = try Self.decoded(parts[0], plusIsSpace: false)
    parameters = try (parts.count > 1 ? parts[1] : "").split(separator: "&").map { pair in
      let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      return Parameter(
        name: try Self.decoded(sides[0], plusIsSpace: true),
        value: try sides.count > 1 ? Self.decoded(sides[1], plusIsSpace: true) : "")
    }
  }

  /// The target as a link.
  var text: String {
    let pairs = parameters.map { "\(Self.encoded($0.name))=\(Self.encoded($0.value))" }
    return Self.encoded(path, keeping: "/") + (pairs.isEmpty ? "" : "?" + pairs.joined(separator: "&"))
  }

  /// The same with one parameter of that name, and that value.
  func setting(_ name: String, to value: String) -> RequestTarget {
    var copy = removing(name)
    copy.parameters.append(Parameter(name: name, value: value))
    return copy
  }

  func removing(_ name: String) -> RequestTarget {
    RequestTarget(path: path, parameters: parameters.filter { $0.name != name })
  }

  /// Bytes behind per cent signs as they were; no control character may be among them.
  private static func decoded(_ text: Substring, plusIsSpace: Bool) throws -> String {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "%"):
        let digits = String(decoding: rest.prefix(2), as: UTF8.self)
        guard digits.count == 2, digits.allSatisfy(\.isHexDigit), let value = UInt8(digits, radix: 16) else {
          throw malformed(text)
        }
        bytes.append(value)
        rest = rest.dropFirst(2)
      case UInt8(ascii: "+") where plusIsSpace: bytes.append(UInt8(ascii: " "))
      default: bytes.append(byte)
      }
    }
    guard bytes.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }), let decoded = String(validating: bytes, as: UTF8.self) else {
      throw malformed(text)
    }
    return decoded
  }

  private static func malformed(_ text: Substring) -> Refusal {
    Refusal(
      .badRequest, "the address is malformed", found: "'\(text.prefix(80))'",
      expected: "UTF-8 without control characters; what is no letter or digit as in %20")
  }

  private static func encoded(_ text: String, keeping: String = "") -> String {
    let unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~" + keeping
    return text.addingPercentEncoding(withAllowedCharacters: CharacterSet(charactersIn: unreserved)) ?? ""
  }
}
