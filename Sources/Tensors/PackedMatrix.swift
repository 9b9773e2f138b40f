import CKernels
import DialogueDomain

/// A weight W [in, out] laid out for the products x W + y in one precision, of one build of the loops.
///
/// Each element of a product is one chain of additions in an order of its own, whatever the number of rows: a row's
/// result is the same to the last bit alone, in a batch and on any thread. BLAS does not promise that; it takes other
/// code for few rows and for the last ones. A weight that is read often is laid out once, which also makes products of
/// few rows faster than BLAS can, since it lays the weight out anew each time.
final class PackedMatrix: Sendable {
  let kernels: Kernels
  private let reduced: ReducedProducts?
  private let inner: Int
  let outer: Int
  private let storage: Matrix

  /// - Parameters:
  ///   - weight: [in, out]; copied.
  ///   - precision: one that this processor has; in others, single precision.
  init(_ weight: Matrix, kernels: Kernels, precision: Precision = .single, pool: BufferPool?) {
    self.kernels = kernels
    reduced = ReducedProducts(precision)
    (inner, outer) = (weight.rows, weight.columns)
    if let products = reduced?.table {
      storage = Matrix(uninitialised: 1, products.packed_bytes(inner, outer).inFloats, pool: pool)
      products.pack(weight.elements, inner, outer, storage.elements)
    } else {
      storage = Matrix(uninitialised: 1, kernels.loops.packed_count(inner, outer), pool: pool)
      kernels.loops.pack(weight.elements, outer, 1, inner, outer, storage.elements)
    }
  }

  /// y [T, out] = x [T, in] W + b, or y += x W without a bias.
  ///
  /// - Parameters:
  ///   - bias: b [1, out].
  ///   - pool: lends memory for what x becomes in a reduced precision.
  func addProduct(of x: Matrix, bias: Matrix? = nil, to y: Matrix, pool: BufferPool? = nil) {
    precondition(x.columns == inner && y.columns == outer && x.rows == y.rows, "shapes agree")
    precondition((bias?.count ?? outer) == outer, "a bias has a number an output")
    if let products = reduced?.table {
      let scratch = Matrix(uninitialised: 1, products.scratch_bytes(x.rows, inner).inFloats, pool: pool)
      products.product(
        x.elements, storage.elements, bias?.elements, y.elements, x.rows, inner, outer, scratch.elements)
    } else {
      kernels.loops.packed_product(
        x.elements, inner, storage.elements, bias?.elements, y.elements, outer, x.rows, inner, outer)
    }
  }
}

extension Int {
  /// So many bytes, in whole floats.
  fileprivate var inFloats: Int { (self + 3) / 4 }
}
