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
  ///
  /// Where `a` is not transposed, one to three rows are computed as four: BLAS has other code for those, and a
  /// dialogue's result would otherwise depend in its last bits on what else is in the batch.
  static func accumulate(
    _ a: Operand, _ b: Operand, into c: UnsafeMutablePointer<Float>, stride: Int, m: Int, n: Int, k: Int,
    alpha: Float = 1, beta: Float = 0
  ) {
    guard m > 0, n > 0 else { return }
    if m < fewestRows && !a.transposed {
      padded(a, b, into: c, stride: stride, m: m, n: n, k: k, alpha: alpha, beta: beta)
      return
    }
    cblas_sgemm(
      CblasRowMajor, a.transposed ? CblasTrans : CblasNoTrans, b.transposed ? CblasTrans : CblasNoTrans,
      blasint(m), blasint(n), blasint(k), alpha, a.elements, blasint(a.stride), b.elements, blasint(b.stride), beta,
      c, blasint(stride))
  }

  private static let fewestRows = 4

  private static func padded(
    _ a: Operand, _ b: Operand, into c: UnsafeMutablePointer<Float>, stride: Int, m: Int, n: Int, k: Int,
    alpha: Float, beta: Float
  ) {
    let tall = Matrix(rows: fewestRows, columns: k)
    let result = Matrix(rows: fewestRows, columns: n)
    for row in 0..<m {
      (tall.elements + row * k).update(from: a.elements + row * a.stride, count: k)
      if beta != 0 { (result.elements + row * n).update(from: c + row * stride, count: n) }
    }
    withExtendedLifetime((tall, result)) {
      accumulate(
        Operand(tall.elements, stride: k), b, into: result.elements, stride: n, m: fewestRows, n: n, k: k,
        alpha: alpha, beta: beta)
      for row in 0..<m { (c + row * stride).update(from: result.elements + row * n, count: n) }
    }
  }
}
