import DialogueDomain
import Foundation
import ModelTraining
import OperatingSystem

/// What one training of an experiment came to, as it is kept in a file once it has finished.
struct SeedResult: Codable, Sendable {
  /// The figures on the judged dialogues of at least a given length.
  struct Figures: Codable, Sendable {
    let shortest: Int
    let accuracy: Double
    let weightedF1: Double
    let macroF1: Double

    enum CodingKeys: String, CodingKey {
      case shortest, accuracy
      case weightedF1 = "weighted_f1"
      case macroF1 = "macro_f1"
    }
  }

  var format = "amb-dsgdn-experiment-result"
  var version = 1
  let arm: String
  let seed: UInt64
  /// Of data, recipe, seed and what was judged: a result of another run is not taken for this one's.
  let fingerprint: String
  let bestEpoch: Int
  let figures: [Figures]

  enum CodingKeys: String, CodingKey {
    case format, version, arm, seed, fingerprint, figures
    case bestEpoch = "best_epoch"
  }

  func write(to url: URL) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    try DurableFile.write(try encoder.encode(self), to: url)
  }

  /// - Throws: `ExperimentError` where the file is no result, or one of another run.
  static func read(_ url: URL, fingerprint: String) throws -> SeedResult {
    let json = try MappedFile(url).withBytes { Data($0) }
    guard let result = try? JSONDecoder().decode(SeedResult.self, from: json) else {
      throw ExperimentError.damaged(file: url.path)
    }
    guard result.fingerprint == fingerprint else { throw ExperimentError.otherRun(file: url.path) }
    return result
  }
}
