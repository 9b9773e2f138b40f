import CKernels
import DialogueDomain

extension Precision {
  /// Whether this processor multiplies such numbers.
  public var isSupported: Bool { self == .single || ReducedProducts(self) != nil }

  /// This precision where the processor has it, single precision where it has not.
  public var supported: Precision { isSupported ? self : .single }

  /// The instructions that it takes; nil where any processor will do.
  public var instructions: String? {
    switch self {
    case .single: nil
    case .bfloat16: "AVX512_BF16"
    case .int8: "AVX512_VNNI"
    }
  }

  /// Outputs from which a layer is worth another precision.
  ///
  /// The head, an output a class, stays as it is: it costs next to
  /// nothing, and its rounding would reach the label unsmoothed.
  static let leastOutputs = 32
}

/// The products of a reduced precision, on this processor.
struct ReducedProducts: @unchecked Sendable {
  let table: ck_reduced

  /// Nil for single precision, and where the processor has no instructions for the precision.
  init?(_ precision: Precision) {
    let table =
      switch precision {
      case .single: UnsafePointer<ck_reduced>?.none
      case .bfloat16: ck_bfloat16()
      case .int8: ck_int8()
      }
    guard let table else { return nil }
    self.table = table.pointee
  }
}
