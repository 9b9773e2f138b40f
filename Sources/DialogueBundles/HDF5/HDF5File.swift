import CHDF5
import Foundation

/// An HDF5 file held in memory and opened read-only; nothing outside its bytes is ever read.
final class HDF5File {
  let image: FileImage
  private let file: HDF5Object
  private let linkAccess: HDF5Object
  private let budget: DecodingBudget

  /// - Throws: `HDF5Failure` when the library does not recognise the bytes.
  init(_ image: FileImage, budget: DecodingBudget) throws {
    hdf5_silence()
    self.image = image
    self.budget = budget
    file = try HDF5Object(hdf5_open_image(UUID().uuidString, image.bytes.baseAddress, image.bytes.count))
    linkAccess = try HDF5Object(H5Pcreate(hdf5_link_access_class()))
    try checked(hdf5_forbid_external_links(linkAccess.identifier))
  }

  /// The dataset at an absolute path, or nil where there is none.
  ///
  /// - Throws: `BundleError` for links out of the file and for things that are not datasets; `HDF5Failure`.
  func dataset(_ path: String) throws -> HDF5Dataset? {
    let components = path.split(separator: "/")
    var place = ""
    for (index, component) in components.enumerated() {
      place += "/\(component)"
      guard let object = try object(place) else { return nil }
      let isLast = index == components.count - 1
      let type = H5Iget_type(object.identifier)
      guard type == (isLast ? H5I_DATASET : H5I_GROUP) else {
        throw BundleError.wrongType(
          at: place, found: type == H5I_GROUP ? "a group" : type == H5I_DATASET ? "a dataset" : "another object",
          expected: isLast ? "a dataset" : "a group")
      }
      if isLast { return try HDF5Dataset(object, path: path, budget: budget) }
    }
    return nil
  }

  /// An attribute of the root, or nil where there is none.
  func attribute(_ name: String) throws -> HDF5Attribute? {
    guard try checked(H5Aexists(file.identifier, name)) > 0 else { return nil }
    return try HDF5Attribute(try HDF5Object(H5Aopen(file.identifier, name, hdf5_default())), name: name)
  }

  /// What a path leads to, or nil where it leads nowhere; every group above it has been looked at before.
  private func object(_ path: String) throws -> HDF5Object? {
    guard try checked(H5Lexists(file.identifier, path, linkAccess.identifier)) > 0 else { return nil }
    var link = H5L_info_t()
    try checked(H5Lget_info(file.identifier, path, &link, linkAccess.identifier))
    guard link.type == H5L_TYPE_HARD || link.type == H5L_TYPE_SOFT else { throw BundleError.externalLink(at: path) }
    // A soft link to something that lies in another file, or nowhere.
    guard H5Oexists_by_name(file.identifier, path, linkAccess.identifier) > 0 else {
      throw BundleError.brokenLink(at: path)
    }
    return try HDF5Object(H5Oopen(file.identifier, path, linkAccess.identifier))
  }
}

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
