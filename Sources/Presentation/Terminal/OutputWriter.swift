import DialogueDomain
import Glibc

/// Collects text and writes it to a file descriptor in large pieces.
///
/// Nothing is written on deinitialisation, since that could not report an error: call `flush`.
public struct OutputWriter: ~Copyable {
  private let descriptor: Int32
  private var buffer: [UInt8] = []
  private let capacity: Int
  /// Somebody's terminal must not be steered by a name out of a file.
  private let spellsControls: Bool
  private let isASCII: Bool

  /// - Parameters:
  ///   - capacity: bytes to collect before a write; small where somebody watches the lines come.
  ///   - isASCII: whether other characters are replaced by similar ones.
  public init(descriptor: Int32, capacity: Int = 1 << 16, isASCII: Bool = false) {
    self.isASCII = isASCII
    self.descriptor = descriptor
    self.capacity = capacity
    spellsControls = isatty(descriptor) != 0
    buffer.reserveCapacity(capacity + 4096)
  }

  /// - Throws: `OutputError`.
  public mutating func write(_ text: String) throws {
    buffer.append(contentsOf: text.utf8)
    if buffer.count >= capacity { try flush() }
  }

  /// - Throws: `OutputError`.
  public mutating func line(_ text: String = "") throws {
    buffer.append(contentsOf: text.utf8)
    buffer.append(UInt8(ascii: "\n"))
    if buffer.count >= capacity { try flush() }
  }

  /// Takes over what a streaming encoder has collected, and empties it.
  ///
  /// - Throws: `OutputError`.
  public mutating func drain(_ bytes: inout [UInt8]) throws {
    buffer.append(contentsOf: bytes)
    bytes.removeAll(keepingCapacity: true)
    if buffer.count >= capacity { try flush() }
  }

  /// Hands everything collected to the system.
  ///
  /// - Throws: `OutputError`; what was collected is dropped then.
  public mutating func flush() throws {
    defer { buffer.removeAll(keepingCapacity: true) }
    if spellsControls { buffer = Self.spelled(buffer) }
    // What is collected ends with a line or a piece of one, and never within a character.
    if isASCII { buffer = Array(PlainCharacters.ascii(String(decoding: buffer, as: UTF8.self)).utf8) }
    try buffer.withUnsafeBytes { bytes in
      var written = 0
      while written < bytes.count {
        let count = Glibc.write(descriptor, bytes.baseAddress?.advanced(by: written), bytes.count - written)
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else { throw OutputError(code: errno) }
        written += count
      }
    }
  }
}

extension OutputWriter {
  /// Lines in which nothing that steers a terminal is left but their own ends, tabs and colours: the rest is spelled out.
  static func spelled(_ bytes: [UInt8]) -> [UInt8] {
    guard bytes.contains(where: { $0 == 0x7F || $0 == 0xC2 || $0 == 0xD8 || $0 == 0xE2 }) else { return bytes }
    var shown = ""
    for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
      if scalar.value >= 0x7F && TextWidth.isControl(scalar) {
        shown += "\\u{\(String(scalar.value, radix: 16))}"
      } else {
        shown.unicodeScalars.append(scalar)
      }
    }
    return Array(shown.utf8)
  }
}

/// Writing to standard output or another descriptor failed.
public struct OutputError: ExplainedError {
  /// The system's error number, such as `ENOSPC`.
  public let code: Int32
  public let explanation: Explanation

  /// - Parameter code: the system's error number.
  public init(code: Int32) {
    self.code = code
    explanation = Explanation(
      .io, "writing the output failed: \(String(cString: strerror(code)))",
      remedy: code == ENOSPC ? "Free some space on the filesystem that the output goes to." : nil)
  }

  /// The reader went away, as `head` does when it has its lines: nothing to tell anybody about.
  public var isClosedPipe: Bool { code == EPIPE }
}
