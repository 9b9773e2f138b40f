import DialogueDomain
import Foundation

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
