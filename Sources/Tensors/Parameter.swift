import DialogueDomain
import Synchronization

/// A trained tensor: its name in the published state_dict and its value.
///
/// Vectors are held as one row. An optimiser writes the value between computations, never during one.
public final class Parameter: Sendable {
  /// The name in the published state_dict.
  public let name: String
  /// The weights, held as [in, out].
  public let value: Matrix
  private let layout = Mutex(Layout())

  private struct Layout {
    var isFrozen = false
    var packed: [Precision: PackedMatrix] = [:]
  }

  /// A parameter of a name and its weights.
  public init(name: String, value: Matrix) {
    self.name = name
    self.value = value
  }

  /// Promises that the value is never written again, so that it can be laid out for products once and for all.
  public func freeze() {
    layout.withLock { $0.isFrozen = true }
  }

  /// The value laid out for products; kept where it is frozen.
  ///
  /// Only what is frozen is taken in a reduced precision.
  func packed(for kernels: Kernels, precision: Precision, pool: BufferPool) -> PackedMatrix {
    layout.withLock { layout in
      let precision = layout.isFrozen && value.columns >= Precision.leastOutputs ? precision : .single
      if let known = layout.packed[precision], known.kernels == kernels { return known }
      let packed = PackedMatrix(
        value, kernels: kernels, precision: precision, pool: layout.isFrozen ? nil : pool)
      if layout.isFrozen { layout.packed[precision] = packed }
      return packed
    }
  }
}
