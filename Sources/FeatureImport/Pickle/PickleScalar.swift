/// Numbers, text and memo keys as the instructions of a pickle spell them.
enum PickleScalar {
  /// The number, truth value or None that an instruction stands for.
  static func number(_ opcode: PickleOpcode, _ program: inout ByteCursor) throws -> PickleItem {
    switch opcode {
    case .none: return .none
    case .newtrue: return .boolean(true)
    case .newfalse: return .boolean(false)
    case .binint1: return .integer(try unsigned(1, &program))
    case .binint2: return .integer(try unsigned(2, &program))
    case .binint: return .integer(Int(Int32(truncatingIfNeeded: try unsigned(4, &program))))
    case .long1: return .integer(try long(unsigned(1, &program), &program))
    case .long4:
      let length = try unsigned(4, &program)
      guard length <= Int(Int32.max) else { throw PickleFault("the pickle is damaged", found: "a negative length") }
      return .integer(try long(length, &program))
    case .binfloat:
      guard let field = program.take(8) else { throw PickleFault.cutOff }
      return .real(Double(bitPattern: field.reduce(0) { $0 << 8 | UInt64($1) }))
    case .int:
      let digits = try line(&program)
      if digits == "00" || digits == "01" { return .boolean(digits == "01") }
      return .integer(try decimal(digits))
    case .long:
      let digits = try line(&program)
      return .integer(try decimal(digits.hasSuffix("L") ? String(digits.dropLast()) : digits))
    default:
      let digits = try line(&program)
      guard let value = Double(digits) else {
        throw PickleFault("the pickle is damaged", found: "\(printable(digits)) for a number")
      }
      return .real(value)
    }
  }

  /// The text or bytes that an instruction carries.
  static func text(_ opcode: PickleOpcode, _ program: inout ByteCursor) throws -> PickleItem {
    switch opcode {
    case .string: return .oldText(try PickleEscapes.string(rawLine(&program))[...])
    case .unicode: return .text(PickleEscapes.unicode(try rawLine(&program)))
    case .shortBinstring: return .oldText(try counted(1, &program))
    case .binstring: return .oldText(try counted(4, &program))
    case .shortBinunicode: return .text(String(decoding: try counted(1, &program), as: UTF8.self))
    case .binunicode: return .text(String(decoding: try counted(4, &program), as: UTF8.self))
    case .binunicode8: return .text(String(decoding: try counted(8, &program), as: UTF8.self))
    case .shortBinbytes: return .bytes(try counted(1, &program))
    case .binbytes: return .bytes(try counted(4, &program))
    default: return .bytes(try counted(8, &program))
    }
  }

  /// The memo's key that a PUT or GET names.
  static func memoKey(_ opcode: PickleOpcode, _ program: inout ByteCursor) throws -> Int {
    switch opcode {
    case .binput, .binget: return try unsigned(1, &program)
    case .longBinput, .longBinget: return try unsigned(4, &program)
    default:
      let key = try decimal(line(&program))
      guard key >= 0 else { throw PickleFault("the pickle is damaged", found: "memo \(key)") }
      return key
    }
  }

  private static func unsigned(_ size: Int, _ program: inout ByteCursor) throws -> Int {
    guard let value = program.littleEndian(size) else { throw PickleFault.cutOff }
    return value
  }

  /// Bytes after a length of `size` bytes.
  private static func counted(_ size: Int, _ program: inout ByteCursor) throws -> ArraySlice<UInt8> {
    guard let count = program.littleEndian(size), let bytes = program.take(count) else { throw PickleFault.cutOff }
    return bytes
  }

  private static func rawLine(_ program: inout ByteCursor) throws -> ArraySlice<UInt8> {
    guard let line = program.line() else { throw PickleFault.cutOff }
    return line
  }

  private static func line(_ program: inout ByteCursor) throws -> String {
    String(decoding: try rawLine(&program), as: UTF8.self)
  }

  private static func decimal(_ digits: String) throws -> Int {
    if let value = Int(digits) { return value }
    let isNumber = !digits.isEmpty && digits.utf8.dropFirst().allSatisfy { (0x30...0x39).contains($0) }
    throw isNumber
      ? PickleFault("the pickle holds an integer of more than 64 bits")
      : PickleFault("the pickle is damaged", found: "\(printable(digits)) for an integer")
  }

  /// A two's complement integer of `count` bytes, least significant first.
  private static func long(_ count: Int, _ program: inout ByteCursor) throws -> Int {
    guard let bytes = program.take(count) else { throw PickleFault.cutOff }
    guard let last = bytes.last else { return 0 }
    let filler: UInt8 = last & 0x80 == 0 ? 0 : 0xFF
    let low = bytes.prefix(8).reversed().reduce(filler == 0 ? 0 : UInt64.max) { $0 << 8 | UInt64($1) }
    let value = Int(bitPattern: UInt(low))
    guard bytes.dropFirst(8).allSatisfy({ $0 == filler }), (value < 0) == (filler != 0) else {
      throw PickleFault("the pickle holds an integer of more than 64 bits")
    }
    return value
  }
}
