import Foundation
import Synchronization

/// Memory for matrices, kept for reuse: a forward pass asks for the same sizes again and again.
///
/// Freed buffers go back to the pool from whichever thread lets go of them; the pool returns all its memory to the
/// system when the last matrix drawn from it is gone and nobody holds the pool.
public final class BufferPool: Sendable {
  private struct Free: @unchecked Sendable {
    var buffers: [Int: [UnsafeMutablePointer<Float>]] = [:]
  }

  private let free = Mutex(Free())

  /// A pool without memory of its own yet.
  public init() {}

  /// A buffer of at least `count` floats with unspecified content, and its capacity.
  ///
  /// Where none of its size is free, one up to half as large again is taken before the system is asked: batches differ in
  /// size from step to step, and a buffer of each size would be new memory for as long as training runs.
  func take(_ count: Int) -> (UnsafeMutablePointer<Float>, capacity: Int) {
    let capacity = Self.capacity(for: count)
    let found = free.withLock { free in
      var candidate = capacity
      while candidate <= capacity + capacity / 2 {
        if let buffer = free.buffers[candidate]?.popLast() { return Optional((SendablePointer(buffer), candidate)) }
        candidate = Self.capacity(for: candidate + 1)
      }
      return nil
    }
    if let (buffer, capacity) = found { return (buffer.pointer, capacity) }
    let bytes = UnsafeMutableRawPointer.allocate(byteCount: capacity * MemoryLayout<Float>.stride, alignment: 64)
    return (bytes.bindMemory(to: Float.self, capacity: capacity), capacity)
  }

  func giveBack(_ buffer: sending UnsafeMutablePointer<Float>, capacity: Int) {
    let returned = SendablePointer(buffer)
    free.withLock { $0.buffers[capacity, default: []].append(returned.pointer) }
  }

  deinit {
    free.withLock { free in
      for buffer in free.buffers.values.joined() { buffer.deallocate() }
    }
  }

  /// Sizes are rounded up to an eighth of their power of two, so that nearly equal sizes share buffers.
  private static func capacity(for count: Int) -> Int {
    let least = max(count, 64)
    let step = max(64, (1 << (Int.bitWidth - 1 - least.leadingZeroBitCount)) / 8)
    return (least + step - 1) / step * step
  }
}

/// A pointer whose owner sees to it that only one thread uses it at a time.
struct SendablePointer: @unchecked Sendable {
  let pointer: UnsafeMutablePointer<Float>

  init(_ pointer: UnsafeMutablePointer<Float>) {
    self.pointer = pointer
  }
}
