/// The header of an `.npy` file, a Python dictionary display such as `{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }`.
struct NumpyHeader {
  var type: NumericType
  var isFortranOrder: Bool
  var shape: [Int]

  /// Reads the display without evaluating it.
  ///
  /// - Parameter location: the file, for messages.
  /// - Throws: `InterchangeError` that says which entry is wrong.
  init(parsing text: String, location: String) throws {
    var scanner = PythonLiteralScanner(text)
    guard let entries = scanner.dictionary() else {
      throw InterchangeError(
        "the header is not the one numpy writes", at: location, found: printable(text),
        expected: "{'descr': …, 'fortran_order': …, 'shape': …}")
    }
    guard case .text(let descriptor)? = entries["descr"] else {
      throw InterchangeError(
        "the array is not of plain numbers", at: location,
        found: entries["descr"] == nil ? "no descr" : "a record type",
        expected: "float, integer or boolean elements", remedy: "Save the features as a float32 array.")
    }
    guard let type = NumericType(descriptor: descriptor) else {
      throw InterchangeError(
        "the array is not of plain numbers", at: location, found: "elements of type \(printable(descriptor))",
        expected: "f2, f4, f8, i1 … i8, u1 … u8 or b1", remedy: "Save the features as a float32 array.")
    }
    guard case .boolean(let isFortranOrder)? = entries["fortran_order"], case .tuple(let shape)? = entries["shape"]
    else {
      throw InterchangeError("the header lacks fortran_order or shape", at: location, found: printable(text))
    }
    self.type = type
    self.isFortranOrder = isFortranOrder
    self.shape = shape
  }
}

/// Reads the few Python displays that an `.npy` header is made of.
private struct PythonLiteralScanner {
  enum Value: Equatable {
    case text(String)
    case boolean(Bool)
    case tuple([Int])
    /// A list, as the element type of records is written.
    case list
  }

  private var rest: Substring

  init(_ text: String) {
    rest = Substring(text)
  }

  /// A dictionary from strings to values, with nothing but blanks after it; nil for anything else.
  mutating func dictionary() -> [String: Value]? {
    guard take("{") else { return nil }
    var entries: [String: Value] = [:]
    while !take("}") {
      guard let key = string(), take(":"), let value = value(), entries.updateValue(value, forKey: key) == nil else {
        return nil
      }
      // A list of records is not taken apart: its type is refused whatever it holds.
      if value == .list { return entries }
      guard take(",") || rest.first == "}" else { return nil }
    }
    skipBlanks()
    return rest.isEmpty ? entries : nil
  }

  private mutating func value() -> Value? {
    skipBlanks()
    switch rest.first {
    case "'", "\"": return string().map(Value.text)
    case "(": return tuple().map(Value.tuple)
    case "[": return .list
    default:
      if take("True") { return .boolean(true) }
      return take("False") ? .boolean(false) : nil
    }
  }

  private mutating func string() -> String? {
    skipBlanks()
    guard let quote = rest.first, quote == "'" || quote == "\"" else { return nil }
    rest.removeFirst()
    guard let end = rest.firstIndex(of: quote) else { return nil }
    defer { rest = rest[rest.index(after: end)...] }
    return String(rest[..<end])
  }

  private mutating func tuple() -> [Int]? {
    guard take("(") else { return nil }
    var numbers: [Int] = []
    while !take(")") {
      skipBlanks()
      let digits = rest.prefix { $0.isASCII && $0.isNumber }
      guard let number = Int(digits) else { return nil }
      rest = rest.dropFirst(digits.count)
      numbers.append(number)
      // Python 2 wrote long integers as 3L.
      _ = take("L")
      guard take(",") || rest.first == ")" else { return nil }
    }
    return numbers
  }

  private mutating func take(_ token: String) -> Bool {
    skipBlanks()
    guard rest.hasPrefix(token) else { return false }
    rest = rest.dropFirst(token.count)
    return true
  }

  private mutating func skipBlanks() {
    rest = rest.drop { $0 == " " || $0 == "\n" || $0 == "\t" }
  }
}
