import AMBDSGDN
import DialogueDomain
import Tensors

/// The matrix products of a network's linear layers, from its configuration.
struct ProductShapes: Sendable {
  /// x [rows, inner] times W [inner, outer].
  struct Shape: Sendable, Hashable {
    let inner: Int
    let outer: Int
  }

  /// The products of each branch, in the order t, v, a.
  let branches: [[Shape]]

  init(_ configuration: ModelConfiguration) {
    let hidden = Shape(inner: configuration.hidden, outer: configuration.hidden)
    branches = configuration.modalityOrder.map { modality in
      let encoded = ModelConfiguration.hasEncoder(modality)
      let graph =
        [Shape](repeating: hidden, count: configuration.graphHeads)
        + [Shape(inner: configuration.graphHeads * configuration.hidden, outer: configuration.hidden), hidden]
      return [Shape(inner: configuration.modalities[modality]?.width ?? 0, outer: configuration.hidden)]
        + [Shape](repeating: hidden, count: encoded ? 6 * configuration.encoderLayers + 1 : 0) + graph + graph
        + [Shape(inner: configuration.hidden, outer: configuration.emotions.count)]
    }
  }

  /// Multiplications and additions for one row through every branch; products of linear layers only.
  var operationsPerRow: Double {
    branches.joined().reduce(0) { $0 + 2 * Double($1.inner) * Double($1.outer) }
  }
}
