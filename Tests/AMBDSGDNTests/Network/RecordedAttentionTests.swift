import DialogueDomain
import Foundation
import GoldenData
import Tensors
import Testing

@testable import AMBDSGDN

/// What the one forward pass tells of its attention, on the published code's weights.
@Suite struct RecordedAttentionTests {
  private struct Recorded {
    let attention: RecordedAttention
    let trace: Trace
    let batch: DialogueBatch
  }

  private static let dialogue = 0

  private func recorded(_ name: String, window: Int = 5, _ modality: Modality = .text) throws -> (GoldenModel, Recorded)
  {
    let model = try GoldenModel(name, window: window)
    let batch = model.batch([Self.dialogue])
    let trace = Trace(only: RecordedAttention.names(modality, model.configuration))
    let branch = try #require(model.network.branch(modality))
    _ = BranchInference.logits(branch, batch, Computation(trace: trace))
    return (model, Recorded(attention: RecordedAttention(trace, modality), trace: trace, batch: batch))
  }

  @Test(arguments: GoldenModel.names, Modality.allCases)
  func bothAttentionsAreSharesAndTheirDifferenceIsThePublishedOne(name: String, modality: Modality) throws {
    let (model, recorded) = try recorded(name, modality)
    let rows = model.lengths[Self.dialogue]
    for graph in SpeakerGraph.allCases {
      let width = recorded.batch.edges(of: graph).width
      for layer in model.configuration.attentionLayers {
        let lambda = recorded.attention.lambda(graph, layer)
        for row in 0..<rows {
          let all = try (0..<width).map { try #require(recorded.attention.weights(graph, layer, row, $0)) }
          #expect(abs(all.reduce(0) { $0 + $1.attended } - 1) < 1e-5)
          #expect(abs(all.reduce(0) { $0 + $1.cancelled } - lambda) < 1e-5)
          #expect(all.allSatisfy { $0.attended >= 0 && abs($0.attended - $0.cancelled - $0.left) < 1e-6 })
        }
        // The golden file holds α as n × n, for the whole set of dialogues one after the other.
        let stored = model.forward.doubles(
          "w5/att_\(layer.traceName(in: "\(graph.module.traceName)_\(modality.letter)"))")
        // Of the large ones it holds the joining layers only.
        guard name.hasPrefix("tiny") || layer == .joining else { continue }
        let published = try #require(stored)
        let reach = width / 2
        for row in 0..<rows {
          for other in max(0, row - reach)...min(rows - 1, row + reach) {
            let left = recorded.attention.weights(graph, layer, row, other + reach - row)?.left ?? .nan
            #expect(abs(left - published[row * rows + other]) < 1e-4)
          }
        }
      }
    }
  }

  /// h' = gelu((1 − λ_init) LN(α W h)) out of what was recorded, beside what the layer returned.
  @Test func theDifferenceGivesTheLayersResult() throws {
    let model = try GoldenModel("tiny", window: 5)
    let batch = model.batch([Self.dialogue])
    let name = "\(TensorNames.interSpeakerGraph(.text)).attention_0"
    let layer = DifferentialGraphAttention(name, model.network.parameters, kind: .differential)
    let rows = model.lengths[Self.dialogue]
    let hidden = model.configuration.hidden
    let input = CounterBasedRandom.standardNormal(CounterBasedRandom.key(named: "input"), count: rows * hidden)
    let trace = Trace()
    let run = Computation(trace: trace)
    let x = run.input(Matrix(rows: rows, columns: hidden, input))
    let result = layer(x, batch.interSpeaker, run, dropout: 0, label: "layer").value

    let positive = try #require(trace.values["pos_layer"])
    let negative = try #require(trace.values["neg_layer"])
    let lambda = try #require(trace.values["lambda_layer"])[0, 0]
    let parameters = model.network.parameters
    let weight = parameters["\(name).W"].value
    let norm = (parameters["\(name).layer_norm.weight"].value, parameters["\(name).layer_norm.bias"].value)
    let graph = batch.interSpeaker
    for row in 0..<rows {
      let mixed = (0..<hidden).map { column in
        (0..<graph.width).reduce(0.0) { sum, place in
          let other = row + place - graph.window
          guard (0..<rows).contains(other) else { return sum }
          let share = Double(positive[row, place]) - Double(lambda) * Double(negative[row, place])
          let value = (0..<hidden).reduce(0.0) {
            $0 + Double(input[other * hidden + $1]) * Double(weight[$1, column])
          }
          return sum + share * value
        }
      }
      let mean = mixed.reduce(0, +) / Double(hidden)
      let variance = mixed.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(hidden)
      for column in 0..<hidden {
        let normal = (mixed[column] - mean) / (variance + 1e-5).squareRoot()
        let scaled =
          Double(1 - DifferentialGraphAttention.initialLambda)
          * (normal * Double(norm.0[0, column]) + Double(norm.1[0, column]))
        let expected = scaled * 0.5 * (1 + erf(scaled / 2.0.squareRoot()))
        #expect(abs(Double(result[row, column]) - expected) < 1e-4)
      }
    }
  }

  @Test func aTraceKeepsOnlyWhatItWasAskedFor() throws {
    let (model, recorded) = try recorded("tiny", .audio)
    // Two graphs of two heads and a joining layer, with four terms each; nothing of the encoder's n × n attention.
    #expect(recorded.trace.values.count == 2 * 3 * 4)
    #expect(recorded.trace.values.keys.allSatisfy { !$0.contains("enc") })
    #expect(model.configuration.attentionLayers.map(\.name) == ["head_1", "head_2", "joining"])
  }

  @Test func aPlainLayerSubtractsNothing() throws {
    var configuration = try GoldenModel("tiny", window: 5).configuration
    configuration.graphs = .plain
    let batch = try GoldenModel("tiny", window: 5).batch([Self.dialogue])
    let network = Network(configuration, ParameterSet(configuration, seed: 4))
    let trace = Trace(only: RecordedAttention.names(.text, configuration))
    _ = BranchInference.logits(try #require(network.branch(.text)), batch, Computation(trace: trace))
    let attention = RecordedAttention(trace, .text)
    #expect(attention.lambda(.ownSpeaker, .joining) == 0)
    let itself = try #require(attention.weights(.ownSpeaker, .joining, 0, batch.intraSpeaker.window))
    #expect(itself.cancelled == 0 && itself.left == itself.attended && itself.left > 0)
  }

  @Test func layersAreCalledByTheirNames() {
    for layer in [AttentionLayer.head(0), .head(11), .joining] { #expect(AttentionLayer(name: layer.name) == layer) }
    for name in ["", "head_0", "head_", "joined"] { #expect(AttentionLayer(name: name) == nil) }
  }
}
