import DialogueDomain
import Foundation

extension NightReport {
  /// The report as JSON, keys sorted: equal reports give equal bytes.
  ///
  /// ambq-report(5) describes it.
  public func json() throws -> Data {
    try Self.encoder.encode(self) + Data("\n".utf8)
  }

  /// Reads a report's JSON.
  ///
  /// - Throws: `ReportError` where it is none, or of another version.
  public init(json data: Data, named name: String) throws {
    let decoder = Self.decoder
    let header = try? decoder.decode(Header.self, from: data)
    guard let header, header.format == Self.formatName else {
      throw ReportError(
        .data, "not a report", at: name, expected: "JSON that 'ambq report --format json' wrote")
    }
    guard header.version == Self.currentVersion else {
      throw ReportError(
        .data, "a report of another version", at: name, found: "\(header.version)", expected: "\(Self.currentVersion)",
        remedy: "Make it anew with this version of ambq.")
    }
    do {
      self = try decoder.decode(NightReport.self, from: data)
    } catch {
      throw ReportError(.data, "the report is damaged", at: name, found: "\(error)")
    }
  }

  /// Writes the fields of this room's types as their manual names them.
  public static var encoder: JSONEncoder {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.dateEncodingStrategy = .iso8601
    return encoder
  }

  static var decoder: JSONDecoder {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    decoder.dateDecodingStrategy = .iso8601
    return decoder
  }

  private struct Header: Decodable {
    var format: String
    var version: Int
  }
}

/// A report that cannot be read.
public struct ReportError: ExplainedError {
  public let explanation: Explanation

  init(
    _ kind: Explanation.Kind, _ what: String, at location: String? = nil, found: String? = nil, expected: String? = nil,
    remedy: String? = nil
  ) {
    explanation = Explanation(kind, what, at: location, found: found, expected: expected, remedy: remedy)
  }
}
