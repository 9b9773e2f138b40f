import CHDF5
import DialogueDomain
import Foundation
import TestFolders
import Testing

@testable import DialogueBundles

/// A sound bundle of two dialogues and five utterances, to be spoilt in one place before it is written.
///
/// Unlike `BundleWriter` it writes plain contiguous data and leaves contradictions as they are.
struct BundleFixture {
  /// A dataset to write: values, shape and the type they are stored in.
  enum Column {
    case floats([Float], [Int], stored: HDF5Element = .float32, bigEndian: Bool = false)
    case integers([Int64], [Int])
    case unsigned([UInt64])
    case doubles([Double])
    case fixed([String])
    case variable([String])
    case bytes([[UInt8]])
  }

  var format: String? = BundleFormat.name
  var version: Int64? = 1
  var attributes: [String: String] = ["dataset": "tests", "text_extractor": "counting/3"]
  var emotions: [String]? = ["neutral", "joy", "anger"]
  var columns: [String: Column] = [
    "/dialogue/id": .variable(["monday", "tuesday"]),
    "/dialogue/offset": .integers([0, 3, 5], [3]),
    "/speaker": .variable(["Ada", "Ben", "Ada", "Cem", "Dua"]),
    "/text": .floats((1...15).map { Float($0) / 8 }, [5, 3]),
    "/audio": .floats((1...10).map { -Float($0) }, [5, 2]),
    "/label": .integers([0, 1, -1, 2, 0], [5]),
  ]
  /// What else to put into the file.
  var addition: (HDF5Composer) throws -> Void = { _ in }

  /// The order in which columns come to lie in the file.
  private static let order = [
    "/dialogue/id", "/dialogue/offset", "/speaker", "/utterance/id", "/utterance/start", "/utterance/end", "/label",
    "/text", "/visual", "/audio",
  ]

  func content(order: [String] = order) throws -> Data {
    let composer = try HDF5Composer()
    if let format { try composer.attribute("format", format) }
    if let version { try composer.attribute("version", version) }
    for (name, text) in attributes.sorted(by: { $0.key < $1.key }) { try composer.attribute(name, text) }
    if let emotions { try composer.attribute("emotions", emotions) }
    for group in ["/dialogue", "/utterance"] where columns.keys.contains(where: { $0.hasPrefix(group + "/") }) {
      try composer.group(group)
    }
    for path in order {
      if let column = columns[path] { try Self.write(column, at: path, to: composer) }
    }
    try addition(composer)
    return try composer.content()
  }

  /// The error that reading the bundle gives.
  func error(sourceLocation: SourceLocation = #_sourceLocation) throws -> BundleError {
    try refusal(content(), sourceLocation: sourceLocation)
  }

  /// Checks the error that reading a bundle spoilt by `spoil` gives: its kind, its words, and that no later try helps.
  static func expect(
    _ fault: BundleError.Fault, _ message: String, sourceLocation: SourceLocation = #_sourceLocation,
    _ spoil: (inout BundleFixture) -> Void
  ) throws {
    var fixture = BundleFixture()
    spoil(&fixture)
    let error = try fixture.error(sourceLocation: sourceLocation)
    #expect(error.fault == fault, sourceLocation: sourceLocation)
    #expect(error.description == message, sourceLocation: sourceLocation)
    #expect(!error.isTransient, sourceLocation: sourceLocation)
    #expect(error.explanation.kind.exitCode == 65, sourceLocation: sourceLocation)
  }

  /// The content that reading the bundle gives.
  func read() throws -> FeatureBundle {
    let folder = try TemporaryFolder()
    return try BundleReader().read(try folder.write(try content(), to: "friday.h5")).bundle
  }

  private static func write(_ column: Column, at path: String, to composer: HDF5Composer) throws {
    switch column {
    case .floats(let values, let shape, let stored, let bigEndian):
      let type = try storedType(stored, bigEndian: bigEndian)
      try composer.write(values, shape, memory: hdf5_native_float(), stored: type.identifier, at: path)
    case .integers(let values, let shape):
      try composer.write(values, shape, memory: hdf5_native_int64(), stored: hdf5_little_int64(), at: path)
    case .unsigned(let values):
      try composer.write(
        values, [values.count], memory: hdf5_native_uint64(), stored: hdf5_native_uint64(), at: path)
    case .doubles(let values):
      try composer.write(
        values, [values.count], memory: hdf5_native_double(), stored: hdf5_little_float64(), at: path)
    case .fixed(let names):
      try composer.write(names: names, at: path)
    case .variable(let names):
      try writeVariable(names.map { Array($0.utf8) }, at: path, to: composer)
    case .bytes(let names):
      try writeVariable(names, at: path, to: composer)
    }
  }

  private static func storedType(_ element: HDF5Element, bigEndian: Bool) throws -> HDF5Object {
    let single = bigEndian ? hdf5_big_float32() : hdf5_little_float32()
    switch element {
    case .float16: return try HDF5Object(hdf5_half(single))
    case .float64: return try HDF5Object(H5Tcopy(bigEndian ? hdf5_big_float64() : hdf5_little_float64()))
    default: return try HDF5Object(H5Tcopy(single))
    }
  }

  /// Strings of variable length, as most programs write them.
  private static func writeVariable(_ names: [[UInt8]], at path: String, to composer: HDF5Composer) throws {
    let type = try HDF5Object(H5Tcopy(hdf5_c_string()))
    try checked(H5Tset_size(type.identifier, hdf5_variable_length()))
    try checked(H5Tset_cset(type.identifier, H5T_CSET_UTF8))
    let strings = names.map(copy)
    defer { strings.forEach { free($0) } }
    try composer.write(
      strings.map { UInt(bitPattern: $0) }, [names.count], memory: type.identifier, stored: type.identifier, at: path)
  }

  private static func copy(_ bytes: [UInt8]) -> UnsafeMutableRawPointer? {
    let string = malloc(bytes.count + 1)
    string?.copyMemory(from: bytes + [0], byteCount: bytes.count + 1)
    return string
  }
}

/// The error that reading a file of this content gives.
func refusal(_ content: Data, sourceLocation: SourceLocation = #_sourceLocation) throws -> BundleError {
  let folder = try TemporaryFolder()
  let file = try folder.write(content, to: "friday.h5")
  return try #require(throws: BundleError.self, sourceLocation: sourceLocation) { try BundleReader().read(file) }
}
