import AMBDSGDN
import DialogueBundles
import Foundation

/// Prints who felt what in a bundle of dialogues, and how far to believe it.
///
///     swift run ScoreABundle MODEL BUNDLE
@main
struct ScoreABundle {
  static func main() throws {
    // Bundles are read in a child process, which is this program started again.
    IsolatedBundleReader.runChildIfAsked(arguments: CommandLine.arguments)
    let arguments = CommandLine.arguments.dropFirst().map { URL(filePath: $0) }
    guard arguments.count == 2 else {
      print("usage: ScoreABundle MODEL BUNDLE")
      exit(64)
    }
    do {
      let model = try Model(directory: arguments[0])
      let reading = try IsolatedBundleReader().read(arguments[1])
      let scored = try BundleScorer(model).score(reading.bundle, digest: reading.digest, stability: .standard)
      for utterance in scored.utterances { print(line(utterance)) }
    } catch {
      FileHandle.standardError.write(Data("\(error)\n".utf8))
      exit(65)
    }
  }

  /// `s1e1 3 Ross: sadness 0.62, text 0.71 visual 0.00 audio 0.29, margin 0.18, stability 0.97`.
  private static func line(_ utterance: ScoredUtterance) -> String {
    let shares = utterance.shares.sorted { $0.key < $1.key }.map { "\($0.key.rawValue) \(rounded($0.value))" }
    let parts = [
      "\(utterance.emotion) \(rounded(utterance.confidence))", shares.joined(separator: " "),
      utterance.margin.map { "margin \(rounded($0))" } ?? "no other label",
      utterance.stability.map { "stability \(rounded($0))" } ?? "no stability",
    ]
    return "\(utterance.dialogue) \(utterance.utterance) \(utterance.speaker): " + parts.joined(separator: ", ")
  }

  private static func rounded(_ number: Double) -> String { String(format: "%.2f", number) }
}
