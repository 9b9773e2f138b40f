/// One of the views of the index that `ambq sql` asks: names instead of numbers, times as text.
///
/// Views are made anew in each connection and are no part of the index file, so that they need no migration.
public struct IndexView: Sendable {
  /// A column of a view.
  public struct Column: Sendable {
    /// What its values are.
    public enum Kind: String, Sendable {
      /// Words.
      case text
      /// Whole numbers.
      case integer
      /// Any numbers.
      case number
      /// 1 for yes, 0 for no.
      case flag
      /// Moments, as ISO 8601 in UTC with milliseconds.
      case time
    }

    /// What queries call it.
    public let name: String
    /// What its values are.
    public let kind: Kind
    /// What it tells.
    public let meaning: String
    /// What it is made of.
    let expression: String

    init(_ name: String, _ kind: Kind, _ expression: String, _ meaning: String) {
      self.name = name
      self.kind = kind
      self.meaning = meaning
      self.expression = kind == .time ? Self.time(expression) : expression
    }

    /// Milliseconds since 1970 as `TimeText.iso` writes them.
    private static func time(_ milliseconds: String) -> String {
      "strftime('%Y-%m-%dT%H:%M:%fZ', \(milliseconds) / 1000.0, 'unixepoch')"
    }
  }

  /// What queries call it.
  public let name: String
  /// What a row of it is.
  public let meaning: String
  /// In order.
  public let columns: [Column]
  /// Tables and how they are joined.
  private let source: String
  /// Whether the rows are those of bundles, `b`, of which only the current scorings count.
  private let isOfBundles: Bool

  init(_ name: String, _ meaning: String, _ columns: [Column], from source: String, isOfBundles: Bool = true) {
    self.name = name
    self.meaning = meaning
    self.columns = columns
    self.source = source
    self.isOfBundles = isOfBundles
  }

  /// The statement that makes the view.
  ///
  /// - Parameter allModels: whether it has scorings that another model's have superseded as well.
  func definition(allModels: Bool) -> String {
    let columns = columns.map { "\($0.expression) AS \"\($0.name)\"" }.joined(separator: ", ")
    let condition = isOfBundles && !allModels ? " WHERE b.current" : ""
    return "CREATE TEMP VIEW \"\(name)\" AS SELECT \(columns) FROM \(source)\(condition)"
  }
}
