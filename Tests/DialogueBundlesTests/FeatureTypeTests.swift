import CHDF5
import DialogueDomain
import Foundation
import Testing

@testable import DialogueBundles

/// Every way in which the format lets values be stored gives the same values.
struct FeatureTypeTests {
  @Test(arguments: [HDF5Element.float16, .float32, .float64], [false, true])
  func floatsOfEverySizeAndByteOrder(_ element: HDF5Element, bigEndian: Bool) throws {
    var fixture = BundleFixture()
    let values: [Float] = [0, -0.0, 1, -1.5, 65504, 6.103515625e-05, 5.9604644775390625e-08, 0.333251953125, -2048, 3]
    fixture.columns["/visual"] = .floats(values, [5, 2], stored: element, bigEndian: bigEndian)
    #expect(try fixture.read().features[.visual]?.values.map(\.bitPattern) == values.map(\.bitPattern))
  }

  @Test(arguments: [HDF5Element.float16, .float32, .float64])
  func missingRows(_ element: HDF5Element) throws {
    var fixture = BundleFixture()
    fixture.columns["/text"] = .floats([1, 2, .nan, .nan, 3, 4, 5, 6, .nan, .nan], [5, 2], stored: element)
    let table = try #require(try fixture.read().features[.text])
    #expect(table.missing == [false, true, false, false, true])
    #expect(table.values == [1, 2, 0, 0, 3, 4, 5, 6, 0, 0])
  }

  @Test(arguments: [HDF5Element.float16, .float64])
  func compressedChunks(_ element: HDF5Element) throws {
    let values = (0..<300).map { Float($0 % 37) - 18 }
    var fixture = BundleFixture()
    fixture.addition = { composer in
      let stored = try HDF5Object(
        element == .float16 ? hdf5_half(hdf5_little_float32()) : H5Tcopy(hdf5_little_float64()))
      try composer.write(
        values, [5, 60], memory: hdf5_native_float(), stored: stored.identifier,
        packing: HDF5Composer.Packing(chunkRows: 2, compression: 9), at: "/visual")
    }
    #expect(try fixture.read().features[.visual]?.values == values)
  }

  @Test func missingModality() throws {
    var fixture = BundleFixture()
    fixture.columns["/text"] = nil
    let bundle = try fixture.read()
    #expect(bundle.features.keys.sorted() == [.audio])
  }

  @Test func speakersAsStringsOfEitherKind() throws {
    var fixture = BundleFixture()
    let speakers = ["Ada", "Benoît", "李", "Ada", "Dua Ω"]
    for column in [BundleFixture.Column.fixed(speakers), .variable(speakers)] {
      fixture.columns["/speaker"] = column
      #expect(try fixture.read().utterances.map(\.speaker) == speakers)
    }
  }

  @Test func speakersAsIntegers() throws {
    var fixture = BundleFixture()
    fixture.columns["/speaker"] = .integers([0, 1, -1, 1, .max], [5])
    #expect(try fixture.read().utterances.map(\.speaker) == ["0", "1", "-1", "1", "9223372036854775807"])
    fixture.columns["/speaker"] = .unsigned([0, 1, 2, 1, .max])
    #expect(try fixture.read().utterances.map(\.speaker) == ["0", "1", "2", "1", "18446744073709551615"])
  }

  @Test func spacesThatFillUpAField() throws {
    var fixture = BundleFixture()
    fixture.addition = { composer in
      let type = try HDF5Object(H5Tcopy(hdf5_c_string()))
      try checked(H5Tset_size(type.identifier, 4))
      try checked(H5Tset_strpad(type.identifier, H5T_STR_SPACEPAD))
      try checked(H5Ldelete(composer.file.identifier, "/speaker", hdf5_default()))
      try composer.write(
        Array("Ada Ben Ada Cem DuaX".utf8), [5], memory: type.identifier, stored: type.identifier, at: "/speaker")
    }
    #expect(try fixture.read().utterances.map(\.speaker) == ["Ada", "Ben", "Ada", "Cem", "DuaX"])
  }

  @Test func defaultsOfWhatIsOptional() throws {
    var fixture = BundleFixture()
    fixture.columns["/label"] = nil
    fixture.emotions = nil
    fixture.attributes = [:]
    let bundle = try fixture.read()
    #expect(bundle.utterances.map(\.id) == ["monday#0", "monday#1", "monday#2", "tuesday#0", "tuesday#1"])
    #expect(bundle.utterances.allSatisfy { $0.start == nil && $0.end == nil && $0.label == nil })
    #expect(bundle.dataset == nil && bundle.extractors.isEmpty && bundle.emotions == nil)
  }

  @Test func everythingThatIsOptional() throws {
    var fixture = BundleFixture()
    fixture.columns["/utterance/id"] = .variable(["a", "b", "c", "a", "b"])
    fixture.columns["/utterance/start"] = .doubles([0, .nan, 2.5, 3, 4])
    fixture.columns["/utterance/end"] = .doubles([1, .nan, 2.5, 4, 5])
    let bundle = try fixture.read()
    #expect(bundle.dataset == "tests")
    #expect(bundle.extractors == [.text: "counting/3"])
    #expect(bundle.emotions?.names == ["neutral", "joy", "anger"])
    #expect(bundle.utterances.map(\.id) == ["a", "b", "c", "a", "b"])
    #expect(bundle.utterances.map(\.start) == [0, nil, 2.5, 3, 4])
    #expect(bundle.utterances.map(\.end) == [1, nil, 2.5, 4, 5])
    #expect(bundle.utterances.map(\.label) == [0, 1, nil, 2, 0])
    #expect(bundle.dialogues == [Dialogue(id: "monday", rows: 0..<3), Dialogue(id: "tuesday", rows: 3..<5)])
  }

  @Test func whatTheFormatDoesNotKnowIsIgnored() throws {
    var fixture = BundleFixture()
    fixture.attributes["audio_columns"] = "pitch"
    fixture.addition = { composer in
      try composer.attribute("colour", 7)
      try composer.group("/notes")
      try composer.write(names: ["a", "b"], at: "/notes/authors")
    }
    #expect(try fixture.read().utterances.count == 5)
  }

  @Test func everyHalfWidensExactly() {
    let halves = (0...UInt16.max).map { $0 }
    var singles = [Float](repeating: 0, count: halves.count)
    halves.withUnsafeBufferPointer { halves in
      singles.withUnsafeMutableBufferPointer { HalfPrecision.widen(halves, into: $0) }
    }
    let wrong = halves.indices.filter { index in
      let expected = Float(Float16(bitPattern: halves[index]))
      return expected.isNaN ? !singles[index].isNaN : singles[index].bitPattern != expected.bitPattern
    }
    #expect(wrong.isEmpty)
  }
}
