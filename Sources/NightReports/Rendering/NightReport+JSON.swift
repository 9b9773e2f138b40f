import DialogueDomain
import Foundation
import ResultIndex

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

extension NoiseFigures {
  /// The noise curves of another model, from its nightly report or its evaluation.
  ///
  /// - Parameter file: JSON that `ambq report` or `ambtrain evaluate --probes` wrote; of a report with several models, the
  ///   first that has curves.
  /// - Throws: `ReportError` where it is neither, or holds no curves.
  init(baseline file: URL) throws {
    let data: Data
    do {
      data = try Data(contentsOf: file)
    } catch {
      throw ReportError(
        .missingInput, "the baseline cannot be read", at: file.path, found: error.localizedDescription,
        remedy: Self.remedy)
    }
    let curves =
      if let evaluation = try? NightReport.decoder.decode(EvaluationProbes.self, from: data) {
        evaluation.probes.noise
      } else {
        try NightReport(json: data, named: file.path).models.lazy.compactMap { $0.probes.first?.noise }.first
      }
    guard let curves else {
      throw ReportError(.data, "the baseline holds no noise curves", at: file.path, remedy: Self.remedy)
    }
    self = curves
  }

  private static let remedy =
    "Set report.baseline to JSON made by 'ambq report' or 'ambtrain evaluate --probes', or leave it empty."

  /// The part of an evaluation that counts here.
  private struct EvaluationProbes: Decodable {
    var probes: RobustnessFigures
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

/// A failure in a report's JSON: its state is told by `is_deferred` and `is_settled`, and its digest is left out.
extension FailureRecord: Codable {
  private enum Key: String, CodingKey {
    case name
    case time
    case isDeferred
    case isSettled
    case explanation
  }

  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: Key.self)
    self.init(
      name: try values.decode(String.self, forKey: .name), digest: nil,
      state: try values.decode(Bool.self, forKey: .isDeferred) ? .deferred : .failed,
      time: try values.decode(Date.self, forKey: .time),
      explanation: try values.decode(Explanation.self, forKey: .explanation),
      isResolved: try values.decode(Bool.self, forKey: .isSettled))
  }

  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: Key.self)
    try values.encode(name, forKey: .name)
    try values.encode(time, forKey: .time)
    try values.encode(state == .deferred, forKey: .isDeferred)
    try values.encode(isResolved, forKey: .isSettled)
    try values.encode(explanation, forKey: .explanation)
  }
}
