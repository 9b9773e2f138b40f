/// The emotion classes of a model or a labelled bundle, in class order: index `c` is column `c` of every logits row.
public struct EmotionSet: Sendable, Hashable {
  public let names: [String]

  /// - Parameter names: class names in class order; distinct and not empty, which the readers of files check.
  public init(_ names: [String]) {
    self.names = names
  }

  public var count: Int { names.count }

  public subscript(index: Int) -> String { names[index] }

  /// The class index of a name, or nil where no class is called that.
  public func index(of name: String) -> Int? {
    names.firstIndex(of: name)
  }
}

extension EmotionSet: Codable {
  public init(from decoder: any Decoder) throws {
    names = try decoder.singleValueContainer().decode([String].self)
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(names)
  }
}
