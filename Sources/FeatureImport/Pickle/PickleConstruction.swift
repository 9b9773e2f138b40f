extension PickleMachine {
  /// Puts together what the pickle would call a function for.
  mutating func construct(_ callee: PickleGlobal, _ arguments: [PickleItem]) throws -> PickleItem {
    switch callee {
    case .reconstructArray: return try new(.blankArray)
    case .elementType: return try new(.elementType(elementType(arguments)))
    case .scalar: return try scalar(arguments)
    case .arrayFromBuffer: return try arrayFromBuffer(arguments)
    case .encodeText: return try encodedText(arguments)
    case .set, .frozenSet: return try new(.set(items(ofFirst: arguments)))
    case .orderedDictionary: return try new(.dictionary(pairs(ofFirst: arguments)))
    case .bytes:
      guard let first = arguments.first else { return .bytes([]) }
      guard let bytes = bytes(of: first) else { throw Self.badCall("bytes") }
      return .bytes(bytes)
    case .byteArray:
      // Protocols below 3 pass text and its encoding.
      if arguments.count == 2, case .bytes(let bytes) = try encodedText(arguments) { return try new(.byteArray(bytes)) }
      guard let first = arguments.first else { return try new(.byteArray([])) }
      guard let bytes = bytes(of: first) else { throw Self.badCall("bytearray") }
      return try new(.byteArray(bytes))
    case .rebuildTensor: return try tensor(arguments)
    case .rebuildParameter:
      guard let first = arguments.first, case .node(let index) = first, case .tensor = nodes[index] else {
        throw Self.badCall("torch._utils._rebuild_parameter")
      }
      return first
    case .arrayClass, .storage:
      throw PickleFault("the pickle is damaged", found: "a call of a class that is never called")
    }
  }

  /// Sets the state of an object, as BUILD asks.
  mutating func build(_ index: Int, _ state: PickleItem) throws {
    switch nodes[index] {
    case .blankArray, .array:
      guard let state = tupleItems(state) else { throw Self.badCall("an array's state") }
      nodes[index] = try arrayNode(state)
    case .elementType(let type):
      guard let state = tupleItems(state) else { throw Self.badCall("an element type's state") }
      nodes[index] = .elementType(try elementType(type, state))
    case .dictionary:
      // A state_dict carries version notes as attributes; the data is whole without them.
      guard case .node(let notes) = state, case .dictionary = nodes[notes] else { throw Self.badCall("a state") }
    default:
      throw PickleFault("the pickle is damaged", found: "a state for something that has none")
    }
  }

  /// A call whose arguments are not those that Python writes.
  static func badCall(_ name: String) -> PickleFault {
    PickleFault("the pickle is damaged", found: "arguments of \(name) that are not those Python writes")
  }

  // MARK: Taking arguments apart

  func tupleItems(_ item: PickleItem) -> [PickleItem]? {
    guard case .node(let index) = item, case .tuple(let items) = nodes[index] else { return nil }
    return items
  }

  func integer(_ item: PickleItem) -> Int? {
    switch item {
    case .integer(let value): value
    case .boolean(let value): value ? 1 : 0
    default: nil
    }
  }

  /// A name that steers the construction, such as an encoding: text of at most 256 bytes.
  ///
  /// The limit keeps a pickle from having the same long text converted again and again.
  func word(_ item: PickleItem) -> String? {
    switch item {
    case .text(let text) where text.utf8.count <= 256: text
    case .oldText(let bytes) where bytes.count <= 256: latin1(bytes)
    default: nil
    }
  }

  func bytes(of item: PickleItem) -> ArraySlice<UInt8>? {
    switch item {
    case .bytes(let bytes), .oldText(let bytes): bytes
    case .node(let index):
      if case .byteArray(let bytes) = nodes[index] { bytes } else { nil }
    default: nil
    }
  }

  /// Extents or strides: a tuple of integers that are not negative.
  func extents(_ item: PickleItem) -> [Int]? {
    guard let items = tupleItems(item) else { return nil }
    let values = items.compactMap(integer)
    return values.count == items.count && values.count <= 32 && values.allSatisfy { $0 >= 0 } ? values : nil
  }

  /// The members of the one container that a set is made from.
  private func items(ofFirst arguments: [PickleItem]) throws -> [PickleItem] {
    guard let first = arguments.first else { return [] }
    if case .node(let index) = first {
      switch nodes[index] {
      case .list(let items), .tuple(let items), .set(let items): return items
      default: break
      }
    }
    throw Self.badCall("set")
  }

  /// Keys and values by turns from a list of pairs, as Python 2 wrote ordered dictionaries.
  private mutating func pairs(ofFirst arguments: [PickleItem]) throws -> [PickleItem] {
    var result: [PickleItem] = []
    for pair in try items(ofFirst: arguments) {
      try charge(2 * MemoryLayout<PickleItem>.stride)
      guard case .node(let index) = pair else { throw Self.badCall("OrderedDict") }
      switch nodes[index] {
      case .list(let items), .tuple(let items):
        guard items.count == 2 else { throw Self.badCall("OrderedDict") }
        result.append(contentsOf: items)
      default: throw Self.badCall("OrderedDict")
      }
    }
    return result
  }

  /// The bytes that Python 3 writes as Latin-1 text below protocol 3.
  private mutating func encodedText(_ arguments: [PickleItem]) throws -> PickleItem {
    guard arguments.count == 2, let encoding = word(arguments[1]) else { throw Self.badCall("_codecs.encode") }
    guard ["latin1", "latin-1", "iso-8859-1"].contains(encoding.lowercased()) else {
      throw PickleFault("the pickle encodes text", found: printable(encoding), expected: "latin1")
    }
    if case .oldText(let bytes) = arguments[0] { return .bytes(bytes) }
    guard case .text(let text) = arguments[0] else { throw Self.badCall("_codecs.encode") }
    try charge(text.utf8.count)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
      guard scalar.value <= 0xFF else { throw PickleFault("the pickle is damaged", found: "bytes above 255") }
      bytes.append(UInt8(scalar.value))
    }
    return .bytes(bytes[...])
  }
}

/// Bytes as Latin-1 text: each byte is the character of that number.
func latin1(_ bytes: ArraySlice<UInt8>) -> String {
  if bytes.allSatisfy({ $0 < 0x80 }) { return String(decoding: bytes, as: UTF8.self) }
  return String(decoding: bytes.map { UInt16($0) }, as: UTF16.self)
}
