import DialogueDomain
import Presentation

/// Which fields of its records a list tells, by name: the value of `--fields` and of `--json`.
public struct FieldSelection: Sendable, Equatable {
  /// What stands for the wish to see which fields there are.
  public static let help = "help"

  /// As typed, lists with commas taken apart.
  let names: [String]

  /// - Parameter typed: names of fields; `all` for all, none for the usual ones, `help` to list them.
  public init(_ typed: [String] = []) {
    names = NameList.split(typed)
  }

  /// Whether no fields were asked for.
  public var isUsual: Bool { names.isEmpty }

  /// Whether the fields are to be listed, and nothing else.
  public var asksForHelp: Bool { names.contains(Self.help) }

  /// The fields asked for among those that there are, in the order of the wish; nil where none were.
  ///
  /// - Throws: `QueryError` for a name that no field has.
  func chosen<Field>(among known: [Field], name: (Field) -> String) throws -> [Field]? {
    if isUsual { return nil }
    if names.contains("all") { return known }
    return try names.map { wanted in
      guard let field = known.first(where: { name($0) == wanted }) else {
        throw QueryError.noField(wanted, among: known.map(name))
      }
      return field
    }
  }
}

extension QueryError {
  /// No field of a list has that name.
  static func noField(_ name: String, among known: [String]) -> QueryError {
    let meant = nearestName(to: name, among: known).map { "Did you mean '\($0)'? " } ?? ""
    return QueryError(usage: "there is no field '\(name)'", remedy: "\(meant)'--fields help' lists them.")
  }
}

extension RowTemplate {
  /// A template as typed, for records of these fields.
  ///
  /// - Throws: `QueryError` that says what is wrong with it.
  init(typed text: String, fields: [String]) throws {
    do {
      try self.init(text, fields: Set(fields))
    } catch {
      switch error {
      case .field(let name): throw QueryError.noField(name, among: fields)
      case .brace(let rest):
        throw QueryError(
          usage: "a brace in the template has no partner", found: "'\(rest.prefix(40))'",
          expected: "fields as in {dialogue}; {{ and }} are braces")
      case .layout(let place):
        throw QueryError(
          usage: "the template has a field with a layout that is none", found: "{\(place)}",
          expected: "a width, a point with a number of decimals, or both, as in {confidence:6.2}")
      case .escape(let text):
        throw QueryError(
          usage: "the template has an escape that is none", found: "'\(text)'", expected: "\\n, \\t, \\0 or \\\\")
      }
    }
  }
}
