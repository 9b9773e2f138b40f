/// What a pickle holds: plain data, never code.
///
/// Parts that the pickle shares are shared here as well, so a value takes no more memory than its pickle allowed for.
public enum PickleValue: Sendable, Hashable {
  /// Python's `None`.
  case none
  /// True or false.
  case boolean(Bool)
  /// A whole number of 64 bits.
  case integer(Int)
  /// A number of double precision.
  case real(Double)
  /// Text; the byte strings of Python 2 are read as Latin-1.
  case text(String)
  /// Bytes.
  case bytes(ArraySlice<UInt8>)
  /// A list.
  case list([PickleValue])
  /// A tuple.
  case tuple([PickleValue])
  /// A dictionary, in the order of the file.
  case dictionary(PickleDictionary)
  /// The members in the order of the file, each once; frozen sets as well.
  case set([PickleValue])
  /// A numpy array.
  indirect case array(NumericArray)
  /// A numpy element type.
  case elementType(NumericType)
  /// A PyTorch tensor, whose elements lie elsewhere in the archive.
  indirect case tensor(TorchTensorReference)

  /// What it is, for messages: `a list of 12`.
  public var summary: String {
    switch self {
    case .none: "None"
    case .boolean(let value): value ? "True" : "False"
    case .integer(let value): "the integer \(value)"
    case .real(let value): "the number \(value)"
    case .text(let text): "the text \"\(printable(text))\""
    case .bytes(let bytes): "\(bytes.count) bytes"
    case .list(let items): "a list of \(items.count)"
    case .tuple(let items): "a tuple of \(items.count)"
    case .dictionary(let dictionary): "a dictionary of \(dictionary.count)"
    case .set(let members): "a set of \(members.count)"
    case .array(let array): "an array of \(describe(array.shape)), type \(array.type)"
    case .elementType(let type): "the element type \(type)"
    case .tensor(let tensor): "a tensor of \(describe(tensor.shape))"
    }
  }
}

/// A Python dictionary, in the order of insertion.
public struct PickleDictionary: Sendable, Hashable {
  /// A key with what it stands for.
  public struct Entry: Sendable, Hashable {
    /// What an entry is found by.
    public let key: PickleValue
    /// What the key stands for.
    public let value: PickleValue
  }

  /// In the order of insertion, each key once.
  public let entries: [Entry]
  private let positions: [PickleValue: Int]

  /// A later entry replaces an earlier one of the same key, in the earlier one's place, as in Python.
  init(_ pairs: [(PickleValue, PickleValue)]) {
    var entries: [Entry] = []
    var positions: [PickleValue: Int] = [:]
    for (key, value) in pairs {
      if let position = positions[key] {
        entries[position] = Entry(key: entries[position].key, value: value)
      } else {
        positions[key] = entries.count
        entries.append(Entry(key: key, value: value))
      }
    }
    self.entries = entries
    self.positions = positions
  }

  /// The number of entries.
  public var count: Int { entries.count }

  /// What the key stands for, or nil.
  public subscript(key: PickleValue) -> PickleValue? {
    positions[key].map { entries[$0].value }
  }

  public static func == (left: PickleDictionary, right: PickleDictionary) -> Bool {
    left.entries == right.entries
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(entries)
  }
}
