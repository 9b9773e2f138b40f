import DialogueDomain

/// The values of a repeatable option, each of which may be a list with commas.
public enum NameList {
  /// Splits at commas; a comma that belongs to a name is written `\,`.
  ///
  /// Other backslashes are the names' own.
  public static func split(_ values: [String]) -> [String] {
    values.flatMap { value in
      var names: [String] = []
      var name = ""
      var isEscaped = false
      for character in value {
        switch character {
        case "," where !isEscaped:
          names.append(name)
          name = ""
        case "\\" where !isEscaped:
          isEscaped = true
          continue
        default:
          if isEscaped && character != "," { name.append("\\") }
          name.append(character)
        }
        isEscaped = false
      }
      if isEscaped { name.append("\\") }
      return names + [name]
    }.filter { !$0.isEmpty }
  }

  /// A name as it stands in a list: its commas behind backslashes.
  public static func escaped(_ name: String) -> String { name.replacing(",", with: "\\,") }
}

/// The emotions that an index knows, for checking what a user typed.
struct EmotionNames {
  private let known: [String]

  init(_ known: [String]) {
    self.known = known
  }

  /// The emotion meant, whatever the case of its letters.
  ///
  /// - Throws: `QueryError` that names the emotions there are. An index without a model knows none and takes any.
  func resolve(_ name: String) throws -> String {
    if known.isEmpty || known.contains(name) { return name }
    if let same = known.first(where: { $0.lowercased() == name.lowercased() }) { return same }
    let meant = (nearestName(to: name, among: known) ?? sharingBeginning(name)).map { ". Did you mean '\($0)'?" } ?? ""
    throw QueryError(
      usage: "no model of this index knows the emotion '\(name)'",
      expected: "one of \(known.joined(separator: ", "))\(meant)")
  }

  /// `sad` means `sadness` and `angry` means `anger`, though many letters differ.
  private func sharingBeginning(_ name: String) -> String? {
    let common = known.map { ($0, $0.lowercased().commonPrefix(with: name.lowercased()).count) }
    guard let best = common.max(by: { $0.1 < $1.1 }), best.1 >= 3 else { return nil }
    return best.0
  }
}

/// A sorting criterion as typed: a field's name, `-` before it for descending.
struct SortTerm<Field: RawRepresentable & CaseIterable> where Field.RawValue == String {
  let field: Field
  let descending: Bool

  /// - Throws: `QueryError` that names the fields there are.
  init(_ text: String) throws {
    descending = text.hasPrefix("-")
    guard let field = Field(rawValue: descending ? String(text.dropFirst()) : text) else {
      throw QueryError(
        usage: "--sort knows no field '\(text)'",
        expected: Field.allCases.map(\.rawValue).joined(separator: ", ") + ", each with '-' or without")
    }
    self.field = field
  }
}
