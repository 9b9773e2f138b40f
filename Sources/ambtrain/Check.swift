import AMBDSGDN
import ArgumentParser
import BundleScoring
import DialogueBundles
import DialogueDomain
import Foundation
import ModelTraining
import NightReports
import OperatingSystem
import Presentation
import Tensors

/// `ambtrain check`: the daemon's verdict on bundles, without a daemon.
struct Check: ParsableCommand {
  enum Format: String, CaseIterable, ExpressibleByArgument {
    case text
    case json
  }

  static let configuration = CommandConfiguration(
    abstract: "Say whether bundles or transcripts can be scored, and what they hold.",
    discussion: """
      Of a transcript: which reader took it and what it made of it. Exits 0 when every file is good, 65 when one is not, \
      66 when one is missing.
      """)

  @Argument(help: ArgumentHelp("Dialogue feature bundles or transcripts.", valueName: "file"))
  var files: [String]

  @OptionGroup
  var words: EncoderOptions

  @Option(help: "text or json; json prints an object for each file.")
  var format: Format = .text

  @Option(
    help: ArgumentHelp(
      "Also say whether this model can score them, and what to know before believing its labels.", valueName: "dir"))
  var model: String?

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp("A true emotion's other name: happy=joy counts \"happy\" as joy.", valueName: "name=class"))
  var map: [String] = []

  func run() throws {
    // Only a model asks for the features of a transcript's words.
    let reader: any BundleSource = model == nil ? IsolatedBundleReader() : words.source(of: model)
    var failures = Failures()
    var judges: ModelFolder?
    var matching = EmotionMatching()
    try Failures.reporting {
      judges = try model.map { try ModelFolder(directory: URL(fileURLWithPath: $0)) }
      matching = try EmotionMatching(aliases: map)
    }
    var output = OutputWriter(descriptor: STDOUT_FILENO)
    for file in files {
      do {
        let reading = try reader.read(URL(fileURLWithPath: file))
        let judge = judges?.model(for: reading.bundle)
        switch format {
        case .json:
          var object = try Self.object(reading, file)
          do {
            if let judge { object["model"] = try verdict(reading.bundle, judge, matching, file) }
          } catch let mismatch as FeatureMismatch {
            object["model"] = .object(["can_score": .bool(false), "reason": .string(mismatch.description)])
            failures.report(mismatch)
          }
          try output.line(String(decoding: NightReport.encoder.encode(JSONValue.object(object)), as: UTF8.self))
        case .text:
          try judge?.check(reading.bundle, named: file)
          if let transcript = reading.transcript {
            try output.line((["\(file): sound"] + transcript.lines.map { "  \($0)" }).joined(separator: "\n"))
            Failures.note(reading.notes.filter { !transcript.warnings.contains($0) }, of: file)
          } else {
            try output.line(BundleSummary(reading, name: file).description)
          }
          if let judge { try describe(reading.bundle, judge, matching, &output) }
        }
        try output.flush()
      } catch {
        failures.report(error)
      }
    }
    try failures.end()
  }

  /// What a file holds, for programs.
  private static func object(_ reading: BundleReading, _ file: String) throws -> [String: JSONValue] {
    let value =
      try reading.transcript.map {
        try JSONDecoder().decode(JSONValue.self, from: NightReport.encoder.encode($0))
      } ?? BundleSummary(reading, name: file).json
    guard case .object(let object) = value else { return [:] }
    return object
  }

  /// What the model makes of a bundle, for programs.
  private func verdict(
    _ bundle: FeatureBundle, _ model: Model, _ matching: EmotionMatching, _ file: String
  ) throws -> JSONValue {
    try model.check(bundle, named: file)
    let evaluation = try Evaluation(model, bundle, matching: matching, threads: Processor.cores)
    return .object([
      "can_score": .bool(true), "name": .string(model.configuration.name), "digest": .string(model.digest),
      "notes": .array(ScoringFitness(model, bundle, matching: matching).notes.map(JSONValue.string)),
      "evaluation": evaluation.comparison.hasTruth ? evaluation.json : .null,
    ])
  }

  /// What the model makes of a bundle that it can score.
  private func describe(
    _ bundle: FeatureBundle, _ model: Model, _ matching: EmotionMatching, _ output: inout OutputWriter
  ) throws {
    try output.line("  model       \(model.configuration.name) can score it")
    let truth = try Evaluation(model, bundle, matching: matching, threads: Processor.cores).comparison
    if truth.hasTruth { try output.line("  agreement   \(truth.inWords)") }
    for note in ScoringFitness(model, bundle, matching: matching).notes { try output.line("  note        \(note)") }
  }
}
