import DialogueDomain
import Tensors

/// The terms of a layer of differential attention (Eqns 9–17), as a trace of the forward pass names them.
enum AttentionPart: String, CaseIterable {
  /// α⁺ [T, 2w + 1].
  case positive = "pos"
  /// α⁻ [T, 2w + 1]; the plain form has none.
  case negative = "neg"
  /// λ [1, 1]; the plain form has none.
  case lambda
  /// α = α⁺ − λ α⁻ [T, 2w + 1]; of the plain form α⁺.
  case difference = "att"

  /// - Parameter layer: the layer's own name, as `AttentionLayer.traceName(in:)` gives it.
  func traceName(_ layer: String) -> String { "\(rawValue)_\(layer)" }
}

extension AttentionLayer {
  /// The layer's name within a graph's: `inter_t_h0`, `inter_t_out`.
  func traceName(in graph: String) -> String {
    switch self {
    case .head(let number): "\(graph)_h\(number)"
    case .joining: "\(graph)_out"
    }
  }
}

extension SpeakerGraph {
  /// The module of a branch that works on the graph.
  var module: BranchModule {
    switch self {
    case .otherSpeakers: .interSpeakerGraph
    case .ownSpeaker: .intraSpeakerGraph
    }
  }
}

extension DialogueBatch {
  func edges(of graph: SpeakerGraph) -> BandedGraph {
    switch graph {
    case .otherSpeakers: interSpeaker
    case .ownSpeaker: intraSpeaker
    }
  }
}

extension ModelConfiguration {
  /// The layers of each graph network, first to last.
  var attentionLayers: [AttentionLayer] {
    graphs == .none ? [] : (0..<graphHeads).map(AttentionLayer.head) + [.joining]
  }
}

/// What the attention layers of one branch gave for a batch, noted by its one forward pass.
///
/// ```swift
/// let trace = Trace(only: RecordedAttention.names(.text, configuration))
/// let run = Computation(trace: trace)
/// _ = branch.logits(branch.encoded(branch.projection(run.input(features), run), batch, run), run)
/// let attention = RecordedAttention(trace, .text)
/// ```
struct RecordedAttention {
  private let trace: Trace
  private let modality: Modality

  init(_ trace: Trace, _ modality: Modality) {
    self.trace = trace
    self.modality = modality
  }

  /// The names to trace: the self-attention's n × n weights are not among them.
  static func names(_ modality: Modality, _ configuration: ModelConfiguration) -> Set<String> {
    Set(
      SpeakerGraph.allCases.flatMap { graph in
        configuration.attentionLayers.flatMap { layer in
          AttentionPart.allCases.map { name($0, modality, graph, layer) }
        }
      })
  }

  /// A band [T, 2w + 1], or λ [1, 1]; nil where the layer has no such term.
  func callAsFunction(_ part: AttentionPart, _ graph: SpeakerGraph, _ layer: AttentionLayer) -> Matrix? {
    trace.values[Self.name(part, modality, graph, layer)]
  }

  private static func name(
    _ part: AttentionPart, _ modality: Modality, _ graph: SpeakerGraph, _ layer: AttentionLayer
  ) -> String {
    part.traceName(layer.traceName(in: "\(graph.module.traceName)_\(modality.letter)"))
  }

  /// The three terms of one edge: row i, column k of the band.
  func weights(_ graph: SpeakerGraph, _ layer: AttentionLayer, _ row: Int, _ column: Int) -> AttentionWeights? {
    guard let positive = self(.positive, graph, layer), let difference = self(.difference, graph, layer) else {
      return nil
    }
    let negative = self(.negative, graph, layer).map { Double($0[row, column]) } ?? 0
    return AttentionWeights(
      attended: Double(positive[row, column]), cancelled: lambda(graph, layer) * negative,
      left: Double(difference[row, column]))
  }

  /// λ; 0 where nothing is subtracted.
  func lambda(_ graph: SpeakerGraph, _ layer: AttentionLayer) -> Double {
    self(.lambda, graph, layer).map { Double($0[0, 0]) } ?? 0
  }
}
