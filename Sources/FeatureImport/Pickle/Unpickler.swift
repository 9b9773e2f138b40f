import DialogueDomain

/// Reads pickles of protocols 0 to 5 without running anything in them.
///
/// A pickle is a program for a small stack machine that may name any Python function and call it. This one knows only how
/// to build plain data: numbers, text, bytes, containers and numpy arrays. Any other name is refused, before it is used
/// and by name. Memory, nesting and the size of the result are bounded, and lengths are checked against what is left of
/// the file, so that a hostile file costs no more than an honest one of its size.
public struct Unpickler {
  /// The value of a pickle; bytes after its end are left alone, as Python leaves them.
  ///
  /// - Parameters:
  ///   - bytes: the pickle.
  ///   - source: what to call it in messages, such as the file's path.
  ///   - allowance: which globals it may name.
  ///   - limits: how much it may ask for; `PickleLimits.standard(forBytes:)` where nil.
  /// - Throws: `PickleError` that names the place, the instruction and what is wrong with it.
  public static func value(
    of bytes: [UInt8], source: String, allowing allowance: PickleAllowance = .numpy, limits: PickleLimits? = nil
  ) throws -> PickleValue {
    try value(of: bytes[...], source: source, allowing: allowance, limits: limits)
  }

  /// The value of a pickle that is part of a larger file.
  ///
  /// - Throws: `PickleError`, as for a whole file.
  public static func value(
    of bytes: ArraySlice<UInt8>, source: String, allowing allowance: PickleAllowance = .numpy,
    limits: PickleLimits? = nil
  ) throws -> PickleValue {
    let limits = limits ?? .standard(forBytes: bytes.count)
    var program = ByteCursor(bytes, at: bytes.startIndex)
    var machine = PickleMachine(allowance: allowance, memory: limits.memory)
    guard !bytes.isEmpty else {
      throw PickleError("not a pickle", in: source, offset: 0, opcode: nil, found: "an empty file")
    }
    if let format = ForeignFormat(start: bytes.prefix(256)) {
      throw PickleError(
        "not a pickle", in: source, offset: 0, opcode: nil, found: format.title, remedy: format.remedy)
    }
    while true {
      let offset = program.position - bytes.startIndex
      var opcode: PickleOpcode?
      do {
        guard let byte = program.byte() else { throw PickleFault.cutOff }
        guard let known = PickleOpcode(rawValue: byte) else {
          throw PickleFault(
            offset == 0 ? "not a pickle" : "the pickle is damaged", found: "byte \(byte), which is no instruction")
        }
        opcode = known
        if let result = try machine.follow(known, &program) {
          return try machine.frozen(result, depth: limits.depth, size: limits.memory)
        }
      } catch let fault as PickleFault {
        throw PickleError(
          fault.what, in: source, offset: offset, opcode: opcode?.name, found: fault.found, expected: fault.expected,
          remedy: fault.remedy)
      }
    }
  }
}

/// How much a pickle may ask for before it is refused.
public struct PickleLimits: Sendable, Hashable {
  /// Containers within containers.
  public var depth: Int
  /// Bytes of memory that building the value may take, counted generously; also the size the value may have when every
  /// shared part is written out in full.
  public var memory: Int

  /// - Parameters:
  ///   - depth: containers within containers.
  ///   - memory: bytes.
  public init(depth: Int = 64, memory: Int) {
    self.depth = depth
    self.memory = memory
  }

  /// Room for any honest pickle of a given size: 512 MB and eight times the size.
  public static func standard(forBytes count: Int) -> PickleLimits {
    let (scaled, overflow) = count.multipliedReportingOverflow(by: 8)
    return PickleLimits(memory: (512 << 20) + (overflow ? Int.max / 2 : scaled))
  }
}

/// A pickle that is damaged, hostile, or asks for more than plain data.
public struct PickleError: ExplainedError {
  /// What is wrong, where, and how to mend it.
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
