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
