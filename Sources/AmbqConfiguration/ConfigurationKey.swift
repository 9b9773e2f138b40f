import Foundation

/// One setting: its name, what it takes, and where it goes.
public struct ConfigurationKey: Sendable {
  /// Table and key, as in `watch.settle_seconds`; a key of the top level has no dot.
  public let path: String
  /// What the key takes, in words: `a number from 0 to 3600`.
  public let expected: String
  /// The words a key takes, where there are only a few.
  public let choices: [String]
  /// The value in a configuration, as it is written in `ambd.toml`.
  public let value: @Sendable (AmbdConfiguration) -> String
  /// Puts a value in its place; false where it is not what the key takes.
  ///
  /// Relative paths start at the folder given.
  let accept: @Sendable (inout AmbdConfiguration, ConfigurationValue, URL) -> Bool

  /// The environment variable that sets this key: `AMBD_`, then the path in capitals with underscores.
  public var environmentVariable: String {
    "AMBD_" + path.uppercased().replacing(".", with: "_")
  }

  typealias Field<Value> = WritableKeyPath<AmbdConfiguration, Value> & Sendable

  static func number(_ path: String, _ field: Field<Double>, in range: ClosedRange<Double>) -> Self {
    let bounds = "\(plain(range.lowerBound)) to \(plain(range.upperBound))"
    return Self(path: path, expected: "a number from \(bounds)", choices: []) {
      plain($0[keyPath: field])
    } accept: { configuration, value, _ in
      guard let number = value.asNumber, range.contains(number) else { return false }
      configuration[keyPath: field] = number
      return true
    }
  }

  static func count(_ path: String, _ field: Field<Int>, in range: ClosedRange<Int>) -> Self {
    Self(
      path: path, expected: "a whole number from \(range.lowerBound) to \(range.upperBound)", choices: []
    ) {
      String($0[keyPath: field])
    } accept: { configuration, value, _ in
      guard let count = value.asInteger, range.contains(count) else { return false }
      configuration[keyPath: field] = count
      return true
    }
  }

  static func flag(_ path: String, _ field: Field<Bool>) -> Self {
    Self(path: path, expected: "true or false", choices: ["true", "false"]) {
      String($0[keyPath: field])
    } accept: { configuration, value, _ in
      guard let flag = value.asFlag else { return false }
      configuration[keyPath: field] = flag
      return true
    }
  }

  static func choice<Choice>(_ path: String, _ field: Field<Choice>) -> Self
  where Choice: RawRepresentable & CaseIterable & Sendable, Choice.RawValue == String {
    let names = Choice.allCases.map(\.rawValue)
    return Self(path: path, expected: "one of " + names.joined(separator: ", "), choices: names) {
      "\"\($0[keyPath: field].rawValue)\""
    } accept: { configuration, value, _ in
      guard let choice = value.asText.flatMap(Choice.init(rawValue:)) else { return false }
      configuration[keyPath: field] = choice
      return true
    }
  }

  static func folder(_ path: String, _ field: Field<URL>) -> Self {
    Self(path: path, expected: "the path of a folder, with no leading ~", choices: []) {
      "\"\($0[keyPath: field].path)\""
    } accept: { configuration, value, folder in
      guard let text = value.asText, !text.isEmpty, !text.hasPrefix("~") else { return false }
      configuration[keyPath: field] = AmbdConfiguration.location(text, in: folder)
      return true
    }
  }

  /// A number without a needless `.0`.
  static func plain(_ number: Double) -> String {
    Int(exactly: number).map(String.init) ?? String(number)
  }
}
