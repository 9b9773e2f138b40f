import DialogueDomain
import Foundation
import TestFolders
import Testing

@testable import DialogueBundles

/// Files that are not there, not whole, not HDF5 or not finished.
struct FileFaultTests {
  @Test func noSuchFile() throws {
    let folder = try TemporaryFolder()
    let error = try #require(throws: BundleError.self) { try BundleReader().read(folder["friday.h5"]) }
    #expect(error.fault == .unreadable)
    #expect(error.description == "friday.h5: opening the file failed: No such file or directory. Check the path.")
    #expect(error.explanation.kind == .missingInput)
    #expect(!error.isTransient)
  }

  @Test func folderInPlaceOfAFile() throws {
    let folder = try TemporaryFolder()
    let error = try #require(throws: BundleError.self) { try BundleReader().read(folder.url) }
    #expect(error.fault == .notAFile)
    #expect(
      error.description.hasSuffix(
        "this is not a regular file; expected a dialogue feature bundle. Name the .h5 file itself."))
  }

  @Test func namedPipeIsNotWaitedFor() throws {
    let folder = try TemporaryFolder()
    #expect(mkfifo(folder["friday.h5"].path, 0o600) == 0)
    let error = try #require(throws: BundleError.self) { try BundleReader().read(folder["friday.h5"]) }
    #expect(error.fault == .notAFile)
  }

  @Test func emptyFile() throws {
    let error = try refusal(Data())
    #expect(error.fault == .empty)
    #expect(
      error.description
        == "friday.h5: the file is empty; found 0 bytes; expected a dialogue feature bundle. Copy it again.")
  }

  @Test func textFile() throws {
    let error = try refusal(Data("speaker\tutterance\nAda\tHello\n".utf8))
    #expect(error.fault == .notHDF5)
    #expect(
      error.description
        == "friday.h5: this is not an HDF5 file; found a file that starts with bytes 73 70 65 61 6b 65 72 9; "
        + "expected the HDF5 signature. Write the features in the format of dialogue-bundle(5).")
    #expect(
      try refusal(Data("PK archive, not a bundle".utf8)).explanation.found
        == "a file that starts with \"PK archive, not \"")
  }

  @Test func fileOfZeros() throws {
    let error = try refusal(Data(count: 5000))
    #expect(error.fault == .incompleteCopy)
    #expect(error.explanation.found == "5000 zero bytes and nothing else")
  }

  @Test func truncatedCopyOfEveryLength() throws {
    let whole = try BundleFixture().content()
    let folder = try TemporaryFolder()
    for length in Array(1...100) + Array(stride(from: 101, to: whole.count, by: 97)) + [whole.count - 1] {
      let file = try folder.write(whole.prefix(length), to: "friday.h5")
      let error = try #require(throws: BundleError.self) { try BundleReader().read(file) }
      #expect(error.fault == .truncated, "\(length) of \(whole.count) bytes: \(error)")
    }
  }

  @Test func truncationIsExplained() throws {
    let whole = try BundleFixture().content()
    let remedy = "Copy it again, under a temporary name, and rename it when it is whole."
    #expect(
      try refusal(whole.prefix(3000)).description == "friday.h5: the file is cut short; found 3000 bytes; "
        + "expected \(whole.count) bytes, by the file's own header. \(remedy)")
    #expect(
      try refusal(whole.prefix(20)).description
        == "friday.h5: the file is cut short; found 20 bytes; expected an HDF5 header, which is longer. \(remedy)")
  }

  @Test func fileBehindAUserBlock() throws {
    let folder = try TemporaryFolder()
    let whole = try BundleFixture().content()
    // Addresses are relative to the signature; the stored end of file is not, so the header must say so.
    let file = try folder.write(Data(count: 512) + whole, to: "friday.h5")
    let reading = try BundleReader().read(file)
    #expect(reading.bundle.utterances.count == 5)
  }

  @Test func damagedStructure() throws {
    var content = try BundleFixture().content()
    let tree = try #require(content.range(of: Data("TREE".utf8)))
    content.replaceSubrange(tree, with: Data("TRUE".utf8))
    let error = try refusal(content)
    #expect(error.fault == .damaged)
    #expect(error.description.contains("the HDF5 library cannot read this; found \""))
    #expect(error.explanation.remedy == "The file is damaged: copy it again, or write it again.")
  }

  @Test func flippedBitUnderAChecksum() throws {
    let folder = try TemporaryFolder()
    let file = folder["friday.h5"]
    try BundleWriter(compression: 0).write(try BundleFixture().read(), to: file)
    var content = try Data(contentsOf: file)
    let value = try #require(content.range(of: withUnsafeBytes(of: Float(15) / 8) { Data($0) }))
    content[value.lowerBound] ^= 1
    let error = try refusal(content)
    #expect(error.fault == .damaged)
    #expect(error.explanation.location == "friday.h5: /text")
  }

  @Test func writersLock() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write(try BundleFixture().content(), to: "friday.h5")
    let descriptor = open(file.path, O_RDWR | O_CLOEXEC)
    defer { close(descriptor) }
    #expect(flock(descriptor, LOCK_EX | LOCK_NB) == 0)
    let error = try #require(throws: BundleError.self) { try BundleReader().read(file) }
    #expect(error.fault == .stillBeingWritten)
    #expect(error.isTransient)
    #expect(error.explanation.kind == .io)
    #expect(
      error.description
        == "friday.h5: the file is still being written; found a lock held by the program that writes it; "
        + "expected a closed file. Close the file there; it is tried again.")
    flock(descriptor, LOCK_UN)
    #expect(try BundleReader().read(file).bundle.utterances.count == 5)
  }

  @Test func writersMark() throws {
    // A version 3 superblock whose flags say that it is open for writing.
    var header = Data(Superblock.signature) + [3, 8, 8, 1]
    for address in [0, UInt64.max, 96, 48] as [UInt64] {
      header += withUnsafeBytes(of: address.littleEndian) { Data($0) }
    }
    // It may be shorter than its header says: that is no fault yet.
    #expect(try refusal(header).fault == .stillBeingWritten)
    let error = try refusal(header + Data(repeating: 1, count: 96 - header.count))
    #expect(error.fault == .stillBeingWritten)
    #expect(error.isTransient)
    #expect(
      error.description
        == "friday.h5: the file is still being written; found the mark of a writer that has not closed it; "
        + "expected a closed file. Close the file there; it is tried again. "
        + "If the writer died, check the data and run h5clear -s on it.")
  }

  @Test func fileLargerThanTheLimit() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write(Data(count: 2000), to: "friday.h5")
    let error = try #require(throws: BundleError.self) { try BundleReader(sizeLimit: 1000).read(file) }
    #expect(error.fault == .tooLarge)
    #expect(
      error.description == "friday.h5: the bundle is larger than the limit; found a file of 2000 bytes; "
        + "expected at most 1000 bytes in all. Split it into several bundles of whole dialogues.")
  }
}
