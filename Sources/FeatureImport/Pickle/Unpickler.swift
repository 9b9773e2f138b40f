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
