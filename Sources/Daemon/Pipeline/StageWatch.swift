/// Measures the stages of one bundle.
struct StageWatch {
  private let start = ContinuousClock.now
  private var last = ContinuousClock.now

  /// Milliseconds since the last lap, or the start.
  mutating func lap() -> Double {
    let now = ContinuousClock.now
    defer { last = now }
    return Self.seconds(now - last) * 1000
  }

  /// Seconds since the start.
  var total: Double { Self.seconds(ContinuousClock.now - start) }

  private static func seconds(_ duration: Duration) -> Double {
    Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
  }
}
