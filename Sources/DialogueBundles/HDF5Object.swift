import CHDF5

/// An identifier of the HDF5 library, released with this object.
final class HDF5Object {
  let identifier: hid_t

  /// - Throws: `HDF5Failure` with the library's own cause when `identifier` is its sign of failure.
  init(_ identifier: hid_t) throws {
    guard identifier >= 0 else { throw HDF5Failure() }
    self.identifier = identifier
  }

  deinit {
    // Releasing counts down the references; the library closes whatever kind of thing it is.
    H5Idec_ref(identifier)
  }
}

/// A call of the HDF5 library failed.
struct HDF5Failure: Error {
  /// The innermost entry of the library's error stack.
  let cause: String

  /// Takes the cause from this thread's error stack and clears that.
  init() {
    cause = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { text in
      guard let start = text.baseAddress else { return "" }
      hdf5_last_cause(start)
      return String(cString: start)
    }
  }

  init(_ cause: String) {
    self.cause = cause
  }
}

/// Throws the library's cause when a call returned its sign of failure.
@discardableResult
func checked<Status: SignedInteger>(_ status: Status) throws -> Status {
  guard status >= 0 else { throw HDF5Failure() }
  return status
}
