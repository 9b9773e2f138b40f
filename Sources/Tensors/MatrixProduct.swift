import COpenBLAS

/// A matrix product's operand in memory: rows `stride` floats apart, taken transposed where asked.
struct Operand {
  let elements: UnsafePointer<Float>
  let stride: Int
  let transposed: Bool

  init(_ elements: UnsafePointer<Float>, stride: Int, transposed: Bool = false) {
    self.elements = elements
    self.stride = stride
    self.transposed = transposed
  }
}

/// Matrix products on raw rows, through BLAS.
enum MatrixProduct {
  /// `c [m, n] = alpha · op(a) · op(b) + beta · c`, with op the transpose where asked; strides are floats between rows.
  static func accumulate(
    _ a: Operand, _ b: Operand, into c: UnsafeMutablePointer<Float>, stride: Int, m: Int, n: Int, k: Int,
    alpha: Float = 1, beta: Float = 0
  ) {
    guard m > 0, n > 0 else { return }
    cblas_sgemm(
      CblasRowMajor, a.transposed ? CblasTrans : CblasNoTrans, b.transposed ? CblasTrans : CblasNoTrans,
      blasint(m), blasint(n), blasint(k), alpha, a.elements, blasint(a.stride), b.elements, blasint(b.stride), beta,
      c, blasint(stride))
  }
}
