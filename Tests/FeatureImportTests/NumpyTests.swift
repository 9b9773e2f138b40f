import Foundation
import TestFolders
import Testing

@testable import FeatureImport

@Test(arguments: 1...3)
func npyFilesOfEveryVersionAreRead(version: Int) throws {
  let array = try NumpyFile.read(Fixture.url("matrix.v\(version).npy"))
  #expect(array.shape == [2, 3])
  #expect(array.floats() == [0, 1, 2, 3, 4, 5])
}

@Test func bigEndianFortranOrderIsTurnedRound() throws {
  let array = try NumpyFile.read(Fixture.url("fortran.npy"))
  #expect(array.isFortranOrder)
  #expect(array.type.description == ">f8")
  #expect(array.doubles() == [0, 1, 2, 3, 4, 5])
}

@Test func writtenNpyIsReadBackToTheBit() throws {
  let values: [Float] = [0, -1.5, .infinity, .leastNonzeroMagnitude, 3.25, 1e-20]
  for shape in [[6], [2, 3], [3, 1, 2], [1, 6]] {
    let bytes = NumpyFile.bytes(of: values, shape: shape)
    #expect(bytes.count.isMultiple(of: 8) && (bytes.count - 24).isMultiple(of: 64))
    let array = try NumpyFile.read(bytes[...], location: "written.npy")
    #expect(array.shape == shape)
    #expect(array.floats() == values)
  }
  #expect(try NumpyFile.read(NumpyFile.bytes(of: [2], shape: [])[...], location: "one.npy").shape == [])
}

@Test func writtenNpyEqualsNumpysOwnFile() throws {
  #expect(try NumpyFile.bytes(of: [0, 1, 2, 3, 4, 5], shape: [2, 3]) == Fixture.bytes("matrix.v1.npy"))
}

@Test func integersThatDoNotFitAreNotGuessed() throws {
  let type = try #require(NumericType(descriptor: "<u8"))
  let large = try #require(NumericArray(type: type, shape: [1], bytes: ArraySlice(repeating: 0xFF, count: 8)))
  #expect(large.integers() == nil)
  #expect(large.doubles() == [Double(UInt64.max)])
  let fraction = try NumpyFile.read(NumpyFile.bytes(of: [1.5], shape: [1])[...], location: "x")
  #expect(fraction.integers() == nil)
}

@Test(arguments: [
  ("{'descr': '<c8', 'fortran_order': False, 'shape': (1,), }", "elements of type <c8"),
  ("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", "elements of type |O"),
  ("{'descr': [('x', '<f4')], 'fortran_order': False, 'shape': (1,), }", "a record type"),
  ("{'descr': '<f4', 'fortran_order': False, 'shape': (99999,), }", "expected 99999 elements of type <f4"),
  ("{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387904, 4), }", "ends within its array"),
  ("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }", "not the one numpy writes"),
  ("{'descr': '<f4', 'shape': (1,), }", "lacks fortran_order or shape"),
  ("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), } + exit()", "not the one numpy writes"),
  ("__import__('os').system('echo')", "not the one numpy writes"),
  ("", "not the one numpy writes"),
])
func wrongNpyHeadersAreExplained(header: String, message: String) throws {
  let bytes = [0x93] + ascii("NUMPY") + [1, 0, UInt8(header.utf8.count), 0] + ascii(header) + [0, 0, 0, 0]
  let error = #expect(throws: FeatureImportError.self) { try NumpyFile.read(bytes[...], location: "wrong.npy") }
  #expect(try #require(error).description.contains(message))
  #expect(try #require(error).description.hasPrefix("wrong.npy: "))
}

@Test func python2LongExtentsAreRead() throws {
  let header = "{'descr': '<f4', 'fortran_order': False, 'shape': (1L, 1L), }\n"
  let bytes = [0x93] + ascii("NUMPY") + [1, 0, UInt8(header.utf8.count), 0] + ascii(header) + [0, 0, 0x80, 0x3F]
  let array = try NumpyFile.read(bytes[...], location: "old.npy")
  #expect(array.shape == [1, 1])
  #expect(array.floats() == [1])
}

@Test func npyFilesCutShortAreRefused() throws {
  let bytes = try Fixture.bytes("matrix.v2.npy")
  for length in 0..<bytes.count {
    #expect(throws: FeatureImportError.self) { try NumpyFile.read(bytes[..<length], location: "cut.npy") }
  }
}

@Test func archivesGiveTheirArraysByName() throws {
  let stored = try NumpyArchive(Fixture.url("stored.npz"))
  #expect(stored.names == ["text", "audio"])
  #expect(try stored.array(named: "text")?.floats() == [1, 1, 1, 1, 1, 1])
  #expect(try stored.array(named: "audio")?.integers() == [0, 1, 2, 3])
  #expect(try stored.array(named: "visual") == nil)
  let deflated = try NumpyArchive(Fixture.url("deflated.npz"))
  #expect(try deflated.array(named: "text")?.shape == [50, 40])
  #expect(try deflated.array(named: "audio")?.floats() == [0, 1, 2, 3])
}

@Test func archivesWithSixtyFourBitFieldsAreRead() throws {
  let bytes = try Fixture.bytes("wide.npz")
  #expect(bytes.indices.contains { ByteCursor.matches(bytes, at: $0, [0x50, 0x4B, 6, 6]) })
  #expect(try NumpyArchive(bytes, location: "wide.npz").array(named: "text")?.floats() == [1, 1])
}

@Test(arguments: ["stored.npz", "deflated.npz", "wide.npz"])
func damagedArchivesAreRefusedOrReadButNeverCrash(name: String) throws {
  let bytes = try Fixture.bytes(name)
  func read(_ bytes: [UInt8]) throws {
    let archive = try NumpyArchive(bytes, location: name)
    for array in archive.names { _ = try archive.array(named: array) }
  }
  for length in 0..<bytes.count {
    #expect(throws: FeatureImportError.self) { try read(Array(bytes[..<length])) }
  }
  var random = RepeatableRandom(7)
  var refused = 0
  for round in 0..<1200 {
    do {
      try read(random.mutated(bytes))
    } catch is FeatureImportError {
      refused += 1
    } catch {
      Issue.record("round \(round): \(error)")
    }
  }
  #expect(refused > 200)
}

@Test func aFlippedBitShowsInTheChecksum() throws {
  var bytes = try Fixture.bytes("stored.npz")
  // The last bytes of the first array, before the second entry's header.
  let second = try #require(bytes.indices.dropFirst(4).first { ByteCursor.matches(bytes, at: $0, [0x50, 0x4B, 3, 4]) })
  bytes[second - 2] ^= 1
  let archive = try NumpyArchive(bytes, location: "flipped.npz")
  let error = #expect(throws: FeatureImportError.self) { try archive.array(named: "text") }
  #expect(
    try #require(error).description.contains(
      "flipped.npz: text.npy: the archive is damaged; found content of another checksum"))
}

@Test func anEntryThatClaimsTooMuchIsRefusedBeforeItIsUnpacked() throws {
  var bytes = try Fixture.bytes("deflated.npz")
  let directory = try #require(bytes.indices.first { ByteCursor.matches(bytes, at: $0, [0x50, 0x4B, 1, 2]) })
  // The size of the unpacked content: first 3 GB, then 200 MB.
  bytes.replaceSubrange(directory + 24..<directory + 28, with: [0, 0, 0, 0xC0])
  let large = try NumpyArchive(bytes, location: "bomb.npz")
  let error = #expect(throws: FeatureImportError.self) { try large.array(named: "text") }
  #expect(try #require(error).description.contains("the compressed entry is too large"))
  bytes.replaceSubrange(directory + 24..<directory + 28, with: [0, 0, 0, 0x0C])
  let wrong = try NumpyArchive(bytes, location: "bomb.npz")
  #expect(throws: FeatureImportError.self) { try wrong.array(named: "text") }
}
