import DialogueDomain

/// Faults of structure: what lies where, in which type and shape.
extension BundleError {
  static func externalLink(at path: String) -> BundleError {
    BundleError(
      .externalLink, "links to other files are not followed", at: path, found: "an external or user-defined link",
      expected: "data within the bundle", remedy: "Copy the data into the bundle, for example with h5repack.")
  }

  static func brokenLink(at path: String) -> BundleError {
    BundleError(
      .brokenLink, "the link leads to nothing in this file", at: path, found: "a link without a target",
      expected: "data within the bundle", remedy: "Remove the link, or write the data in its place.")
  }

  static func externalStorage(at path: String) -> BundleError {
    BundleError(
      .externalStorage, "data kept in other files are not read", at: path, found: "external storage",
      expected: "data within the bundle", remedy: "Copy the data into the bundle, for example with h5repack.")
  }

  static func virtualDataset(at path: String) -> BundleError {
    BundleError(
      .virtualDataset, "virtual datasets are not read", at: path, found: "a view of other datasets",
      expected: "data within the bundle", remedy: "Write the values themselves.")
  }

  static func unknownFilter(at path: String, filter: String) -> BundleError {
    BundleError(
      .unknownFilter, "the data use a filter that a bundle may not use", at: path, found: filter,
      expected: "deflate (gzip), shuffle, fletcher32, szip, nbit or scaleoffset", remedy: "Write with gzip, or without."
    )
  }

  static var notABundle: BundleError {
    BundleError(
      .notABundle, "the file does not say that it is a dialogue feature bundle", at: "/",
      found: "no attribute `format`",
      expected: "`format` = \"\(BundleFormat.name)\"", remedy: "Set the attributes `format` and `version` of the root.")
  }

  static func unknownFormat(found: String) -> BundleError {
    BundleError(
      .unknownFormat, "the file is of another format", at: "/ attribute `format`", found: "\"\(found)\"",
      expected: "\"\(BundleFormat.name)\"", remedy: "Write the features in the format of dialogue-bundle(5).")
  }

  static var missingVersion: BundleError {
    BundleError(
      .missingVersion, "the file does not say which version of the format it has", at: "/",
      found: "no attribute `version`", expected: "`version` = \(BundleFormat.version)",
      remedy: "Set the integer attribute `version` of the root.")
  }

  static func unknownVersion(found: Int64) -> BundleError {
    BundleError(
      .unknownVersion, "this version of the format is not known", at: "/ attribute `version`", found: "\(found)",
      expected: "\(BundleFormat.version)",
      remedy: found > BundleFormat.version ? "Use a newer program, or write version 1." : "Write version 1.")
  }

  static func missingDataset(_ path: String, holding content: String) -> BundleError {
    BundleError(
      .missingDataset, "\(path) is missing", at: path, found: "nothing", expected: content,
      remedy: "Add it; dialogue-bundle(5) describes it.")
  }

  static func wrongShape(at path: String, found: String, expected: String) -> BundleError {
    BundleError(
      .wrongShape, "the shape is wrong", at: path, found: found, expected: expected, remedy: "Reshape it.")
  }

  static func wrongType(at path: String, found: String, expected: String) -> BundleError {
    BundleError(
      .wrongType, "the data type is wrong", at: path, found: found, expected: expected,
      remedy: "Convert it before writing.")
  }
}
