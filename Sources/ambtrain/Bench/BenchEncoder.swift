import ArgumentParser
import Benchmarking
import Foundation
import Presentation
import Tensors
import TextEncoder

/// `ambtrain bench encoder`: how fast this machine encodes words, beside how fast it multiplies matrices.
struct BenchEncoder: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "encoder",
    abstract: "Measure the text encoder on an hour of talk against this machine's own matrix-product rate.",
    discussion: """
      An hour of talk is 900 utterances of 15 tokens. Encoding and the bare products of the same matrix shapes run in turn; \
      medians are compared. Only the linear layers' operations are counted.
      """)

  @OptionGroup
  var words: EncoderOptions

  @Option(help: "Utterances to encode.")
  var utterances: Int = 900

  @Option(help: "Tokens of each utterance.")
  var tokens: Int = 15

  @Option(help: "Counted repetitions.")
  var repetitions: Int = 7

  @OptionGroup
  var computing: ThreadOptions

  func validate() throws {
    try requireFromOne(("--repetitions", repetitions), ("--utterances", utterances), ("--tokens", tokens))
  }

  func run() throws {
    try Failures.reporting {
      let encoder = try words.loaded()
      guard tokens <= encoder.network.configuration.positions else {
        throw ValidationError("--tokens: the encoder reads at most \(encoder.network.configuration.positions).")
      }
      let result = try EncoderBenchmark(
        encoder, utterances: utterances, tokens: tokens, threads: computing.threads, repetitions: repetitions
      ).run()
      var output = OutputWriter(descriptor: STDOUT_FILENO)
      try output.line(Figures.machine)
      try output.line("encoder       \(encoder.extractor)")
      try output.line(
        "utterances    \(result.utterances) of \(tokens) tokens, threads \(result.threads), medians of \(repetitions)")
      for line in Figures.rates(of: "encoding", result) { try output.line(line) }
      try output.flush()
    }
  }
}
