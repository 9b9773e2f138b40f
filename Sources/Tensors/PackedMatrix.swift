/// A weight W [in, out] laid out for the products x W + y of one build of the loops.
///
/// Each element of a product is one chain of additions in an order of its own, whatever the number of rows: a row's
/// result is the same to the last bit alone, in a batch and on any thread. BLAS does not promise that; it takes other
/// code for few rows and for the last ones. A weight that is read often is laid out once, which also makes products of
/// few rows faster than BLAS can, since it lays the weight out anew each time.
final class PackedMatrix: Sendable {
  let kernels: Kernels
  private let inner: Int
  private let outer: Int
  private let storage: Matrix

  /// - Parameter weight: [in, out]; copied.
  init(_ weight: Matrix, kernels: Kernels, pool: BufferPool?) {
    self.kernels = kernels
    (inner, outer) = (weight.rows, weight.columns)
    storage = Matrix(uninitialised: 1, kernels.loops.packed_count(inner, outer), pool: pool)
    kernels.loops.pack(weight.elements, outer, inner, outer, storage.elements)
  }

  /// y [T, out] += x [T, in] W.
  func addProduct(of x: Matrix, to y: Matrix) {
    precondition(x.columns == inner && y.columns == outer && x.rows == y.rows, "shapes agree")
    kernels.loops.packed_product(x.elements, inner, storage.elements, y.elements, outer, x.rows, inner, outer)
  }
}
