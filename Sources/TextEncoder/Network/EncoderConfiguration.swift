import AMBDSGDN
import Foundation
import OperatingSystem

/// The sizes of a BERT-style encoder, as its `config.json` states them.
public struct EncoderConfiguration: Sendable, Hashable {
  /// The feed-forward part's nonlinearity.
  public enum Activation: String, Sendable, Hashable, CaseIterable {
    /// x Φ(x), by the error function.
    case gelu
    /// The approximation by the hyperbolic tangent.
    case geluTanh = "gelu_new"
  }

  /// Pieces of the vocabulary, V.
  public var vocabulary: Int
  /// Width of every token's row, d.
  public var hidden: Int
  /// Transformer layers, N.
  public var layers: Int
  /// Attention heads; they divide d.
  public var heads: Int
  /// Width of the feed-forward part.
  public var intermediate: Int
  /// Positions that have an embedding: the longest sequence in tokens.
  public var positions: Int
  /// Segment types that have an embedding.
  public var types: Int
  /// Added to variances under the root.
  public var layerNormEpsilon: Float
  /// The feed-forward part's nonlinearity.
  public var activation = Activation.gelu
  /// Dropout in training: after the embeddings and each part of a layer.
  public var dropout: Float = 0.1
  /// Dropout in training on attention weights.
  public var attentionDropout: Float = 0.1

  /// A network of the given sizes.
  public init(
    vocabulary: Int, hidden: Int, layers: Int, heads: Int, intermediate: Int, positions: Int, types: Int = 2,
    layerNormEpsilon: Float = 1e-12
  ) {
    self.vocabulary = vocabulary
    self.hidden = hidden
    self.layers = layers
    self.heads = heads
    self.intermediate = intermediate
    self.positions = positions
    self.types = types
    self.layerNormEpsilon = layerNormEpsilon
  }

  /// Reads the published `config.json`.
  ///
  /// - Parameter file: for messages.
  /// - Throws: `EncoderError.configuration` where a size is missing or beyond sense, or the network is not of BERT's kind.
  public init(json: Data, file: String) throws {
    guard let object = try? JSONDecoder().decode([String: JSONValue].self, from: json) else {
      throw EncoderError.configuration(
        file: file, key: "configuration", found: "something else", expected: "a JSON object")
    }
    let reader = Reader(object: object, file: file)
    try reader.refuse("model_type", unless: ["bert"])
    try reader.refuse("position_embedding_type", unless: ["absolute"])
    try reader.refuse("hidden_act", unless: Activation.allCases.map(\.rawValue))
    vocabulary = try reader.size("vocab_size", in: 5...10_000_000)
    hidden = try reader.size("hidden_size", in: 1...65_536)
    layers = try reader.size("num_hidden_layers", in: 1...1_000)
    heads = try reader.size("num_attention_heads", in: 1...hidden)
    intermediate = try reader.size("intermediate_size", in: 1...262_144)
    positions = try reader.size("max_position_embeddings", in: 3...1_000_000)
    types = try reader.size("type_vocab_size", in: 1...16, otherwise: 2)
    layerNormEpsilon = try reader.number("layer_norm_eps", in: 0...1, otherwise: 1e-12)
    dropout = try reader.number("hidden_dropout_prob", in: 0...0.99, otherwise: 0.1)
    attentionDropout = try reader.number("attention_probs_dropout_prob", in: 0...0.99, otherwise: 0.1)
    if case .string(let name)? = object["hidden_act"] { activation = Activation(rawValue: name) ?? .gelu }
    guard hidden % heads == 0 else {
      throw EncoderError.configuration(
        file: file, key: "num_attention_heads", found: "\(heads)", expected: "a divisor of hidden_size, \(hidden)")
    }
  }

  /// Number of trained weights.
  public var parameterCount: Int { tensors.reduce(0) { $0 + $1.count } }
}

/// Checked access to the configuration's values.
private struct Reader {
  let object: [String: JSONValue]
  let file: String

  func size(_ key: String, in range: ClosedRange<Int>, otherwise: Int? = nil) throws -> Int {
    switch object[key] {
    case .integer(let value)? where range.contains(value): return value
    case nil where otherwise != nil: return otherwise ?? range.lowerBound
    default: throw error(key, expected: "a number from \(range.lowerBound) to \(range.upperBound)")
    }
  }

  func number(_ key: String, in range: ClosedRange<Double>, otherwise: Float) throws -> Float {
    switch object[key] {
    case nil: return otherwise
    case .integer(let value)? where range.contains(Double(value)): return Float(value)
    case .number(let value)? where range.contains(value): return Float(value)
    default: throw error(key, expected: "a number from \(range.lowerBound) to \(range.upperBound)")
    }
  }

  func refuse(_ key: String, unless known: [String]) throws {
    switch object[key] {
    case nil: return
    case .string(let name)? where known.contains(name): return
    default: throw error(key, expected: known.joined(separator: " or "))
    }
  }

  private func error(_ key: String, expected: String) -> EncoderError {
    let found =
      switch object[key] {
      case nil: "nothing"
      case .string(let text)?: text
      case .integer(let value)?: "\(value)"
      case .number(let value)?: "\(value)"
      default: "something else"
      }
    return .configuration(file: file, key: key, found: found, expected: expected)
  }
}
