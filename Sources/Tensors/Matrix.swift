import Foundation

/// A row-major matrix of single-precision numbers, rows × columns, written once and then read.
///
/// The contents belong to whoever makes the matrix until it is handed on; after that nobody writes. That convention,
/// not the type, makes it safe to share between threads.
public final class Matrix: @unchecked Sendable {
  /// How many rows there are.
  public let rows: Int
  /// How many columns there are.
  public let columns: Int
  let elements: UnsafeMutablePointer<Float>
  private let capacity: Int
  private let pool: BufferPool?

  /// Elements in all: rows × columns.
  public var count: Int { rows * columns }

  /// A matrix whose elements are unspecified until somebody writes them.
  init(uninitialised rows: Int, _ columns: Int, pool: BufferPool?) {
    self.rows = rows
    self.columns = columns
    self.pool = pool
    if let pool {
      (elements, capacity) = pool.take(rows * columns)
    } else {
      capacity = max(rows * columns, 1)
      let bytes = UnsafeMutableRawPointer.allocate(byteCount: capacity * MemoryLayout<Float>.stride, alignment: 64)
      elements = bytes.bindMemory(to: Float.self, capacity: capacity)
    }
  }

  /// A matrix of zeros.
  public convenience init(rows: Int, columns: Int, pool: BufferPool? = nil) {
    self.init(uninitialised: rows, columns, pool: pool)
    elements.initialize(repeating: 0, count: count)
  }

  /// A matrix of the given elements, row by row.
  public convenience init(rows: Int, columns: Int, _ values: some Collection<Float>, pool: BufferPool? = nil) {
    precondition(values.count == rows * columns, "a matrix holds rows × columns values")
    self.init(uninitialised: rows, columns, pool: pool)
    _ = UnsafeMutableBufferPointer(start: elements, count: count).initialize(from: values)
  }

  deinit {
    if let pool { pool.giveBack(elements, capacity: capacity) } else { elements.deallocate() }
  }

  /// The elements, row by row.
  public var values: [Float] {
    Array(UnsafeBufferPointer(start: elements, count: count))
  }

  /// One row's elements.
  public func row(_ index: Int) -> [Float] {
    precondition((0..<rows).contains(index), "row \(index) of \(rows)")
    return Array(UnsafeBufferPointer(start: elements + index * columns, count: columns))
  }

  /// One element, counted from 0.
  public subscript(row: Int, column: Int) -> Float {
    precondition((0..<rows).contains(row) && (0..<columns).contains(column), "element within the matrix")
    return elements[row * columns + column]
  }

  /// Rows and columns exchanged.
  public func transposed() -> Matrix {
    let result = Matrix(uninitialised: columns, rows, pool: nil)
    Kernels.current.loops.transpose(elements, result.elements, rows, columns)
    return result
  }

  /// Reads the elements in place.
  public func withElements<Result>(_ body: (UnsafeBufferPointer<Float>) throws -> Result) rethrows -> Result {
    try body(UnsafeBufferPointer(start: elements, count: count))
  }
}
