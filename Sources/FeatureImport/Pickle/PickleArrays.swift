extension PickleMachine {
  /// numpy's `dtype(descriptor, align, copy)`.
  func elementType(_ arguments: [PickleItem]) throws -> PickleElementType {
    guard let descriptor = arguments.first.flatMap(word) else { throw Self.badCall("numpy.dtype") }
    if let numeric = NumericType(descriptor: descriptor) { return .numeric(numeric) }
    let letters = descriptor.drop { "<>|=".contains($0) }
    let count = Int(letters.dropFirst())
    switch (letters.first, count) {
    case ("U", let count?) where count >= 0: return .characters(count: count, isBigEndian: descriptor.hasPrefix(">"))
    case ("S", let count?) where count >= 0: return .byteText(count: count)
    case ("O", _): return .object
    default:
      throw PickleFault(
        "the pickle holds an array that is not of plain numbers", found: "elements of type \(printable(descriptor))",
        expected: "numbers, text or objects", remedy: "Save the features as float32 arrays.")
    }
  }

  /// The type with the byte order of its state `(version, order, subtype, names, fields, size, alignment, flags)`.
  func elementType(_ type: PickleElementType, _ state: [PickleItem]) throws -> PickleElementType {
    guard state.count >= 8, let order = word(state[1]), ["<", ">", "|", "="].contains(order) else {
      throw Self.badCall("an element type's state")
    }
    guard case .none = state[2], case .none = state[3], case .none = state[4] else {
      throw PickleFault(
        "the pickle holds an array of records", expected: "one number per element",
        remedy: "Save the features as float32 arrays.")
    }
    switch type {
    case .numeric(let numeric): return .numeric(numeric.withByteOrder(bigEndian: order == ">"))
    case .characters(let count, _): return .characters(count: count, isBigEndian: order == ">")
    case .byteText, .object: return type
    }
  }

  /// An array from its state `(version, shape, type, Fortran order, elements)`.
  mutating func arrayNode(_ state: [PickleItem]) throws -> PickleNode {
    // The version came with numpy 1.0; before, the state had four parts.
    let parts = state.count == 5 ? Array(state.dropFirst()) : state
    guard parts.count == 4, let shape = extents(parts[0]), let type = elementTypeNode(parts[1]),
      let isFortranOrder = integer(parts[2])
    else { throw Self.badCall("an array's state") }

    if type == .object {
      guard case .node(let index) = parts[3], case .list(let items) = nodes[index] else {
        throw Self.badCall("an array's state")
      }
      guard shape == [items.count] else {
        throw PickleFault(
          "the pickle holds an array of objects", found: "shape \(describe(shape))", expected: "one axis",
          remedy: "Save the features as float32 arrays.")
      }
      try charge(items.count * MemoryLayout<PickleItem>.stride)
      return .list(items)
    }
    guard let bytes = bytes(of: parts[3]) else { throw Self.badCall("an array's state") }
    return try arrayNode(type, shape, isFortranOrder: isFortranOrder != 0, bytes)
  }

  /// numpy's `_frombuffer(buffer, type, shape, order)`, which protocol 5 uses.
  mutating func arrayFromBuffer(_ arguments: [PickleItem]) throws -> PickleItem {
    guard arguments.count == 4, let bytes = bytes(of: arguments[0]), let type = elementTypeNode(arguments[1]),
      let shape = extents(arguments[2]), let order = word(arguments[3])
    else { throw Self.badCall("an array's buffer") }
    return try new(arrayNode(type, shape, isFortranOrder: order == "F", bytes))
  }

  /// numpy's `scalar(type, bytes)`: the number or text itself.
  mutating func scalar(_ arguments: [PickleItem]) throws -> PickleItem {
    guard arguments.count == 2, let type = elementTypeNode(arguments[0]), let bytes = bytes(of: arguments[1]) else {
      throw Self.badCall("numpy's scalar")
    }
    switch try arrayNode(type, [], isFortranOrder: false, bytes) {
    case .array(let array):
      switch array.type.kind {
      case .boolean: return .boolean(array.doubles() != [0])
      case .floatingPoint, .brainFloat: return array.doubles().first.map(PickleItem.real) ?? .none
      case .signedInteger, .unsignedInteger:
        guard let value = array.integers()?.first else {
          throw PickleFault("the pickle holds an integer of more than 64 bits")
        }
        return .integer(value)
      }
    case .list(let texts): return texts.first ?? .none
    default: throw Self.badCall("numpy's scalar")
    }
  }

  private func elementTypeNode(_ item: PickleItem) -> PickleElementType? {
    guard case .node(let index) = item, case .elementType(let type) = nodes[index] else { return nil }
    return type
  }

  private mutating func arrayNode(
    _ type: PickleElementType, _ shape: [Int], isFortranOrder: Bool, _ bytes: ArraySlice<UInt8>
  ) throws -> PickleNode {
    switch type {
    case .numeric(let numeric):
      guard let array = NumericArray(type: numeric, shape: shape, isFortranOrder: isFortranOrder, bytes: bytes) else {
        throw Self.wrongSize(bytes.count, shape, "\(numeric)")
      }
      return .array(array)
    case .characters(let count, let isBigEndian):
      return try texts(shape, bytes, width: count, unit: 4) { element in
        var scalars = String.UnicodeScalarView()
        for start in stride(from: element.startIndex, to: element.endIndex, by: 4) {
          let unit = element[start..<start + 4]
          let value = (isBigEndian ? Array(unit) : unit.reversed()).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
          scalars.append(Unicode.Scalar(value) ?? "\u{FFFD}")
        }
        while scalars.last == "\0" { scalars.removeLast() }
        return .text(String(scalars))
      }
    case .byteText(let count):
      return try texts(shape, bytes, width: count, unit: 1) { element in
        .oldText(element.prefix((element.lastIndex { $0 != 0 } ?? element.startIndex - 1) + 1 - element.startIndex))
      }
    case .object:
      throw Self.badCall("an array's state")
    }
  }

  /// The elements of an array of text, as a list.
  private mutating func texts(
    _ shape: [Int], _ bytes: ArraySlice<UInt8>, width: Int, unit: Int, _ read: (ArraySlice<UInt8>) -> PickleItem
  ) throws -> PickleNode {
    guard shape.count <= 1 else {
      throw PickleFault("the pickle holds an array of text", found: "shape \(describe(shape))", expected: "one axis")
    }
    let count = shape.first ?? 1
    let (size, overflow) = width.multipliedReportingOverflow(by: unit)
    let (total, overflows) = size.multipliedReportingOverflow(by: count)
    guard !overflow, !overflows, total == bytes.count, size > 0 || count <= 1 else {
      throw Self.wrongSize(bytes.count, shape, "text")
    }
    try charge(total + count * MemoryLayout<PickleItem>.stride)
    return .list(
      (0..<count).map { index in
        read(bytes[bytes.startIndex + index * size..<bytes.startIndex + (index + 1) * size])
      })
  }

  private static func wrongSize(_ found: Int, _ shape: [Int], _ type: String) -> PickleFault {
    PickleFault(
      "an array is not as large as its shape says", found: "\(found) bytes",
      expected: "\(describe(shape)) elements of type \(type)")
  }
}
