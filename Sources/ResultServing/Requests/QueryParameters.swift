import DialogueDomain

/// The parameters of a request, asked for one by one: those that nobody asked for are mistakes.
struct QueryParameters {
  private let given: [RequestTarget.Parameter]
  /// The names that an answer knows, in the order of asking.
  private(set) var known: [String] = []

  init(_ given: [RequestTarget.Parameter]) {
    self.given = given
  }

  /// Every value of a name that may be repeated.
  mutating func all(_ name: String) -> [String] {
    known.append(name)
    return given.filter { $0.name == name }.map(\.value)
  }

  /// The only value of a name; nil where it was not given.
  mutating func one(_ name: String) throws -> String? {
    let values = all(name)
    guard values.count < 2 else {
      throw Refusal(.badRequest, "the parameter \(name) is given twice", expected: "one value")
    }
    return values.first
  }

  mutating func share(_ name: String) throws -> Double? {
    try one(name).map { text in
      guard let number = Double(text), number.isFinite else {
        throw Refusal(.badRequest, "the parameter \(name) is no number", found: "'\(text)'", expected: "0 to 1")
      }
      return number
    }
  }

  /// A number of rows.
  mutating func count(_ name: String, most: Int) throws -> Int? {
    try one(name).map { text in
      guard let number = Int(text), (0...most).contains(number) else {
        throw Refusal(
          .badRequest, "the parameter \(name) is no such number", found: "'\(text)'", expected: "0 to \(most)")
      }
      return number
    }
  }

  /// Whether something is wished: `unstable`, `unstable=yes`.
  mutating func flag(_ name: String) throws -> Bool {
    guard let text = try one(name) else { return false }
    switch text.lowercased() {
    case "", "yes", "true", "1": return true
    case "no", "false", "0": return false
    default: throw Refusal(.badRequest, "the parameter \(name) is yes or no", found: "'\(text)'", expected: "yes or no")
    }
  }

  /// One of several words; nil where it was not given.
  mutating func choice<Value: RawRepresentable>(_ name: String, of values: [Value]) throws -> Value?
  where Value.RawValue == String {
    try one(name).map { text in
      guard let value = values.first(where: { $0.rawValue == text }) else {
        throw Refusal(
          .badRequest, "the parameter \(name) knows no '\(text)'",
          expected: values.map(\.rawValue).joined(separator: ", "))
      }
      return value
    }
  }

  /// Must be called when every parameter has been asked for, and before anything is answered.
  ///
  /// - Throws: `Refusal` for a parameter that is none.
  func check() throws {
    guard let unknown = given.first(where: { !known.contains($0.name) }) else { return }
    let meant = nearestName(to: unknown.name, among: known).map { "Did you mean '\($0)'?" }
    throw Refusal(
      .badRequest, "there is no parameter '\(unknown.name)' here",
      expected: known.isEmpty ? "no parameter" : known.joined(separator: ", "), remedy: meant)
  }
}
