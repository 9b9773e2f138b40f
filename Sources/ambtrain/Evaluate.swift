import AMBDSGDN
import ArgumentParser
import BundleScoring
import DialogueBundles
import DialogueDomain
import EvaluationStatistics
import Foundation
import ModelTraining
import NightReports
import OperatingSystem
import Presentation

/// `ambtrain evaluate`: how well a model labels labelled bundles.
struct Evaluate: ParsableCommand {
  enum Format: String, CaseIterable, ExpressibleByArgument {
    case text
    case json
  }

  static let configuration = CommandConfiguration(
    abstract: "Evaluate a model on labelled bundles: accuracy, F1, confusion, calibration.",
    discussion: """
      What the paper's tables head "ACC" is precision, and "wa-ACC" support-weighted precision; here each figure stands \
      under its own name.
      """)

  @Option(help: ArgumentHelp("The model directory.", valueName: "dir"))
  var model: String

  @Option(parsing: .upToNextOption, help: ArgumentHelp("Labelled bundles or transcripts.", valueName: "file"))
  var data: [String]

  @OptionGroup
  var words: EncoderOptions

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp("A true emotion's other name: happy=joy counts \"happy\" as joy.", valueName: "name=class"))
  var map: [String] = []

  @Option(help: "text or json.")
  var format: Format = .text

  @Flag(help: "Also run the noise, imbalance and missing-modality probes: Figures 7 and 8 of the paper.")
  var probes = false

  @Option(help: ArgumentHelp("Also draw the confusion matrix into this SVG file.", valueName: "file"))
  var picture: String?

  @Option(help: ArgumentHelp("Also write the probes' pictures and tables into this HTML file.", valueName: "file"))
  var html: String?

  @OptionGroup
  var numbers: PrecisionOptions

  @OptionGroup
  var computing: ThreadOptions

  func validate() throws {
    guard html == nil || probes else { throw ValidationError("--html shows the probes: add --probes.") }
  }

  /// The one model that all files are for.
  private static func model(for bundles: BundleFiles, of models: ModelFolder) throws -> Model {
    let chosen = bundles.readings.map { models.model(for: $0.bundle) }
    let model = chosen.first ?? models.features
    guard let other = chosen.firstIndex(where: { $0.digest != model.digest }) else { return model }
    throw EvaluationError.twoModels(
      [(model.configuration.name, bundles.files[0]), (chosen[other].configuration.name, bundles.files[other])])
  }

  func run() throws {
    try Failures.reporting {
      let matching = try EmotionMatching(aliases: map)
      let models = try ModelFolder(directory: URL(fileURLWithPath: model))
      let bundles = try BundleFiles(data, words, of: self.model, in: numbers.precision)
      let single = try Self.model(for: bundles, of: models)
      let model = single.computed(in: numbers.precision)
      for (file, reading) in zip(bundles.files, bundles.readings) {
        try model.check(reading.bundle, named: file)
      }
      let evaluation = try Evaluation(model, bundles.sources, matching: matching, threads: computing.threads)
      let change =
        try numbers.precision == .single
        ? nil
        : PrecisionComparison(
          evaluation, by: model, bundles.sources, insteadOf: single,
          try BundleFiles(data, words, of: self.model).sources, matching: matching, threads: computing.threads)
      if let picture {
        try DurableFile.write(
          Data(SVGText.standalone(ConfusionPicture(evaluation).svg).utf8), to: URL(fileURLWithPath: picture))
      }
      let statistics =
        probes
        ? try EvaluationProbes(model, matching: matching, threads: computing.threads).statistics(
          bundles.readings.map { (bundle: $0.bundle, digest: $0.digest) }) : nil
      let names = bundles.files.map { URL(fileURLWithPath: $0).lastPathComponent }
      let titles = Dictionary(zip(bundles.readings.map(\.digest), names)) { first, _ in first }
      if let html, let statistics {
        let page = ReportPage(evaluationOf: model.configuration.name, statistics, titles: titles)
        try DurableFile.write(Data(page.html.utf8), to: URL(fileURLWithPath: html))
      }
      var output = OutputWriter(descriptor: STDOUT_FILENO)
      switch format {
      case .text:
        try output.write(evaluation.table)
        if let change {
          try output.line()
          try output.write(change.text)
        }
        try output.line()
        try output.line("Confusion, truth in rows:")
        try output.write(evaluation.confusionText)
        if let tables = statistics.flatMap({ ProbeTables($0) }) {
          try output.line()
          try output.write(tables.text)
        }
      case .json:
        let report = Report(
          evaluation: evaluation.json, precision: change?.json,
          probes: statistics.flatMap { RobustnessFigures($0, titles: titles) })
        try output.line(String(decoding: NightReport.encoder.encode(report), as: UTF8.self))
      }
      try output.flush()
    }
  }
}

/// The evaluation's own keys, `precision` where it was not single, and `probes` where they ran.
private struct Report: Encodable {
  let evaluation: JSONValue
  let precision: JSONValue?
  let probes: RobustnessFigures?

  private enum CodingKeys: String, CodingKey {
    case precision
    case probes
  }

  func encode(to encoder: any Encoder) throws {
    try evaluation.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encodeIfPresent(precision, forKey: .precision)
    try container.encodeIfPresent(probes, forKey: .probes)
  }
}

/// What cannot be evaluated.
private enum EvaluationError: ExplainedError {
  /// Some files are for the directory's model of features, others for that of words; each with one of its files.
  case twoModels([(model: String, file: String)])

  var explanation: Explanation {
    switch self {
    case .twoModels(let found):
      Explanation(
        .usage, "two models would have to be evaluated as one",
        found: found.map { "\($0.file) for \($0.model)" }.joined(separator: ", "),
        expected: "files for one model", remedy: "Evaluate transcripts and bundles of features apart.")
    }
  }
}
