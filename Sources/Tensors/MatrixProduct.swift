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

// What products cost, for benchmarks.
extension Matrix {
  /// Multiplies the first `count` rows by `other` and lets the result go: for measuring what a product costs.
  public func multiplyFirstRows(_ count: Int, by other: Matrix, pool: BufferPool) {
    precondition(count <= rows && columns == other.rows, "shapes agree")
    let result = Matrix(uninitialised: count, other.columns, pool: pool)
    MatrixProduct.accumulate(
      Operand(elements, stride: columns), Operand(other.elements, stride: other.columns), into: result.elements,
      stride: other.columns, m: count, n: other.columns, k: columns)
  }

  /// The three products of a linear layer on the first `count` rows, their results let go: for measuring.
  public func multiplyForwardAndBack(_ count: Int, by weight: Matrix, gradient: Matrix, pool: BufferPool) {
    precondition(columns == weight.rows && gradient.columns == weight.columns, "shapes agree")
    let y = Matrix(uninitialised: count, weight.columns, pool: pool)
    let dx = Matrix(uninitialised: count, columns, pool: pool)
    let dw = Matrix(uninitialised: columns, weight.columns, pool: pool)
    let (inner, outer) = (columns, weight.columns)
    MatrixProduct.accumulate(
      Operand(elements, stride: inner), Operand(weight.elements, stride: outer), into: y.elements, stride: outer,
      m: count, n: outer, k: inner)
    MatrixProduct.accumulate(
      Operand(gradient.elements, stride: outer), Operand(weight.elements, stride: outer, transposed: true),
      into: dx.elements, stride: inner, m: count, n: inner, k: outer)
    MatrixProduct.accumulate(
      Operand(elements, stride: inner, transposed: true), Operand(gradient.elements, stride: outer),
      into: dw.elements, stride: outer, m: inner, n: outer, k: count)
  }
}
