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
