import Foundation
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
      head(input, graph, run, dropout: dropout, label: AttentionLayer.head(index).traceName(in: label))
    }
    let joined = joining(
      run.dropout(run.concatenated(sides), dropout), graph, run, dropout: dropout,
      label: AttentionLayer.joining.traceName(in: label))
    return norm(run.add(output(run.geluErf(joined), run), x), run)
  }
}

/// One differential graph attention layer (Eqns 9–17): two attentions over the same edges are subtracted, so that what
/// both see in noise cancels.
///
/// For comparison it can be built with one attention and no subtraction.
struct DifferentialGraphAttention: Sendable {
  /// One of the two attentions: its score vectors for the attending row, the attended row and the relation.
  private struct Scores: Sendable {
    let left: Parameter
    let right: Parameter
    let relation: Parameter
  }

  private let weight: Parameter
  private let positive: Scores
  /// Nil in the plain form.
  private let negative: Scores?
  private let relationEmbedding: Parameter
  private let lambdas: [Parameter]
  private let norm: LayerNorm

  init(_ name: String, _ parameters: ParameterSet, kind: GraphKind) {
    func scores(_ sign: String) -> Scores {
      Scores(
        left: parameters["\(name).a_left_\(sign).weight"], right: parameters["\(name).a_right_\(sign).weight"],
        relation: parameters["\(name).a_rel_\(sign).weight"])
    }
    weight = parameters["\(name).W"]
    positive = scores("pos")
    negative = kind == .differential ? scores("neg") : nil
    relationEmbedding = parameters["\(name).relation_embedding.weight"]
    lambdas =
      kind == .differential
      ? ["left1", "right1", "left2", "right2"].map { parameters["\(name).lambda_\($0)"] } : []
    norm = LayerNorm(name, parameters, epsilon: 1e-5)
  }

  /// λ_init = 0.8 − 0.6 e^(−0.3 depth); the published code takes depth 1 everywhere.
  static let initialLambda = Float(0.8 - 0.6 * exp(-0.3))

  private static let leakySlope: Float = 0.2

  /// x [T, in] → [T, d].
  func callAsFunction(
    _ x: Variable, _ graph: BandedGraph, _ run: Computation, dropout: Float, label: String
  ) -> Variable {
    let transformed = run.linear(x, run.variable(weight))
    let attention = attention(transformed, graph, run, label: label)
    run.trace(AttentionPart.difference.traceName(label), attention)
    // The mixture of both value halves side by side is the mixture of the transformed rows.
    let mixed = run.bandedProduct(run.dropout(attention, dropout), transformed, graph: graph)
    return run.geluErf(norm(mixed, run, scale: negative == nil ? 1 : 1 - Self.initialLambda))
  }

  /// α = α⁺ − λ α⁻, each on its half of the transformed rows; in the plain form α⁺ on all of them.
  ///
  /// A trace that asks gets the terms as well: nothing is computed for it.
  private func attention(
    _ transformed: Variable, _ graph: BandedGraph, _ run: Computation, label: String
  ) -> Variable {
    let width = transformed.columns
    let half = negative == nil ? width : width / 2
    let first = attention(positive, transformed, columns: 0..<half, graph, run)
    run.trace(AttentionPart.positive.traceName(label), first)
    guard let negative else { return first }
    let second = attention(negative, transformed, columns: half..<width, graph, run)
    run.trace(AttentionPart.negative.traceName(label), second)
    let lambda = lambda(run)
    run.trace(AttentionPart.lambda.traceName(label), lambda)
    return run.difference(first, lambda, times: second)
  }

  /// λ = exp(Σ λ_l1 λ_r1) − exp(Σ λ_l2 λ_r2) + λ_init.
  private func lambda(_ run: Computation) -> Variable {
    let vectors = lambdas.map(run.variable)
    return run.differenceOfExponentials(
      vectors[0], vectors[1], minus: vectors[2], vectors[3], plus: Self.initialLambda)
  }

  /// softmax over j of LeakyReLU(a_l · h_i + a_r · h_j + a_rel · E[r_ij]), on some columns of the transformed rows.
  private func attention(
    _ scores: Scores, _ transformed: Variable, columns: Range<Int>, _ graph: BandedGraph, _ run: Computation
  ) -> Variable {
    let relationScores = run.rowDots(
      run.variable(relationEmbedding), columns: 0..<RelationGraph.embeddingWidth, run.variable(scores.relation))
    return run.bandedAttention(
      left: run.rowDots(transformed, columns: columns, run.variable(scores.left)),
      right: run.rowDots(transformed, columns: columns, run.variable(scores.right)),
      relationScores: relationScores, graph: graph, slope: Self.leakySlope)
  }
}

/// What stands where the paper has its differential relational graph networks: for comparing a model without them.
public enum GraphKind: String, Codable, CaseIterable, Sendable {
  /// DiffRGCN as published: two attentions subtracted.
  case differential
  /// The same layers with one attention over the whole width and nothing subtracted.
  case plain
  /// No graph networks: the encoder's result, or the projection's, goes straight on.
  case none
}
