import Tensors

/// A differential relational graph network: several attention layers side by side, one that joins them, and a residual
/// (Eqn 18 and the text after it).
struct DiffRGCN: Sendable {
  private let heads: [DifferentialGraphAttention]
  private let joining: DifferentialGraphAttention
  private let output: LinearLayer
  private let norm: LayerNorm

  init(_ name: String, _ configuration: ModelConfiguration, _ parameters: ParameterSet) {
    heads = (0..<configuration.graphHeads).map {
      DifferentialGraphAttention("\(name).attention_\($0)", parameters, kind: configuration.graphs)
    }
    joining = DifferentialGraphAttention("\(name).out_att", parameters, kind: configuration.graphs)
    output = LinearLayer("\(name).fc", parameters)
    norm = LayerNorm(name, parameters, epsilon: 1e-5)
  }

  /// x [T, d] → [T, d].
  func callAsFunction(
    _ x: Variable, _ graph: BandedGraph, _ run: Computation, dropout: Float, label: String
  ) -> Variable {
    let input = run.dropout(x, dropout)
    let sides = heads.enumerated().map { index, head in
      head(input, graph, run, dropout: dropout, label: "\(label)_h\(index)")
    }
    let joined = joining(
      run.dropout(run.concatenated(sides), dropout), graph, run, dropout: dropout, label: "\(label)_out")
    return norm(run.add(output(run.geluErf(joined), run), x), run)
  }
}
