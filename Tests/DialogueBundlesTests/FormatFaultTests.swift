import CHDF5
import DialogueDomain
import Foundation
import Testing

@testable import DialogueBundles

/// Attributes, paths, shapes and types that are not the format's: one clear error each, word for word.
struct FormatFaultTests {
  @Test func noFormat() throws {
    try BundleFixture.expect(
      .notABundle,
      "friday.h5: /: the file does not say that it is a dialogue feature bundle; found no attribute `format`; "
        + "expected `format` = \"dialogue-feature-bundle\". Set the attributes `format` and `version` of the root."
    ) { $0.format = nil }
  }

  @Test func otherFormat() throws {
    try BundleFixture.expect(
      .unknownFormat,
      "friday.h5: / attribute `format`: the file is of another format; found \"recipes\"; "
        + "expected \"dialogue-feature-bundle\". Write the features in the format of dialogue-bundle(5)."
    ) { $0.format = "recipes" }
  }

  @Test func noVersion() throws {
    try BundleFixture.expect(
      .missingVersion,
      "friday.h5: /: the file does not say which version of the format it has; found no attribute `version`; "
        + "expected `version` = 1. Set the integer attribute `version` of the root."
    ) { $0.version = nil }
  }

  @Test func unknownVersion() throws {
    try BundleFixture.expect(
      .unknownVersion,
      "friday.h5: / attribute `version`: this version of the format is not known; found 2; expected 1. "
        + "Use a newer program, or write version 1."
    ) { $0.version = 2 }
    try BundleFixture.expect(
      .unknownVersion,
      "friday.h5: / attribute `version`: this version of the format is not known; found 0; expected 1. "
        + "Write version 1."
    ) { $0.version = 0 }
  }

  @Test func versionThatIsText() throws {
    try BundleFixture.expect(
      .wrongType,
      "friday.h5: / attribute `version`: the data type is wrong; found strings; expected an integer. "
        + "Convert it before writing."
    ) {
      $0.version = nil
      $0.attributes["version"] = "1"
    }
  }

  @Test(arguments: [
    ("/dialogue/id", "strings [dialogues], the dialogues' ids"),
    ("/dialogue/offset", "int64 [dialogues + 1], where each dialogue starts"),
    ("/speaker", "strings or integers [utterances], who speaks"),
  ])
  func missingDataset(_ path: String, _ content: String) throws {
    try BundleFixture.expect(
      .missingDataset,
      "friday.h5: \(path): \(path) is missing; found nothing; expected \(content). "
        + "Add it; dialogue-bundle(5) describes it."
    ) { $0.columns[path] = nil }
  }

  @Test func groupWhereADatasetShouldBe() throws {
    try BundleFixture.expect(
      .wrongType,
      "friday.h5: /text: the data type is wrong; found a group; expected a dataset. Convert it before writing."
    ) {
      $0.columns["/text"] = nil
      $0.addition = { try $0.group("/text") }
    }
  }

  @Test func datasetWhereAGroupShouldBe() throws {
    try BundleFixture.expect(
      .wrongType,
      "friday.h5: /utterance: the data type is wrong; found a dataset; expected a group. Convert it before writing."
    ) { $0.addition = { try $0.write(names: ["a"], at: "/utterance") } }
  }

  @Test func missingDimension() throws {
    try BundleFixture.expect(
      .wrongShape,
      "friday.h5: /text: the shape is wrong; found [5]; expected two dimensions: [utterances, columns]. Reshape it."
    ) { $0.columns["/text"] = .floats([1, 2, 3, 4, 5], [5]) }
  }

  @Test func extraDimension() throws {
    try BundleFixture.expect(
      .wrongShape,
      "friday.h5: /text: the shape is wrong; found [5, 1, 3]; expected two dimensions: [utterances, columns]. Reshape it."
    ) { $0.columns["/text"] = .floats((1...15).map { Float($0) }, [5, 1, 3]) }
    try BundleFixture.expect(
      .wrongShape,
      "friday.h5: /label: the shape is wrong; found [5, 1]; expected one dimension: int32 [utterances]. Reshape it."
    ) { $0.columns["/label"] = .integers([0, 0, 0, 0, 0], [5, 1]) }
  }

  @Test func noColumns() throws {
    try BundleFixture.expect(
      .wrongShape,
      "friday.h5: /text: the shape is wrong; found [5, 0]; "
        + "expected two dimensions: [utterances, columns], with at least one column. Reshape it."
    ) { $0.columns["/text"] = .floats([], [5, 0]) }
  }

  @Test func scalarDataset() throws {
    try BundleFixture.expect(
      .wrongShape,
      "friday.h5: /visual: the shape is wrong; found a scalar; expected two dimensions: [utterances, columns]. Reshape it."
    ) { $0.addition = { try $0.write(at: "/visual", space: H5Screate(H5S_SCALAR)) } }
  }

  @Test func datasetWithoutADataSpace() throws {
    try BundleFixture.expect(
      .wrongShape,
      "friday.h5: /visual: the shape is wrong; found an empty data space; "
        + "expected two dimensions: [utterances, columns]. Reshape it."
    ) { $0.addition = { try $0.write(at: "/visual", space: H5Screate(H5S_NULL)) } }
  }

  @Test func featuresThatAreIntegers() throws {
    try BundleFixture.expect(
      .wrongType,
      "friday.h5: /text: the data type is wrong; found integers; expected float16, float32 or float64. "
        + "Convert it before writing."
    ) { $0.columns["/text"] = .integers([1, 2, 3, 4, 5], [5, 1]) }
  }

  @Test func featuresInAnUnknownFloatingPointLayout() throws {
    var fixture = BundleFixture()
    fixture.addition = { composer in
      // bfloat16: the upper half of a single.
      let brain = try HDF5Object(H5Tcopy(hdf5_little_float32()))
      try checked(H5Tset_fields(brain.identifier, 15, 7, 8, 0, 7))
      try checked(H5Tset_size(brain.identifier, 2))
      try composer.write(
        [Float](repeating: 1, count: 5), [5, 1], memory: hdf5_native_float(), stored: brain.identifier, at: "/visual")
    }
    let error = try fixture.error()
    #expect(error.fault == .wrongType)
    #expect(error.explanation.found == "floating-point numbers of 16 bits in a layout other than IEEE 754's")
  }

  @Test func speakersThatAreFloats() throws {
    try BundleFixture.expect(
      .wrongType,
      "friday.h5: /speaker: the data type is wrong; found float64; expected strings or integers. "
        + "Convert it before writing."
    ) { $0.columns["/speaker"] = .doubles([1, 2, 3, 4, 5]) }
  }

  @Test func idsThatAreIntegers() throws {
    try BundleFixture.expect(
      .wrongType,
      "friday.h5: /dialogue/id: the data type is wrong; found integers; expected strings. Convert it before writing."
    ) { $0.columns["/dialogue/id"] = .integers([1, 2], [2]) }
  }

  @Test(arguments: ["/label", "/dialogue/offset"])
  func integersThatAreStrings(_ path: String) throws {
    try BundleFixture.expect(
      .wrongType,
      "friday.h5: \(path): the data type is wrong; found strings; expected integers. Convert it before writing."
    ) { $0.columns[path] = .fixed(path == "/label" ? ["a", "b", "c", "d", "e"] : ["0", "3", "5"]) }
  }

  @Test func timesThatAreIntegers() throws {
    try BundleFixture.expect(
      .wrongType,
      "friday.h5: /utterance/start: the data type is wrong; found integers; expected float64. "
        + "Convert it before writing."
    ) {
      $0.columns["/utterance/start"] = .integers([1, 2, 3, 4, 5], [5])
      $0.columns["/utterance/end"] = .doubles([1, 2, 3, 4, 5])
    }
  }

  @Test func emotionsThatAreOneString() throws {
    try BundleFixture.expect(
      .wrongShape,
      "friday.h5: / attribute `emotions`: the shape is wrong; found a scalar; expected one dimension. Reshape it."
    ) {
      $0.emotions = nil
      $0.attributes["emotions"] = "joy"
    }
  }

  @Test func moreEmotionsThanAnyoneHas() throws {
    try BundleFixture.expect(
      .wrongShape,
      "friday.h5: / attribute `emotions`: the shape is wrong; found 1025 names; expected at most 1024. Reshape it."
    ) { $0.emotions = (0...1024).map { "e\($0)" } }
  }
}

/// What the library says of a sound file of a later one.
struct NewerFormatTests {
  @Test func aNewerFormIsNotCalledDamaged() {
    let image = [UInt8](repeating: 1, count: 64).withUnsafeBytes { FileImage(copying: $0) }
    let error = ZeroTail(image, isVouchedFor: false).fault(
      of: HDF5Failure("bad version number for layout message"), at: "/text")
    #expect(error.fault == .unknownVersion && error.explanation.remedy?.contains("libver=") == true)
  }
}
