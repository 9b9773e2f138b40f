import DialogueDomain
import Foundation
import OperatingSystem
import TOMLKit

extension TrainingRecipe {
  /// Replaces what a TOML file of recipe keys names.
  ///
  /// - Throws: `StorageError` where the file cannot be read, `TrainingError` where it is not TOML, holds an unknown key or
  ///   an unusable value.
  public mutating func apply(file: URL) throws {
    let data = try MappedFile(file).withBytes { Data($0) }
    // The parser takes a C string: a zero byte would end the file early and silently.
    guard let text = String(validating: data, as: UTF8.self), !data.contains(0) else {
      throw TrainingError.recipeFile(file: file.path, problem: "bytes that are not UTF-8 text")
    }
    let table: TOMLTable
    do {
      table = try TOMLTable(string: text)
    } catch let error as TOMLParseError {
      let place = "\(file.path):\(error.source.begin.line):\(error.source.begin.column)"
      throw TrainingError.recipeFile(file: place, problem: error.description)
    }
    var values: [String: JSONValue] = [:]
    for (name, value) in table { values[name] = JSONValue(value) }
    try apply(values, source: file.path)
  }
}

extension JSONValue {
  /// A TOML value; dates, which no recipe holds, become their text.
  fileprivate init(_ value: any TOMLValueConvertible) {
    if let text = value.string {
      self = .string(text)
    } else if let number = value.int {
      self = .integer(number)
    } else if let number = value.double {
      self = .number(number)
    } else if let flag = value.bool {
      self = .bool(flag)
    } else if let array = value.array {
      self = .array(array.map { JSONValue($0) })
    } else if let table = value.table {
      self = .object(Dictionary(uniqueKeysWithValues: table.map { ($0.0, JSONValue($0.1)) }))
    } else {
      self = .string(value.debugDescription)
    }
  }
}
