import CHDF5
import DialogueDomain
import Foundation
import TestFolders
import Testing

@testable import DialogueBundles

/// What HDF5 can do and a bundle may not: reach outside the file, run other people's code, ask for more than there is.
struct ForeignDataTests {
  private func refusal(_ addition: @escaping (HDF5Composer) throws -> Void) throws -> BundleError {
    var fixture = BundleFixture()
    fixture.addition = addition
    return try fixture.error()
  }

  @Test func externalLink() throws {
    let error = try refusal { composer in
      try checked(
        H5Lcreate_external("other.h5", "/text", composer.file.identifier, "/visual", hdf5_default(), hdf5_default()))
    }
    #expect(error.fault == .externalLink)
    #expect(
      error.description == "friday.h5: /visual: links to other files are not followed; "
        + "found an external or user-defined link; expected data within the bundle. "
        + "Copy the data into the bundle, for example with h5repack.")
  }

  @Test func externalLinkInPlaceOfAGroup() throws {
    let error = try refusal { composer in
      try checked(
        H5Lcreate_external("other.h5", "/", composer.file.identifier, "/utterance", hdf5_default(), hdf5_default()))
    }
    #expect(error.fault == .externalLink)
    #expect(error.explanation.location == "friday.h5: /utterance")
  }

  @Test func externalLinkBehindASoftLink() throws {
    let folder = try TemporaryFolder()
    // The other file is there and sound: only the rule keeps it from being read.
    let other = try folder.write(try BundleFixture().content(), to: "other.h5")
    var fixture = BundleFixture()
    fixture.addition = { composer in
      try checked(
        H5Lcreate_external(other.path, "/text", composer.file.identifier, "/far", hdf5_default(), hdf5_default()))
      try checked(H5Lcreate_soft("/far", composer.file.identifier, "/visual", hdf5_default(), hdf5_default()))
    }
    let file = try folder.write(try fixture.content(), to: "friday.h5")
    let error = try #require(throws: BundleError.self) { try BundleReader().read(file) }
    #expect(error.explanation.location == "friday.h5: /visual")
    #expect(error.fault == .brokenLink)
  }

  @Test func softLinkWithinTheFile() throws {
    var fixture = BundleFixture()
    fixture.addition = {
      try checked(H5Lcreate_soft("/text", $0.file.identifier, "/visual", hdf5_default(), hdf5_default()))
    }
    let bundle = try fixture.read()
    #expect(bundle.features[.visual] == bundle.features[.text])
  }

  @Test func softLinkToNowhere() throws {
    let error = try refusal {
      try checked(H5Lcreate_soft("/nowhere", $0.file.identifier, "/visual", hdf5_default(), hdf5_default()))
    }
    #expect(error.fault == .brokenLink)
    #expect(
      error.description == "friday.h5: /visual: the link leads to nothing in this file; found a link without a target; "
        + "expected data within the bundle. Remove the link, or write the data in its place.")
  }

  @Test func externalStorage() throws {
    let error = try refusal { composer in
      try composer.write(at: "/visual", space: H5Screate_simple(2, [5, 2], nil)) { creation in
        try checked(H5Pset_external(creation, "/etc/hostname", 0, 40))
      }
    }
    #expect(error.fault == .externalStorage)
    #expect(
      error.description == "friday.h5: /visual: data kept in other files are not read; found external storage; "
        + "expected data within the bundle. Copy the data into the bundle, for example with h5repack.")
  }

  @Test func virtualDataset() throws {
    let error = try refusal { composer in
      try composer.write(at: "/visual", space: H5Screate_simple(2, [5, 3], nil)) { creation in
        let whole = try HDF5Object(H5Screate_simple(2, [5, 3], nil))
        try checked(H5Pset_virtual(creation, whole.identifier, ".", "/text", whole.identifier))
      }
    }
    #expect(error.fault == .virtualDataset)
    #expect(
      error.description == "friday.h5: /visual: virtual datasets are not read; found a view of other datasets; "
        + "expected data within the bundle. Write the values themselves.")
  }

  @Test func foreignFilter() throws {
    let error = try refusal { composer in
      try composer.write(at: "/visual", space: H5Screate_simple(2, [5, 3], nil)) { creation in
        try checked(H5Pset_chunk(creation, 2, [5, 3]))
        // Optional, so that a file can be made without having the filter.
        try checked(H5Pset_filter(creation, 32_001, UInt32(H5Z_FLAG_OPTIONAL), 0, nil))
      }
    }
    #expect(error.fault == .unknownFilter)
    #expect(
      error.description == "friday.h5: /visual: the data use a filter that a bundle may not use; "
        + "found filter number 32001; expected deflate (gzip), shuffle, fletcher32, szip, nbit or scaleoffset. "
        + "Write with gzip, or without.")
  }

  @Test func datasetThatClaimsToBeEnormous() throws {
    let rows = hsize_t(1) << 40
    let speakers = try refusal { composer in
      try checked(H5Ldelete(composer.file.identifier, "/speaker", hdf5_default()))
      try composer.write(at: "/speaker", space: H5Screate_simple(1, [rows], nil), type: hdf5_little_int64()) {
        try checked(H5Pset_chunk($0, 1, [1024]))
      }
    }
    #expect(speakers.fault == .tooLarge)
    #expect(
      speakers.description == "friday.h5: /speaker: the bundle is larger than the limit; "
        + "found 1099511627776 elements of 8 bytes; expected at most 4294967296 bytes in all. "
        + "Split it into several bundles of whole dialogues.")
    let columns = try refusal { composer in
      try composer.write(at: "/visual", space: H5Screate_simple(2, [5, rows], nil)) {
        try checked(H5Pset_chunk($0, 2, [1, 1024]))
      }
    }
    #expect(columns.fault == .tooLarge)
    #expect(columns.explanation.location == "friday.h5: /visual")
  }

  @Test func shapeWhoseProductOverflows() throws {
    let error = try refusal { composer in
      try composer.write(at: "/visual", space: H5Screate_simple(2, [5, hsize_t(1) << 62], nil)) {
        try checked(H5Pset_chunk($0, 2, [1, 1024]))
      }
    }
    #expect(error.fault == .tooLarge)
    #expect(error.explanation.found == "shape [5, 4611686018427387904]")
  }

  @Test func chunkThatUnpacksToMoreThanTheLimit() throws {
    var fixture = BundleFixture()
    fixture.addition = { composer in
      try composer.write(at: "/visual", space: H5Screate_simple(2, [5, 3], [5, hsize_t.max])) {
        try checked(H5Pset_chunk($0, 2, [5, 200_000]))
      }
    }
    let folder = try TemporaryFolder()
    let file = try folder.write(try fixture.content(), to: "friday.h5")
    let error = try #require(throws: BundleError.self) { try BundleReader(sizeLimit: 1 << 20).read(file) }
    #expect(error.fault == .tooLarge)
    #expect(error.explanation.found == "1000000 elements of 4 bytes")
  }

  @Test func chunksThatWereNeverWritten() throws {
    let error = try refusal { composer in
      try composer.write(at: "/visual", space: H5Screate_simple(2, [5, 3], nil)) {
        try checked(H5Pset_chunk($0, 2, [2, 3]))
        // The recommended way of writing: a checksum says nothing of what is not there.
        try checked(H5Pset_fletcher32($0))
      }
    }
    #expect(error.fault == .incompleteCopy && error.explanation.location == "friday.h5: /visual")
    #expect(error.explanation.found == "3 of 3 chunks never written")
  }

  @Test func moreUtterancesThanTheLimit() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write(try BundleFixture().content(), to: "friday.h5")
    var limits = BundleLimits()
    (limits.utterances, limits.dialogueUtterances) = (5, 5)
    #expect(try BundleReader(limits: limits).read(file).bundle.utterances.count == 5)
    limits.utterances = 4
    let many = try #require(throws: BundleError.self) { try BundleReader(limits: limits).read(file) }
    #expect(many.fault == .tooLarge && many.explanation.expected == "at most 4 (limits.utterances)")
    (limits.utterances, limits.dialogueUtterances) = (5, 1)
    let long = try #require(throws: BundleError.self) { try BundleReader(limits: limits).read(file) }
    #expect(long.fault == .tooLarge && long.explanation.expected == "at most 1 (limits.dialogue_utterances)")
    // Likewise in a process of its own, and of a transcript.
    var isolated = IsolatedBundleReader.Limits()
    isolated.bundle = limits
    let child = IsolatedBundleReader(executable: try ChildProgram.locate(), limits: isolated)
    #expect(try #require(throws: BundleError.self) { try child.read(file) }.explanation == long.explanation)
    let talk = try folder.write("A: one\nB: two\n", to: "talk.txt")
    #expect(try #require(throws: BundleError.self) { try child.read(talk) }.fault == .tooLarge)
  }

  @Test func contentBeyondAGivenLimit() throws {
    let folder = try TemporaryFolder()
    let compressed = FeatureBundle(
      dialogues: [Dialogue(id: "d", rows: 0..<100)],
      utterances: (0..<100).map { Utterance(id: "\($0)", speaker: "Ada") },
      features: [
        .text: FeatureTable(
          width: 1000, values: [Float](repeating: 1, count: 100_000), missing: [Bool](repeating: false, count: 100))
      ])
    let file = folder["friday.h5"]
    try BundleWriter().write(compressed, to: file)
    let error = try #require(throws: BundleError.self) { try BundleReader(sizeLimit: 300_000).read(file) }
    #expect(error.fault == .tooLarge)
    #expect(error.explanation.location == "friday.h5: /text")
    #expect(try BundleReader(sizeLimit: 500_000).read(file).bundle.utterances.count == 100)
  }

  @Test func utterancesThatTakeMoreThanTheLimit() throws {
    var fixture = BundleFixture()
    let name = String(repeating: "x", count: 1000)
    fixture.columns = [
      "/dialogue/id": .fixed([name]), "/dialogue/offset": .integers([0, 2000], [2]),
      "/speaker": .fixed([String](repeating: "A", count: 2000)),
      "/text": .floats([Float](repeating: 1, count: 2000), [2000, 1]),
    ]
    let folder = try TemporaryFolder()
    let file = try folder.write(try fixture.content(), to: "friday.h5")
    let utterances = try #require(throws: BundleError.self) { try BundleReader(sizeLimit: 50_000).read(file) }
    #expect(utterances.fault == .tooLarge)
    #expect(utterances.explanation.location == "friday.h5: /speaker")
    let names = try #require(throws: BundleError.self) { try BundleReader(sizeLimit: 1_000_000).read(file) }
    #expect(names.fault == .tooLarge)
    #expect(names.explanation.found == "2000 elements of 1000 bytes")
    #expect(try BundleReader(sizeLimit: 4_000_000).read(file).bundle.utterances.count == 2000)
  }

  @Test func manyNamesThatAreOneLongString() throws {
    // Every row refers to the same megabyte of the heap.
    let length = 1 << 20
    let error = try refusal { composer in
      try composer.write(at: "/shared", space: H5Screate_simple(1, [1], nil), type: hdf5_c_string())
      let text = [CChar](repeating: 0x61, count: length) + [0]
      let type = try HDF5Object(H5Tcopy(hdf5_c_string()))
      try checked(H5Tset_size(type.identifier, hdf5_variable_length()))
      try checked(H5Ldelete(composer.file.identifier, "/speaker", hdf5_default()))
      try text.withUnsafeBufferPointer { text in
        try composer.write(
          [UInt](repeating: UInt(bitPattern: text.baseAddress), count: 5), [5], memory: type.identifier,
          stored: type.identifier, at: "/speaker")
      }
    }
    #expect(error.fault == .longName)
    #expect(error.explanation.location == "friday.h5: /speaker row 0")
  }
}

extension HDF5Composer {
  /// Creates a dataset without writing to it.
  func write(
    at path: String, space: hid_t, type: hid_t = hdf5_little_float32(), _ configure: (hid_t) throws -> Void = { _ in }
  ) throws {
    let space = try HDF5Object(space)
    let creation = try HDF5Object(H5Pcreate(hdf5_dataset_creation_class()))
    try configure(creation.identifier)
    _ = try HDF5Object(
      H5Dcreate2(
        file.identifier, path, type, space.identifier, hdf5_default(), creation.identifier, hdf5_default()))
  }
}
