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
