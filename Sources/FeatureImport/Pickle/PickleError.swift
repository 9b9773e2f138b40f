import DialogueDomain

/// A pickle that is damaged, hostile, or asks for more than plain data.
public struct PickleError: ExplainedError {
  public let explanation: Explanation
  /// Where in the file the instruction starts that could not be followed.
  public let offset: Int
  /// That instruction's name, such as `GLOBAL`; nil where the byte is no instruction.
  public let opcode: String?

  init(
    _ what: String, in source: String, offset: Int, opcode: String?, found: String? = nil, expected: String? = nil,
    remedy: String? = nil
  ) {
    self.offset = offset
    self.opcode = opcode
    let place = "\(source): byte \(offset)" + (opcode.map { ", \($0)" } ?? "")
    explanation = Explanation(.data, what, at: place, found: found, expected: expected, remedy: remedy)
  }
}

/// Why an instruction cannot be followed; the machine adds where.
struct PickleFault: Error {
  var what: String
  var found: String?
  var expected: String?
  var remedy: String?

  init(_ what: String, found: String? = nil, expected: String? = nil, remedy: String? = nil) {
    self.what = what
    self.found = found
    self.expected = expected
    self.remedy = remedy
  }

  static let cutOff = PickleFault("the pickle is cut off", remedy: "Copy the file again.")
  static let emptyStack = PickleFault("the pickle is damaged", found: "an instruction with too few values before it")
}
