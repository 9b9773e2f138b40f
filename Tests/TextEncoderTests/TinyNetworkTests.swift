import AMBDSGDN
import Foundation
import Tensors
import Testing

@testable import TextEncoder

/// A tiny encoder against the published code: every hidden state and every gradient, to 1e-5 of the greatest element.
@Suite struct TinyNetworkTests {
  private let golden: SafetensorsFile
  private let sequences: [TokenSequence]
  private let encoder: BertEncoder

  init() throws {
    let golden = try GoldenEncodings.tensors("tiny.safetensors")
    self.golden = golden
    sequences = try GoldenEncodings.tiny().tokenSequences
    let configuration = GoldenEncodings.tinyConfiguration
    let parameters = try ParameterSet(layouts: configuration.tensors) { layout in
      try #require(golden.floats("param.\(layout.name)"))
    }
    encoder = BertEncoder(configuration, parameters)
  }

  @Test func hiddenStatesAreThePublishedOnes() throws {
    let trace = Trace()
    let batch = TokenBatch(sequences)
    _ = encoder.hiddenStates(batch, Computation(trace: trace))
    for index in sequences.indices {
      for layer in 0...encoder.configuration.layers {
        let found = try #require(trace.values["hidden\(layer)"]).rows(batch.segments[index])
        try expectClose(found.values, "seq\(index).hidden\(layer)")
      }
    }
  }

  @Test func embeddingsAndLossAreThePublishedOnes() throws {
    let pooled = encoder.embeddings(TokenBatch(sequences), Computation()).value
    for index in sequences.indices { try expectClose(pooled.row(index), "seq\(index).pooled") }
    let weights = try #require(golden.doubles("weights"))
    let loss = zip(pooled.values, weights).reduce(0) { $0 + Double($1.0) * $1.1 }
    let expected = try #require(golden.doubles("loss"))[0]
    #expect(abs(loss - expected) < 1e-5 * abs(expected))
  }

  @Test func gradientsAreThePublishedOnes() throws {
    let tape = GradientTape()
    let pooled = encoder.embeddings(TokenBatch(sequences), Computation(tape: tape))
    let weights = Matrix(rows: 3, columns: 24, try #require(golden.floats("weights")))
    tape.backward(from: [(pooled, weights)])
    for layout in encoder.configuration.tensors {
      let gradient = try #require(tape.gradient(of: encoder.parameters[layout.name]), "\(layout.name)")
      try expectClose(layout.filed(gradient), "grad.\(layout.name)")
    }
  }

  /// A bias of keys shifts all scores of a query alike, so its true gradient is zero: what is left is rounding.
  private func expectClose(_ found: [Float], _ name: String) throws {
    let expected = try #require(golden.doubles(name), "\(name)")
    try #require(found.count == expected.count, "\(name)")
    let scale = name.hasSuffix("key.bias") ? 1 : expected.map(abs).max() ?? 0
    let deviation = zip(found, expected).map { abs(Double($0) - $1) }.max() ?? .infinity
    #expect(deviation < 1e-5 * scale, "\(name)")
  }
}
