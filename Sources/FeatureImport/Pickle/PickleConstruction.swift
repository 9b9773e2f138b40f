/// The few names that a pickle may refer to; each stands for a way to put plain data together, never for running code.
enum PickleGlobal: Sendable, Hashable {
  // numpy
  case reconstructArray
  case arrayClass
  case elementType
  case scalar
  case arrayFromBuffer
  // Python
  case encodeText
  case orderedDictionary
  /// Read as a plain dictionary: what it would make for a key that is not there is not asked for.
  case defaultDictionary
  /// What a default dictionary makes: list, int and the like.
  case factory
  case range
  case set
  case frozenSet
  case bytes
  case byteArray
  // PyTorch
  case rebuildTensor
  case rebuildParameter
  case storage(NumericType)
}

/// Which globals a pickle may name.
public enum PickleAllowance: Sendable, Hashable {
  /// Numbers, text, containers and numpy arrays.
  case numpy
  /// Those, and the tensors of a PyTorch `state_dict`.
  case torch
}

extension PickleAllowance {
  /// What a name stands for; nil where it is refused.
  func global(module: String, name: String) -> PickleGlobal? {
    switch (module, name) {
    case ("numpy.core.multiarray", "_reconstruct"), ("numpy._core.multiarray", "_reconstruct"): .reconstructArray
    case ("numpy", "ndarray"): .arrayClass
    case ("numpy", "dtype"): .elementType
    case ("numpy.core.multiarray", "scalar"), ("numpy._core.multiarray", "scalar"): .scalar
    case ("numpy.core.numeric", "_frombuffer"), ("numpy._core.numeric", "_frombuffer"): .arrayFromBuffer
    case ("_codecs", "encode"): .encodeText
    case ("collections", "OrderedDict"): .orderedDictionary
    case ("collections", "defaultdict"): .defaultDictionary
    case ("builtins", "list"), ("__builtin__", "list"), ("builtins", "dict"), ("__builtin__", "dict"),
      ("builtins", "int"), ("__builtin__", "int"), ("builtins", "float"), ("__builtin__", "float"),
      ("builtins", "str"), ("__builtin__", "str"), ("builtins", "tuple"), ("__builtin__", "tuple"):
      .factory
    case ("builtins", "range"), ("__builtin__", "xrange"), ("__builtin__", "range"): .range
    case ("builtins", "set"), ("__builtin__", "set"): .set
    case ("builtins", "frozenset"), ("__builtin__", "frozenset"): .frozenSet
    case ("builtins", "bytes"), ("__builtin__", "bytes"): .bytes
    case ("builtins", "bytearray"), ("__builtin__", "bytearray"): .byteArray
    default: self == .torch ? Self.torchGlobal(module: module, name: name) : nil
    }
  }

  private static func torchGlobal(module: String, name: String) -> PickleGlobal? {
    switch (module, name) {
    case ("torch._utils", "_rebuild_tensor_v2"): .rebuildTensor
    case ("torch._utils", "_rebuild_parameter"): .rebuildParameter
    case ("torch", "FloatStorage"): .storage(NumericType(.floatingPoint, size: 4))
    case ("torch", "DoubleStorage"): .storage(NumericType(.floatingPoint, size: 8))
    case ("torch", "HalfStorage"): .storage(NumericType(.floatingPoint, size: 2))
    case ("torch", "BFloat16Storage"): .storage(NumericType(.brainFloat, size: 2))
    case ("torch", "LongStorage"): .storage(NumericType(.signedInteger, size: 8))
    case ("torch", "IntStorage"): .storage(NumericType(.signedInteger, size: 4))
    case ("torch", "ShortStorage"): .storage(NumericType(.signedInteger, size: 2))
    case ("torch", "CharStorage"): .storage(NumericType(.signedInteger, size: 1))
    case ("torch", "ByteStorage"): .storage(NumericType(.unsignedInteger, size: 1))
    case ("torch", "BoolStorage"): .storage(NumericType(.boolean, size: 1))
    default: nil
    }
  }
}

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
    case .defaultDictionary: return try new(.dictionary([]))
    case .range: return try range(arguments)
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
    case .arrayClass, .storage, .factory:
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

  /// The numbers of a range, which Python writes as start, stop and step.
  private mutating func range(_ arguments: [PickleItem]) throws -> PickleItem {
    let numbers = arguments.compactMap(integer)
    guard numbers.count == arguments.count, (1...3).contains(numbers.count) else { throw Self.badCall("range") }
    let step = numbers.count == 3 ? numbers[2] : 1
    let (start, stop) = numbers.count == 1 ? (0, numbers[0]) : (numbers[0], numbers[1])
    let (length, overflow) = stop.subtractingReportingOverflow(start)
    let (count, tooMany) = length.dividedReportingOverflow(by: step)
    guard !overflow, !tooMany else { throw Self.badCall("range") }
    // Charged before it is made: the file may ask for any length.
    let size = max(0, count).multipliedReportingOverflow(by: MemoryLayout<PickleItem>.stride)
    try charge(size.overflow ? Int.max : size.partialValue)
    return try new(.list(stride(from: start, to: stop, by: step).map(PickleItem.integer)))
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

extension PickleMachine {
  /// PyTorch's persistent identifier `("storage", class, key, device, number of elements)`.
  mutating func persistent(_ identifier: PickleItem) throws -> PickleItem {
    guard allowance == .torch else { throw PickleFault("the pickle refers to something outside itself") }
    guard let parts = tupleItems(identifier), parts.count >= 5, word(parts[0]) == "storage", let key = word(parts[2]),
      let count = integer(parts[4]), count >= 0
    else { throw Self.badCall("a tensor's storage") }
    guard case .global(.storage(let type)) = parts[1] else {
      throw PickleFault("the pickle is damaged", found: "a storage without an element type")
    }
    return try new(.storage(TorchStorageReference(key: key, type: type, count: count)))
  }

  /// PyTorch's `_rebuild_tensor_v2(storage, offset, shape, strides, …)`.
  mutating func tensor(_ arguments: [PickleItem]) throws -> PickleItem {
    guard arguments.count >= 4, case .node(let index) = arguments[0], case .storage(let storage) = nodes[index],
      let offset = integer(arguments[1]), offset >= 0, let shape = extents(arguments[2]),
      let strides = extents(arguments[3]), shape.count == strides.count
    else { throw Self.badCall("torch._utils._rebuild_tensor_v2") }
    return try new(
      .tensor(TorchTensorReference(storage: storage, offset: offset, shape: shape, strides: strides)))
  }
}
