import AMBDSGDN
import ArgumentParser
import BundleScoring
import DialogueBundles
import DialogueDomain
import Foundation
import Presentation

/// `ambtrain score`: labels on standard output, without daemon or index.
struct Score: ParsableCommand {
  enum Format: String, CaseIterable, ExpressibleByArgument {
    case tsv
    case jsonl
  }

  static let configuration = CommandConfiguration(
    abstract: "Score bundles or transcripts and print a row for every utterance.",
    discussion: """
      The rows are those of the daemon's label files. JSON Lines carry full precision; with --logits each row also has \
      the fused logits and every branch's.
      """)

  @Option(help: ArgumentHelp("The model directory.", valueName: "dir"))
  var model: String

  @Argument(help: ArgumentHelp("Dialogue feature bundles or transcripts.", valueName: "file"))
  var files: [String]

  @OptionGroup
  var words: EncoderOptions

  @Flag(help: "Add fused and branch logits; implies --format jsonl.")
  var logits = false

  @Option(help: "tsv (the default) or jsonl.")
  var format: Format?

  @OptionGroup
  var numbers: PrecisionOptions

  @OptionGroup
  var computing: ThreadOptions

  func validate() throws {
    guard !(logits && format == .tsv) else { throw ValidationError("--logits prints JSON Lines: leave --format out.") }
  }

  func run() throws {
    var failures = Failures()
    var output = OutputWriter(descriptor: STDOUT_FILENO)
    try Failures.reporting {
      let scorer = BundleScorer(
        try ModelFolder(directory: URL(fileURLWithPath: model)).computed(in: numbers.precision),
        threads: computing.threads)
      let reader = words.source(of: model, in: numbers.precision, threads: computing.threads)
      let isTable = !logits && format != .jsonl
      var needsHeader = isTable
      for file in files {
        do {
          let url = URL(fileURLWithPath: file)
          let opened = try reader.open(url)
          var fitness = ScoringFitness(scorer.models.model(for: opened.outline), opened.outline)
          let scored = try scorer.score([NamedBundle(opened, name: file)]) { fitness.add($1) }[0].get()
          Failures.note(opened.notes + fitness.notes, of: file)
          // With the first rows: where nothing can be scored, nothing is printed.
          if needsHeader { try output.line(LabelTable.header(scored.emotions)) }
          needsHeader = false
          for utterance in scored.utterances {
            try output.line(isTable ? LabelTable.row(utterance, scored.emotions) : row(utterance, scored.emotions))
          }
        } catch let error as any ExplainedError where !(error is OutputError) {
          failures.report(error)
        }
      }
      try output.flush()
    }
    try failures.end()
  }

  /// One utterance as a JSON object in full precision.
  private func row(_ utterance: ScoredUtterance, _ emotions: EmotionSet) -> String {
    var json = JSONText()
    json.object { json in
      json.member("dialogue", utterance.dialogue)
      json.member("utterance", utterance.utterance)
      json.member("speaker", utterance.speaker)
      json.member("emotion", utterance.emotion)
      json.member("truth", utterance.truth)
      json.key("confidence")
      json.value(Float(utterance.confidence))
      json.object("probabilities") { json in
        for (name, probability) in zip(emotions.names, utterance.probabilities) {
          json.key(name)
          json.value(probability)
        }
      }
      guard logits else { return }
      json.array("logits") { json in utterance.logits.forEach { json.value($0) } }
      json.object("branch_logits") { json in
        for (modality, values) in utterance.branchLogits.sorted(by: { $0.key < $1.key }) {
          json.array(modality.rawValue) { json in values.forEach { json.value($0) } }
        }
      }
    }
    return String(decoding: json.bytes, as: UTF8.self)
  }
}
