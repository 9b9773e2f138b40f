import Foundation
import OperatingSystem
import Presentation

/// An experiment's outcome, ready to be written.
public struct ExperimentDocument: Sendable {
  public let experiment: Experiment
  /// The page; its tables are aligned, so that it reads on a terminal too.
  public let markdown: String
  public let json: JSONValue
  public let svg: String

  /// Writes `<experiment>.md`, `.json` and `.svg`.
  ///
  /// - Throws: `StorageError` where the folder or a file cannot be written.
  public func write(to folder: URL) throws {
    try DurableFile.makeFolder(folder)
    func write(_ text: String, _ suffix: String) throws {
      try DurableFile.write(
        Data(text.utf8), to: folder.appendingPathComponent("\(experiment.rawValue).\(suffix)"))
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try write(String(decoding: encoder.encode(json), as: UTF8.self) + "\n", "json")
    try write(SVGText.standalone(svg), "svg")
    try write(page, "md")
  }

  /// The page with its picture below the title.
  private var page: String {
    guard let title = markdown.firstRange(of: "\n\n") else { return markdown }
    return markdown[..<title.upperBound] + "![\(experiment.title)](\(experiment.rawValue).svg)\n\n"
      + markdown[title.upperBound...]
  }

  /// What every experiment's JSON begins with.
  static func json(_ experiment: Experiment, _ entries: [String: JSONValue]) -> JSONValue {
    .object(
      [
        "format": .string("amb-dsgdn-experiment"), "version": .integer(1), "experiment": .string(experiment.rawValue),
        "paper": .string(experiment.place),
      ].merging(entries) { $1 })
  }

  /// Per cent with two decimals.
  static func percent(_ value: Double, signed: Bool = false) -> String {
    NumberText.percentage(value, places: 2, signed: signed)
  }

  static func fixed(_ value: Double, _ decimals: Int, signed: Bool = false) -> String {
    NumberText.fixed(value, places: decimals, signed: signed)
  }
}
