import ArgumentParser
import Benchmarking
import Foundation
import TextEncoder

/// `ambtrain bench encoder`: how fast this machine encodes words, beside how fast it multiplies matrices.
struct BenchEncoder: BenchCommand {
  static let configuration = CommandConfiguration(
    commandName: "encoder",
    abstract: "Measure the text encoder on an hour of talk against this machine's own matrix-product rate.",
    discussion: """
      An hour of talk is 900 utterances of 15 tokens. Encoding and the bare products of the same matrix shapes run in turn; \
      medians are compared. Only the linear layers' operations are counted. With --precision, encoding in that precision and in fp32 run \
      in turn instead; in int8 the encoder computes in bf16.
      """)

  @OptionGroup
  var words: EncoderOptions

  @OptionGroup
  var numbers: PrecisionOptions

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

  @OptionGroup
  var record: RecordOptions

  func records() throws -> [BenchmarkRecord] {
    let encoder = try words.loaded()
    guard tokens <= encoder.network.configuration.positions else {
      throw ValidationError("--tokens: the encoder reads at most \(encoder.network.configuration.positions).")
    }
    let benchmark = EncoderBenchmark(
      encoder, utterances: utterances, tokens: tokens, threads: computing.threads, repetitions: repetitions)
    let network = "\(encoder.extractor), \(tokens) tokens each"
    guard numbers.precision == .single else {
      let result = try benchmark.run(in: numbers.precision)
      return [result.record("encoding", network: network, utterances: utterances, threads: computing.threads)]
    }
    return [try benchmark.run().record("encoder", work: "encoding", network: network, aim: 0.75)]
  }
}
