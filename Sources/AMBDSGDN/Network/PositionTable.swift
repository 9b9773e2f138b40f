import Foundation
import Tensors

/// Sinusoidal position encodings (Eqn 2): PE(i)₂ₖ = sin(i / 10000^(2k/d)), PE(i)₂ₖ₊₁ = cos of the same.
public struct PositionTable: Sendable {
  /// [positions, d].
  public let rows: Matrix

  /// - Parameters:
  ///   - count: positions 0 ..< count.
  ///   - hidden: d, even.
  public init(count: Int, hidden: Int) {
    // Single precision throughout, as in the published code; the angle grows with i, and so does its rounding.
    let frequencies = (0..<hidden / 2).map { Float(exp(Double(Float(2 * $0) * Float(-log(10000.0) / Double(hidden))))) }
    var values: [Float] = []
    values.reserveCapacity(count * hidden)
    for position in 0..<count {
      for frequency in frequencies {
        let angle = Double(Float(position) * frequency)
        values.append(Float(sin(angle)))
        values.append(Float(cos(angle)))
      }
    }
    rows = Matrix(rows: count, columns: hidden, values)
  }
}
