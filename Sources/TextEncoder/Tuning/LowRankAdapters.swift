import AMBDSGDN
import Tensors

/// Low-rank adapters of an encoder's linear layers (Hu and others 2021): y = x W + b + s (x A) B.
///
/// A [in, r] begins at random and B [r, out] at zero, so that an untrained adapter changes nothing. Once trained,
/// W + s A B takes W's place, and the encoder is as fast as before.
enum LowRankAdapters {
  /// s: what the adapter's part is multiplied by.
  static let scale: Float = 2

  static func down(_ layer: String) -> String { "\(layer).lora_down" }
  static func up(_ layer: String) -> String { "\(layer).lora_up" }

  /// The linear layers of an encoder: attention and feed-forward projections.
  static func layers(_ configuration: EncoderConfiguration) -> [(name: String, input: Int, output: Int)] {
    let (hidden, wide) = (configuration.hidden, configuration.intermediate)
    return (0..<configuration.layers).flatMap { index in
      let layer = "encoder.layer.\(index)"
      return ["query", "key", "value"].map { ("\(layer).attention.self.\($0)", hidden, hidden) } + [
        ("\(layer).attention.output.dense", hidden, hidden), ("\(layer).intermediate.dense", hidden, wide),
        ("\(layer).output.dense", wide, hidden),
      ]
    }
  }
}

extension EncoderConfiguration {
  /// The tensors of adapters of a rank on every linear layer.
  public func adapterTensors(rank: Int) -> [TensorLayout] {
    LowRankAdapters.layers(self).flatMap { layer in
      [
        TensorLayout(
          LowRankAdapters.down(layer.name), [rank, layer.input], .linear(fanIn: layer.input), transposed: true),
        TensorLayout(LowRankAdapters.up(layer.name), [layer.output, rank], .constant(0), transposed: true),
      ]
    }
  }

  /// The tensors of the Transformer layers: all but the embeddings and their norm.
  public var layerTensors: [TensorLayout] { tensors.filter { $0.name.hasPrefix("encoder.") } }
}

extension ParameterSet {
  /// An encoder's parameters with adapters worked into the weights, or with some parameters in place of its own.
  func tuned(by tuning: ParameterSet) -> ParameterSet {
    let tuned = ParameterSet(layouts: layouts) { layout in
      if tuning.has(layout.name) { return layout.filed(tuning[layout.name].value) }
      let layer = String(layout.name.dropLast(".weight".count))
      guard layout.name.hasSuffix(".weight"), tuning.has(LowRankAdapters.down(layer)) else {
        return layout.filed(self[layout.name].value)
      }
      let (down, up) = (tuning[LowRankAdapters.down(layer)].value, tuning[LowRankAdapters.up(layer)].value)
      let run = Computation()
      let product = run.scaled(run.linear(run.input(down), run.input(up)), by: LowRankAdapters.scale)
      return layout.filed(run.add(run.input(self[layout.name].value), product).value)
    }
    return tuned
  }
}

/// A linear layer of the encoder, with an adapter where there is one.
struct AdaptableLayer: Sendable {
  private let layer: LinearLayer
  private let adapter: (down: Parameter, up: Parameter)?

  /// - Parameter parameters: the layer's own, and its adapter's where there is one.
  init(_ name: String, _ parameters: ParameterSet) {
    layer = LinearLayer(name, parameters)
    let (down, up) = (LowRankAdapters.down(name), LowRankAdapters.up(name))
    adapter = parameters.has(down) ? (parameters[down], parameters[up]) : nil
  }

  func callAsFunction(_ x: Variable, _ run: Computation) -> Variable {
    let y = layer(x, run)
    guard let adapter else { return y }
    let low = run.linear(x, run.variable(adapter.down))
    return run.add(y, run.scaled(run.linear(low, run.variable(adapter.up)), by: LowRankAdapters.scale))
  }
}
