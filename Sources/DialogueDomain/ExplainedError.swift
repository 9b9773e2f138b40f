/// An error written for people: what is wrong, where, what was found, what was expected, how to mend it.
public protocol ExplainedError: Error, CustomStringConvertible {
  /// The error in parts.
  var explanation: Explanation { get }
  /// Whether the same call may succeed later though nobody mends anything: a busy file, a full disk. False by default.
  var isTransient: Bool { get }
}

extension ExplainedError {
  /// No error passes by itself, unless its type says so.
  public var isTransient: Bool { false }

  public var description: String { explanation.message }
}

/// The parts of an error message; the same parts fill `.error.json` files.
public struct Explanation: Codable, Sendable, Hashable {
  /// Which exit code and which folder an error leads to.
  public enum Kind: String, Codable, Sendable {
    /// The command line or a configuration is wrong.
    case usage
    /// A file's content is wrong: it will be wrong on the next try as well.
    case data
    /// A named input does not exist.
    case missingInput = "missing-input"
    /// Reading or writing failed: a later try may succeed.
    case io

    /// The process exit code, after sysexits.
    public var exitCode: Int32 {
      switch self {
      case .usage: 64
      case .data: 65
      case .missingInput: 66
      case .io: 74
      }
    }
  }

  /// Which exit code and which folder it leads to.
  public var kind: Kind
  /// What is wrong, in a clause: `feature width is not the model's`.
  public var what: String
  /// The file, then the place within it: `friday.h5: /text row 12`.
  public var location: String?
  /// What was there.
  public var found: String?
  /// What should have been there.
  public var expected: String?
  /// What to do about it.
  public var remedy: String?

  /// An explanation of its parts; those that say nothing are left out.
  public init(
    _ kind: Kind, _ what: String, at location: String? = nil, found: String? = nil, expected: String? = nil,
    remedy: String? = nil
  ) {
    self.kind = kind
    self.what = what
    self.location = location
    self.found = found
    self.expected = expected
    self.remedy = remedy
  }

  /// The parts on one line.
  public var message: String {
    var text = location.map { "\($0): \(what)" } ?? what
    if let found { text += "; found \(found)" }
    if let expected { text += "; expected \(expected)" }
    if let remedy { text += (text.hasSuffix(".") ? " " : ". ") + remedy }
    return text
  }
}
