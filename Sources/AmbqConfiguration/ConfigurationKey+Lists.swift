import Foundation

/// Keys that take arrays.
extension ConfigurationKey {
  static func numbers(_ path: String, _ field: Field<[Double]>, in range: ClosedRange<Double>) -> Self {
    let bounds = "\(plain(range.lowerBound)) to \(plain(range.upperBound))"
    return list(path, field, expected: "an array of numbers from \(bounds)", written: plain) { value in
      value.asNumber.flatMap { range.contains($0) ? $0 : nil }
    }
  }

  static func counts(_ path: String, _ field: Field<[UInt64]>) -> Self {
    list(path, field, expected: "an array of whole numbers from 0", written: { String($0) }) { value in
      value.asInteger.flatMap { UInt64(exactly: $0) }
    }
  }

  static func choices<Choice>(_ path: String, _ field: Field<[Choice]>) -> Self
  where Choice: RawRepresentable & CaseIterable & Sendable, Choice.RawValue == String {
    let names = Choice.allCases.map(\.rawValue)
    return list(
      path, field, expected: "an array of some of " + names.joined(separator: ", "), written: { "\"\($0.rawValue)\"" }
    ) { value in
      value.asText.flatMap(Choice.init(rawValue:))
    }
  }

  private static func list<Element>(
    _ path: String, _ field: Field<[Element]>, expected: String, written: @escaping @Sendable (Element) -> String,
    element: @escaping @Sendable (ConfigurationValue) -> Element?
  ) -> Self {
    Self(path: path, expected: expected, choices: []) {
      "[" + $0[keyPath: field].map(written).joined(separator: ", ") + "]"
    } accept: { configuration, value, _ in
      guard let values = value.asList else { return false }
      let elements = values.compactMap(element)
      guard elements.count == values.count else { return false }
      configuration[keyPath: field] = elements
      return true
    }
  }
}
