/// The instructions of pickle protocols 0 to 5, by their bytes, named as Python's pickletools names them.
enum PickleOpcode: UInt8 {
  // Protocols 0 and 1: the bytes are printable letters.
  case mark = 0x28
  case emptyTuple = 0x29
  case stop = 0x2E
  case pop = 0x30
  case popMark = 0x31
  case dup = 0x32
  case float = 0x46
  case binfloat = 0x47
  case int = 0x49
  case binint = 0x4A
  case binint1 = 0x4B
  case long = 0x4C
  case binint2 = 0x4D
  case none = 0x4E
  case persid = 0x50
  case binpersid = 0x51
  case reduce = 0x52
  case string = 0x53
  case binstring = 0x54
  case shortBinstring = 0x55
  case unicode = 0x56
  case binunicode = 0x58
  case emptyList = 0x5D
  case append = 0x61
  case build = 0x62
  case global = 0x63
  case dict = 0x64
  case appends = 0x65
  case get = 0x67
  case binget = 0x68
  case inst = 0x69
  case longBinget = 0x6A
  case list = 0x6C
  case obj = 0x6F
  case put = 0x70
  case binput = 0x71
  case longBinput = 0x72
  case setitem = 0x73
  case tuple = 0x74
  case setitems = 0x75
  case emptyDict = 0x7D
  // Protocol 2
  case proto = 0x80
  case newobj = 0x81
  case ext1 = 0x82
  case ext2 = 0x83
  case ext4 = 0x84
  case tuple1 = 0x85
  case tuple2 = 0x86
  case tuple3 = 0x87
  case newtrue = 0x88
  case newfalse = 0x89
  case long1 = 0x8A
  case long4 = 0x8B
  // Protocol 3
  case binbytes = 0x42
  case shortBinbytes = 0x43
  // Protocol 4
  case shortBinunicode = 0x8C
  case binunicode8 = 0x8D
  case binbytes8 = 0x8E
  case emptySet = 0x8F
  case additems = 0x90
  case frozenset = 0x91
  case newobjEx = 0x92
  case stackGlobal = 0x93
  case memoize = 0x94
  case frame = 0x95
  // Protocol 5
  case bytearray8 = 0x96
  case nextBuffer = 0x97
  case readonlyBuffer = 0x98

  /// The name in capitals, such as `SHORT_BINSTRING`.
  var name: String {
    "\(self)".reduce(into: "") { name, letter in
      if letter.isUppercase { name += "_" }
      name += letter.uppercased()
    }
  }
}

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

/// The escape sequences of pickle protocol 0.
enum PickleEscapes {
  /// The bytes of a quoted Python 2 string such as `'it\'s'`.
  static func string(_ literal: ArraySlice<UInt8>) throws -> [UInt8] {
    // Python 2 on Windows wrote a carriage return before the line feed.
    let trimmed = literal.last == 0x0D ? literal.dropLast() : literal
    guard trimmed.count >= 2, let quote = trimmed.first, quote == 0x27 || quote == 0x22, trimmed.last == quote else {
      throw PickleFault("the pickle is damaged", found: "a string without quotes")
    }
    let body = trimmed.dropFirst().dropLast()
    var bytes: [UInt8] = []
    bytes.reserveCapacity(body.count)
    var cursor = ByteCursor(body, at: body.startIndex)
    while let byte = cursor.byte() {
      guard byte == 0x5C else {
        bytes.append(byte)
        continue
      }
      guard let letter = cursor.byte() else { throw badEscape }
      switch letter {
      case UInt8(ascii: "\\"), UInt8(ascii: "'"), UInt8(ascii: "\""): bytes.append(letter)
      case UInt8(ascii: "a"): bytes.append(0x07)
      case UInt8(ascii: "b"): bytes.append(0x08)
      case UInt8(ascii: "f"): bytes.append(0x0C)
      case UInt8(ascii: "n"): bytes.append(0x0A)
      case UInt8(ascii: "r"): bytes.append(0x0D)
      case UInt8(ascii: "t"): bytes.append(0x09)
      case UInt8(ascii: "v"): bytes.append(0x0B)
      case UInt8(ascii: "x"):
        guard let digits = cursor.take(2), let value = hexadecimal(digits) else { throw badEscape }
        bytes.append(UInt8(value))
      case UInt8(ascii: "0")...UInt8(ascii: "7"):
        var value = Int(letter - UInt8(ascii: "0"))
        for _ in 0..<2 {
          var ahead = cursor
          guard let digit = ahead.byte(), (UInt8(ascii: "0")...UInt8(ascii: "7")).contains(digit) else { break }
          value = value * 8 + Int(digit - UInt8(ascii: "0"))
          cursor = ahead
        }
        bytes.append(UInt8(truncatingIfNeeded: value))
      default:
        // Python keeps the backslash of a sequence that it does not know.
        bytes.append(byte)
        bytes.append(letter)
      }
    }
    return bytes
  }

  /// Text in Python's raw-unicode-escape: Latin-1 with `\uXXXX` and `\UXXXXXXXX`.
  static func unicode(_ literal: ArraySlice<UInt8>) -> String {
    var units: [UInt16] = []
    units.reserveCapacity(literal.count)
    var cursor = ByteCursor(literal, at: literal.startIndex)
    while let byte = cursor.byte() {
      var ahead = cursor
      if byte == 0x5C, let letter = ahead.byte(), letter == UInt8(ascii: "u") || letter == UInt8(ascii: "U"),
        let digits = ahead.take(letter == UInt8(ascii: "u") ? 4 : 8), let value = hexadecimal(digits)
      {
        cursor = ahead
        if value <= 0xFFFF {
          // Narrow builds of Python wrote surrogates one by one; they join when the units are decoded.
          units.append(UInt16(value))
        } else {
          units.append(contentsOf: Unicode.Scalar(UInt32(value)).map { Array(String($0).utf16) } ?? [0xFFFD])
        }
      } else {
        units.append(UInt16(byte))
      }
    }
    return String(decoding: units, as: UTF16.self)
  }

  private static let badEscape = PickleFault("the pickle is damaged", found: "a broken escape sequence")

  private static func hexadecimal(_ digits: ArraySlice<UInt8>) -> Int? {
    // Int(_:radix:) would take a sign as well.
    guard digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }) else { return nil }
    return Int(String(decoding: digits, as: UTF8.self), radix: 16)
  }
}
