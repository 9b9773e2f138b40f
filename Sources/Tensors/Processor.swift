import CKernels
import COpenBLAS
import Foundation

/// What the numerics run on: processor cores, the loops' build, the BLAS library.
public enum Processor {
  /// Cores this process may use.
  public static var cores: Int { ProcessInfo.processInfo.activeProcessorCount }

  /// Name of the instruction set that the elementwise loops were built for.
  public static var loops: String { Kernels.current.name }

  /// The BLAS library's own description of itself, such as its version and processor kernels.
  public static var blas: String {
    guard let text = openblas_get_config() else { return "unknown" }
    return String(cString: text)
  }

  /// Keeps each BLAS call on its caller's thread.
  ///
  /// Work is spread over dialogues and branches instead, which is steadier than threads within a call. Call once, before
  /// the first product.
  public static func useOneThreadPerProduct() {
    openblas_set_num_threads(1)
  }

  /// Lets each BLAS call use several threads; benchmarks compare the two ways.
  public static func useThreadsPerProduct(_ count: Int) {
    openblas_set_num_threads(Int32(count))
  }
}

/// The elementwise loops built for this processor.
struct Kernels: @unchecked Sendable, Equatable {
  private let table: UnsafePointer<ck_kernels>

  /// The best build that the processor runs; chosen once.
  static let current = Kernels(variant: Int(ck_variant_count()) - 1)

  /// Every build that this processor can run, for tests that compare them.
  static var all: [Kernels] { (0..<Int(ck_variant_count())).map(Kernels.init(variant:)) }

  private init(variant: Int) {
    table = ck_variant(Int32(variant))
  }

  var name: String { String(cString: table.pointee.name) }

  var loops: ck_kernels { table.pointee }
}
