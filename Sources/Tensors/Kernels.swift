import CKernels

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
