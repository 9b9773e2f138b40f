/// Measures the stages of one bundle.
struct StageWatch {
  private let start = ContinuousClock.now
  private var last = ContinuousClock.now

  /// Milliseconds since the last lap, or the start.
  mutating func lap() -> Double {
    let now = ContinuousClock.now
    defer { last = now }
    return (now - last).inSeconds * 1000
  }

  /// Seconds since the start.
  var total: Double { (ContinuousClock.now - start).inSeconds }
}

extension Duration {
  var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
