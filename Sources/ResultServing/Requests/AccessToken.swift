import DialogueDomain
import Foundation

/// What a client at a port must know: every user of the machine can connect there.
public struct AccessToken: Sendable {
  let text: String

  /// The variable that names one.
  public static let variable = "AMBQ_TOKEN"
  private static let least = 16

  private init(text: String) { self.text = text }

  /// A new one, which nobody can guess.
  public init() {
    var random = SystemRandomNumberGenerator()
    text = (0..<2).map { _ in
      let digits = String(UInt64.random(in: .min ... .max, using: &random), radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }.joined()
  }

  /// The one that a variable of the environment names, or else a new one.
  ///
  /// - Throws: `Refusal` for one that is easily guessed, or that no address can hold.
  public init(environment: [String: String]) throws {
    guard let named = environment[Self.variable], !named.isEmpty else {
      self.init()
      return
    }
    let isPlain = named.utf8.allSatisfy { byte in
      (byte < 0x80 && Character(Unicode.Scalar(byte)).isLetter) || (0x30...0x39).contains(byte)
        || "-_".utf8.contains(byte)
    }
    guard isPlain, named.utf8.count >= Self.least else {
      throw Refusal(
        .badRequest, "$\(Self.variable) is no token", expected: "at least \(Self.least) letters, digits, - or _",
        remedy: "Make one with: openssl rand -hex 16")
    }
    self.init(text: named)
  }

  /// Whether it is the same; takes as long wherever the first difference is.
  func isSame(as other: some StringProtocol) -> Bool {
    let (own, theirs) = (Array(text.utf8), Array(other.utf8))
    guard own.count == theirs.count else { return false }
    return zip(own, theirs).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
  }
}

extension AccessToken {
  /// Where the first page is, with the token.
  ///
  /// The address is in figures: a name could mean somewhere else.
  public func address(port: Int) -> String { "http://127.0.0.1:\(port)/?token=\(text)" }
}
