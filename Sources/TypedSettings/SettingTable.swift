import DialogueDomain
import Foundation

/// All settings of a record, and what messages need to know to speak of them.
public struct SettingTable<Record: Sendable>: Sendable, RandomAccessCollection {
  private let keys: [SettingKey<Record>]
  /// What is set, in a word: `configuration`.
  let subject: String
  /// Where the keys are listed: `ambd.toml(5)`.
  let manual: String
  /// How a file of them is named: `--config or AMBD_CONFIG`.
  let fileOption: String

  /// A table of keys, in the order in which they are put in place.
  ///
  /// - Parameters:
  ///   - subject: what is set, in a word: `configuration`.
  ///   - manual: where the keys are listed: `ambd.toml(5)`.
  ///   - fileOption: how a file of them is named: `--config or AMBD_CONFIG`.
  public init(
    of subject: String, listedIn manual: String, namedBy fileOption: String, keys: [SettingKey<Record>]
  ) {
    self.keys = keys
    self.subject = subject
    self.manual = manual
    self.fileOption = fileOption
  }

  /// The first key's place.
  public var startIndex: Int { keys.startIndex }
  /// The place after the last key.
  public var endIndex: Int { keys.endIndex }
  /// A key by its place.
  public subscript(index: Int) -> SettingKey<Record> { keys[index] }

  /// Puts the values of one source in place, in the keys' order.
  ///
  /// - Parameters:
  ///   - folder: what relative paths start from.
  ///   - source: the value of a key and where it stands; nil where the source lacks it.
  /// - Returns: where each value that was found stands, by key path.
  /// - Throws: `SettingError` for the first value that is not what its key takes.
  @discardableResult
  public func apply(
    to record: inout Record, in folder: URL,
    _ source: (SettingKey<Record>) -> (value: SettingValue, origin: String)?
  ) throws(SettingError) -> [String: String] {
    var origins: [String: String] = [:]
    for key in keys {
      guard let (value, origin) = source(key) else { continue }
      guard key.accept(&record, value, folder) else {
        let nearest = value.asText.flatMap { nearestName(to: $0, among: key.choices) }
        throw SettingError(
          "wrong value for \(key.path)", at: origin, found: value.spoken, expected: key.expected,
          remedy: nearest.map { "Did you mean \"\($0)\"?" })
      }
      origins[key.path] = origin
    }
    return origins
  }

  /// Checks names that come with no values of their own.
  ///
  /// - Throws: `SettingError` for the first of the names that no key has, with the nearest one.
  public func checkNames(_ paths: some Sequence<String>, origin: String) throws(SettingError) {
    let known = map(\.path)
    guard let path = paths.sorted().first(where: { !known.contains($0) }) else { return }
    throw SettingError(
      "unknown key \"\(path)\"", at: origin,
      remedy: nearestName(to: path, among: known).map { "Did you mean \"\($0)\"?" }
        ?? "The keys are listed in \(manual).")
  }
}

/// Something in a configuration or a recipe is wrong: a key, a value, or the file itself.
public struct SettingError: ExplainedError {
  /// What is wrong, where, what was found and expected, and how to mend it.
  public let explanation: Explanation

  /// An error of the given parts, as `Explanation` has them.
  public init(
    _ what: String, kind: Explanation.Kind = .usage, at location: String? = nil, found: String? = nil,
    expected: String? = nil, remedy: String? = nil
  ) {
    explanation = Explanation(kind, what, at: location, found: found, expected: expected, remedy: remedy)
  }
}
