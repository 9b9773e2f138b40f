extension PickleMachine {
  /// The finished value, free of the machine.
  ///
  /// Every container is converted once, however often it is shared. Refused are rings, nesting beyond `depth`, and values
  /// that would take more than `size` bytes if every shared part were written out, which a reader of the value would do.
  func frozen(_ item: PickleItem, depth: Int, size: Int) throws -> PickleValue {
    var freezer = PickleFreezer(nodes: nodes, depth: depth, size: size)
    return try freezer.value(of: item, at: 0).value
  }
}

/// Turns the arena of a pickle machine into a value.
private struct PickleFreezer {
  /// A converted part and the size it has when written out in full.
  struct Part {
    var value: PickleValue
    var size: Int
  }

  let nodes: [PickleNode]
  let depth: Int
  let size: Int
  private var done: [Part?]
  /// Containers whose conversion has begun and not ended: meeting one again closes a ring.
  private var open: [Bool]
  /// Bytes that copies and the hashing of keys may still go through.
  private var work: Int

  /// What a value takes beside its content.
  private static let overhead = 16
  /// What the index of a dictionary takes for each entry.
  private static let overheadOfEntry = 3 * MemoryLayout<PickleValue>.stride

  init(nodes: [PickleNode], depth: Int, size: Int) {
    self.nodes = nodes
    self.depth = depth
    self.size = size
    done = [Part?](repeating: nil, count: nodes.count)
    open = [Bool](repeating: false, count: nodes.count)
    work = size
  }

  mutating func value(of item: PickleItem, at level: Int) throws -> Part {
    switch item {
    case .none: return Part(value: .none, size: Self.overhead)
    case .boolean(let value): return Part(value: .boolean(value), size: Self.overhead)
    case .integer(let value): return Part(value: .integer(value), size: Self.overhead)
    case .real(let value): return Part(value: .real(value), size: Self.overhead)
    case .text(let text): return Part(value: .text(text), size: Self.overhead + text.utf8.count)
    case .oldText(let bytes):
      try spend(bytes.count)
      return Part(value: .text(latin1(bytes)), size: Self.overhead + bytes.count)
    case .bytes(let bytes): return Part(value: .bytes(bytes), size: Self.overhead + bytes.count)
    case .node(let index): return try part(at: index, level)
    case .global:
      throw PickleFault("the pickle holds a class or function itself", expected: "plain data")
    }
  }

  private mutating func part(at index: Int, _ level: Int) throws -> Part {
    if let part = done[index] { return part }
    guard !open[index] else { throw PickleFault("the pickle holds a container that contains itself") }
    guard level < depth else {
      throw PickleFault("the pickle nests containers too deeply", expected: "at most \(depth) levels")
    }
    open[index] = true
    let part = try convert(nodes[index], level)
    guard part.size <= size else {
      throw PickleFault("the pickle repeats shared parts until they would fill the memory")
    }
    open[index] = false
    done[index] = part
    return part
  }

  private mutating func convert(_ node: PickleNode, _ level: Int) throws -> Part {
    switch node {
    case .list(let items):
      let (values, size) = try convert(items, level)
      return Part(value: .list(values), size: size)
    case .tuple(let items):
      let (values, size) = try convert(items, level)
      return Part(value: .tuple(values), size: size)
    case .set(let items):
      let (values, size) = try convert(items, level)
      try spend(size)
      try values.forEach(Self.checkHashable)
      var seen: Set<PickleValue> = []
      return Part(value: .set(values.filter { seen.insert($0).inserted }), size: size)
    case .dictionary(let items):
      let (keys, keySize) = try convert(stride(from: 0, to: items.count, by: 2).map { items[$0] }, level)
      let (values, size) = try convert(stride(from: 1, to: items.count, by: 2).map { items[$0] }, level)
      try spend(keySize + keys.count * Self.overheadOfEntry)
      try keys.forEach(Self.checkHashable)
      let (sum, overflow) = size.addingReportingOverflow(keySize)
      return Part(value: .dictionary(PickleDictionary(Array(zip(keys, values)))), size: overflow ? .max : sum)
    case .byteArray(let bytes):
      return Part(value: .bytes(bytes), size: Self.overhead + bytes.count)
    case .elementType(.numeric(let type)):
      return Part(value: .elementType(type), size: Self.overhead)
    case .array(let array):
      return Part(value: .array(array), size: Self.overhead + array.byteCount)
    case .tensor(let tensor):
      return Part(value: .tensor(tensor), size: Self.overhead)
    case .elementType, .blankArray, .storage:
      throw PickleFault("the pickle is damaged", found: "an object that was begun and not finished")
    }
  }

  private mutating func convert(_ items: [PickleItem], _ level: Int) throws -> ([PickleValue], Int) {
    try spend(items.count * MemoryLayout<PickleValue>.stride)
    var total = Self.overhead
    let values = try items.map { item in
      let part = try value(of: item, at: level + 1)
      let (sum, overflow) = total.addingReportingOverflow(part.size)
      total = overflow ? .max : sum
      return part.value
    }
    return (values, total)
  }

  private mutating func spend(_ count: Int) throws {
    work -= count
    guard work >= 0 else { throw PickleFault("the pickle repeats shared parts until they would fill the memory") }
  }

  /// Python has no lists, dictionaries or arrays as keys; nor may a hostile file make us hash them.
  private static func checkHashable(_ key: PickleValue) throws {
    switch key {
    case .none, .boolean, .integer, .real, .text, .bytes, .elementType: return
    case .tuple(let items): try items.forEach(checkHashable)
    case .set, .list, .dictionary, .array, .tensor:
      throw PickleFault("the pickle is damaged", found: "\(key.summary) as a key")
    }
  }
}
