import DialogueDomain
import Tensors

extension ParameterSet {
  /// Parameters as training starts them, after the published code's initialisation; a function of the seed alone.
  public init(_ configuration: ModelConfiguration, seed: UInt64) {
    self.init(configuration) { layout in
      var values = layout.startingValues(key: CounterBasedRandom.key(seed, CounterBasedRandom.key(named: layout.name)))
      if layout.name == TensorNames.speakerEmbedding {
        // The padding row is zero.
        values.replaceSubrange(
          (values.count - configuration.hidden)..., with: repeatElement(0, count: configuration.hidden))
      }
      return values
    }
  }
}

extension TensorLayout {
  fileprivate func startingValues(key: UInt64) -> [Float] {
    switch start {
    case .constant(let value): return [Float](repeating: value, count: count)
    case .normal(let deviation):
      return CounterBasedRandom.standardNormal(key, count: count).map { $0 * deviation }
    case .linear(let fanIn): return uniform(key, within: 1 / Float(fanIn).squareRoot())
    case .xavier: return uniform(key, within: 1.414 * (6 / Float(shape[0] + shape[1])).squareRoot())
    }
  }

  private func uniform(_ key: UInt64, within bound: Float) -> [Float] {
    (0..<count).map { bound * Float(2 * CounterBasedRandom.uniform(key, UInt64($0)) - 1) }
  }
}
