/// The stack machine that a pickle is a program for.
struct PickleMachine {
  let allowance: PickleAllowance
  /// Bytes that may still be taken; only ever falls, so that it bounds time as well.
  private var budget: Int
  private var stack: [PickleItem] = []
  /// Heights of the stack at the marks set and not yet used.
  private var marks: [Int] = []
  private var memo: [Int: PickleItem] = [:]
  /// Every container built so far; items refer to it by index.
  var nodes: [PickleNode] = []

  init(allowance: PickleAllowance, memory: Int) {
    self.allowance = allowance
    budget = memory
  }

  /// Accounts for memory about to be taken.
  mutating func charge(_ count: Int) throws {
    budget -= count
    guard budget >= 0 else {
      throw PickleFault(
        "the pickle asks for more memory than its size can justify",
        remedy: "If the file can be trusted, save it again with numpy arrays in place of long lists.")
    }
  }

  /// Follows one instruction, reading its argument from `program`; returns the pickle's value at its end.
  mutating func follow(_ opcode: PickleOpcode, _ program: inout ByteCursor) throws -> PickleItem? {
    // What the widest item takes on the stack.
    try charge(MemoryLayout<PickleItem>.stride)
    switch opcode {
    case .stop: return try pop()
    case .proto: try checkProtocol(program.byte())
    case .frame:
      guard let length = program.littleEndian(8), length <= program.remaining else { throw PickleFault.cutOff }
    case .mark: marks.append(stack.count)
    case .pop: try discard()
    case .popMark: _ = try popToMark()
    case .dup: push(try top())

    case .none, .newtrue, .newfalse, .int, .long, .float, .binint, .binint1, .binint2, .long1, .long4, .binfloat:
      push(try PickleScalar.number(opcode, &program))
    case .string, .unicode, .binstring, .shortBinstring, .binunicode, .shortBinunicode, .binunicode8, .binbytes,
      .shortBinbytes, .binbytes8, .bytearray8:
      try pushText(opcode, &program)

    case .emptyTuple: try make(.tuple([]))
    case .tuple1, .tuple2, .tuple3: try make(.tuple(popLast(Int(opcode.rawValue - PickleOpcode.tuple1.rawValue) + 1)))
    case .tuple: try make(.tuple(popToMark()))
    case .emptyList: try make(.list([]))
    case .list: try make(.list(popToMark()))
    case .emptyDict: try make(.dictionary([]))
    case .dict: try make(.dictionary(pairs(popToMark())))
    case .emptySet: try make(.set([]))
    case .frozenset: try make(.set(popToMark()))
    case .append: try extend(with: popLast(1))
    case .appends: try extend(with: popToMark())
    case .setitem: try insert(popLast(2))
    case .setitems: try insert(pairs(popToMark()))
    case .additems: try add(popToMark())

    case .put, .binput, .longBinput, .memoize: try remember(opcode, &program)
    case .get, .binget, .longBinget: try recall(opcode, &program)

    case .global, .inst, .stackGlobal, .reduce, .newobj, .newobjEx, .obj, .build, .persid, .binpersid:
      try followObject(opcode, &program)
    case .ext1, .ext2, .ext4:
      throw PickleFault("the pickle asks for an extension registered with Python, which is not data")
    case .nextBuffer, .readonlyBuffer:
      throw PickleFault(
        "the pickle keeps its arrays outside itself", remedy: "Save it with pickle.dump(…, protocol=4).")
    }
    return nil
  }

  private mutating func followObject(_ opcode: PickleOpcode, _ program: inout ByteCursor) throws {
    switch opcode {
    case .global:
      push(.global(try global(&program)))
    case .stackGlobal:
      let names = try popLast(2)
      guard case .text(let module) = names[0], case .text(let name) = names[1] else {
        throw PickleFault("the pickle is damaged", found: "a global whose name is no text")
      }
      push(.global(try permitted(module: module, name: name)))
    case .inst:
      let callee = try global(&program)
      push(try construct(callee, popToMark()))
    case .obj:
      var parts = try popToMark()
      guard !parts.isEmpty, case .global(let callee) = parts.removeFirst() else { throw Self.notCallable }
      push(try construct(callee, parts))
    case .reduce, .newobj:
      let parts = try popLast(2)
      guard case .global(let callee) = parts[0] else { throw Self.notCallable }
      push(try construct(callee, tuple(parts[1])))
    case .newobjEx:
      let parts = try popLast(3)
      guard case .global(let callee) = parts[0] else { throw Self.notCallable }
      guard case .node(let index) = parts[2], case .dictionary(let named) = nodes[index], named.isEmpty else {
        throw PickleFault("the pickle passes arguments by name, which no plain data needs")
      }
      push(try construct(callee, tuple(parts[1])))
    case .build:
      let state = try pop()
      guard case .node(let index) = try top() else { throw Self.notCallable }
      try build(index, state)
    case .binpersid:
      push(try persistent(pop()))
    default:
      throw PickleFault("the pickle refers to something outside itself")
    }
  }

  private static let notCallable = PickleFault("the pickle is damaged", found: "a call of something that is no type")

  private mutating func checkProtocol(_ version: UInt8?) throws {
    guard let version else { throw PickleFault.cutOff }
    guard version <= 5 else {
      throw PickleFault("unknown pickle protocol", found: "\(version)", expected: "0 to 5")
    }
  }

  // MARK: The stack

  private mutating func push(_ item: PickleItem) {
    stack.append(item)
  }

  /// Values above the last mark, which is as far as an instruction may reach.
  private var reach: Int { stack.count - (marks.last ?? 0) }

  private func top() throws -> PickleItem {
    guard reach > 0, let item = stack.last else { throw PickleFault.emptyStack }
    return item
  }

  private mutating func pop() throws -> PickleItem {
    let item = try top()
    stack.removeLast()
    return item
  }

  private mutating func popLast(_ count: Int) throws -> [PickleItem] {
    guard reach >= count else { throw PickleFault.emptyStack }
    defer { stack.removeLast(count) }
    return Array(stack.suffix(count))
  }

  private mutating func popToMark() throws -> [PickleItem] {
    guard let mark = marks.popLast() else { throw PickleFault("the pickle is damaged", found: "a missing mark") }
    defer { stack.removeSubrange(mark...) }
    return Array(stack[mark...])
  }

  private mutating func discard() throws {
    if reach == 0, marks.popLast() != nil { return }
    _ = try pop()
  }

  /// Puts a new container on the stack.
  private mutating func make(_ node: PickleNode) throws {
    push(try new(node))
  }

  /// Adds a container to the arena.
  mutating func new(_ node: PickleNode) throws -> PickleItem {
    switch node {
    case .list(let items), .tuple(let items), .set(let items), .dictionary(let items): try chargeItems(items.count)
    default: break
    }
    try charge(MemoryLayout<PickleNode>.stride)
    nodes.append(node)
    return .node(nodes.count - 1)
  }

  private mutating func chargeItems(_ count: Int) throws {
    try charge(count * MemoryLayout<PickleItem>.stride)
  }

  /// The items of a tuple.
  private func tuple(_ item: PickleItem) throws -> [PickleItem] {
    guard case .node(let index) = item, case .tuple(let items) = nodes[index] else {
      throw PickleFault("the pickle is damaged", found: "a call whose arguments are no tuple")
    }
    return items
  }

  // MARK: Filling containers

  private func pairs(_ items: [PickleItem]) throws -> [PickleItem] {
    guard items.count.isMultiple(of: 2) else {
      throw PickleFault("the pickle is damaged", found: "a dictionary key without a value")
    }
    return items
  }

  private mutating func extend(with items: [PickleItem]) throws {
    try chargeItems(items.count)
    guard case .node(let index) = try top(), case .list(var list) = nodes[index] else {
      throw PickleFault("the pickle is damaged", found: "items for something that is no list")
    }
    // The arena lets go of the list first: two holders would make every append a copy.
    nodes[index] = .blankArray
    list.append(contentsOf: items)
    nodes[index] = .list(list)
  }

  private mutating func insert(_ items: [PickleItem]) throws {
    try chargeItems(items.count)
    guard case .node(let index) = try top(), case .dictionary(var entries) = nodes[index] else {
      throw PickleFault("the pickle is damaged", found: "entries for something that is no dictionary")
    }
    nodes[index] = .blankArray
    entries.append(contentsOf: items)
    nodes[index] = .dictionary(entries)
  }

  private mutating func add(_ items: [PickleItem]) throws {
    try chargeItems(items.count)
    guard case .node(let index) = try top(), case .set(var members) = nodes[index] else {
      throw PickleFault("the pickle is damaged", found: "members for something that is no set")
    }
    nodes[index] = .blankArray
    members.append(contentsOf: items)
    nodes[index] = .set(members)
  }

  // MARK: Text and the memo

  private mutating func pushText(_ opcode: PickleOpcode, _ program: inout ByteCursor) throws {
    let item = try PickleScalar.text(opcode, &program)
    switch item {
    case .text(let text): try charge(text.utf8.count)
    case .bytes(let bytes) where opcode == .bytearray8:
      try make(.byteArray(bytes))
      return
    default: break
    }
    push(item)
  }

  private mutating func remember(_ opcode: PickleOpcode, _ program: inout ByteCursor) throws {
    // An entry of the memo takes about twice an item.
    try chargeItems(2)
    let key = opcode == .memoize ? memo.count : try PickleScalar.memoKey(opcode, &program)
    memo[key] = try top()
  }

  private mutating func recall(_ opcode: PickleOpcode, _ program: inout ByteCursor) throws {
    let key = try PickleScalar.memoKey(opcode, &program)
    guard let item = memo[key] else {
      throw PickleFault("the pickle is damaged", found: "a reference to memo \(key), which holds nothing")
    }
    push(item)
  }

  // MARK: Globals

  private func global(_ program: inout ByteCursor) throws -> PickleGlobal {
    guard let module = program.line(), let name = program.line() else { throw PickleFault.cutOff }
    return try permitted(module: String(decoding: module, as: UTF8.self), name: String(decoding: name, as: UTF8.self))
  }

  private func permitted(module: String, name: String) throws -> PickleGlobal {
    if let global = allowance.global(module: module, name: name) { return global }
    throw PickleFault(
      "the pickle asks for \(printable(module)).\(printable(name)), which is not plain data",
      remedy: allowance == .torch
        ? "It was not run. Save model.state_dict() alone, or as safetensors."
        : "It was not run. Only numpy arrays, numbers, text, lists, tuples, dictionaries and sets are read.")
  }
}

/// One value on the unpickler's stack or in its memo.
///
/// Containers lie in an arena and are referred to by number, so that a pickle that ties them into a ring or nests them a
/// million deep leaves nothing behind that cannot be freed.
enum PickleItem {
  case none
  case boolean(Bool)
  case integer(Int)
  case real(Double)
  case text(String)
  /// A byte string of Python 2: text or bytes, whichever is asked for.
  case oldText(ArraySlice<UInt8>)
  case bytes(ArraySlice<UInt8>)
  case node(Int)
  case global(PickleGlobal)
}

/// A container or an object under construction.
enum PickleNode {
  case list([PickleItem])
  case tuple([PickleItem])
  case set([PickleItem])
  /// Keys and values by turns.
  case dictionary([PickleItem])
  case byteArray(ArraySlice<UInt8>)
  case elementType(PickleElementType)
  /// What numpy's `_reconstruct` returns, before its state is set.
  case blankArray
  case array(NumericArray)
  case storage(TorchStorageReference)
  case tensor(TorchTensorReference)
}

/// The element type of a pickled numpy array.
enum PickleElementType: Equatable {
  case numeric(NumericType)
  /// Text of a fixed number of UTF-32 characters.
  case characters(count: Int, isBigEndian: Bool)
  /// Text of a fixed number of bytes.
  case byteText(count: Int)
  case object
}
