import DialogueDomain

/// One of the parts that a list of inputs is cut into: number i of N, counted from 0.
///
/// An input belongs to the part i = ⌊h · N / 2⁶⁴⌋, where h are the first 64 bits of its content's SHA-256: what an input holds
/// decides alone, so that further inputs move no other.
public struct Shard: Sendable, Hashable {
  /// Which part, from 0.
  public let number: Int
  /// How many parts there are.
  public let count: Int

  /// The whole list as one part.
  public static let whole = Shard(unchecked: 0, of: 1)
  /// The most parts of a list: their numbers have five digits.
  public static let mostParts = 100_000

  /// Nil where there is no such part.
  public init?(number: Int, of count: Int) {
    guard (1...Self.mostParts).contains(count), (0..<count).contains(number) else { return nil }
    self.init(unchecked: number, of: count)
  }

  /// A part as written on a command line: `3/8` is the fourth of eight.
  public init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let number = Int(parts[0]), let count = Int(parts[1]) else { return nil }
    self.init(number: number, of: count)
  }

  private init(unchecked number: Int, of count: Int) {
    self.number = number
    self.count = count
  }

  /// Whether an input belongs to this part.
  ///
  /// - Parameter digest: SHA-256 of its bytes in hexadecimal digits.
  public func holds(digest: String) -> Bool {
    guard let hash = UInt64(digest.prefix(16), radix: 16) else { return false }
    return Int(hash.multipliedFullWidth(by: UInt64(count)).high) == number
  }

  /// What the part's files are called: `shard-00003-of-00008`.
  public var stem: String { "shard-\(Self.digits(number))-of-\(Self.digits(count))" }

  private static func digits(_ number: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, 5 - text.count)) + text
  }
}

extension Shard: CustomStringConvertible {
  /// As `init(_:)` reads it.
  public var description: String { "\(number)/\(count)" }
}
