import Foundation
import OperatingSystem
import TestFolders
import Testing

@testable import DialogueBundles

/// The digest of a bundle, and the file beside it that may vouch for it.
struct DigestSidecarTests {
  private let folder: TemporaryFolder
  private let file: URL
  private let digest: String

  init() throws {
    folder = try TemporaryFolder()
    let content = try BundleFixture().content()
    file = try folder.write(content, to: "friday.h5")
    digest = FileDigest.sha256(content)
  }

  private func refusal(_ sidecar: String) throws -> BundleError {
    _ = try folder.write(Data(sidecar.utf8), to: "friday.h5.sha256")
    return try #require(throws: BundleError.self) { try BundleReader().read(file) }
  }

  @Test func digestAndSizeAreThoseOfTheFile() throws {
    let reading = try BundleReader().read(file)
    #expect(reading.digest == digest)
    #expect(reading.byteCount == (try Data(contentsOf: file)).count)
  }

  @Test func matchingSidecars() throws {
    for content in [
      digest, digest.uppercased(), "\(digest)\n", "\(digest)  friday.h5\n", "\(digest) *friday.h5\n",
      "\u{FEFF}\(digest)  friday.h5\r\n", "\\\(digest)  fri\\nday.h5\n", "SHA256 (friday.h5) = \(digest)\n",
      "SHA256(fri day.h5)= \(digest)\n", "SHA2-256(friday.h5)= \(digest)\n",
    ] {
      _ = try folder.write(Data(content.utf8), to: "friday.h5.sha256")
      #expect(try BundleReader().read(file).digest == digest)
    }
  }

  @Test func mismatch() throws {
    let other = String(repeating: "0", count: 64)
    let error = try refusal("\(other)  friday.h5\n")
    #expect(error.fault == .digestMismatch)
    #expect(
      error.description == "friday.h5: the content does not match friday.h5.sha256; found SHA-256 \(digest); "
        + "expected \(other). Copy both again.")
    #expect(!error.isTransient)
  }

  @Test(arguments: ["root:$6$secret:19000::", "SHA256 (friday.h5) = secret\n", "SHA1 (friday.h5) = secret\n"])
  func sidecarWithoutADigestIsRefusedUnquoted(content: String) throws {
    let error = try refusal(content)
    #expect(error.fault == .digestUnreadable)
    #expect(
      error.description == "friday.h5: friday.h5.sha256 holds no SHA-256 digest; found something else; "
        + "expected a plain file that begins with a line of sha256sum. Make it with sha256sum, or remove it.")
  }

  @Test func sidecarThatIsALinkIsNotFollowed() throws {
    let elsewhere = try folder.write(Data(digest.utf8), to: "elsewhere")
    try FileManager.default.createSymbolicLink(
      at: file.appendingPathExtension("sha256"), withDestinationURL: elsewhere)
    let error = try #require(throws: BundleError.self) { try BundleReader().read(file) }
    #expect(error.fault == .digestUnreadable)
    #expect(error.description.contains("found a symbolic link"))
  }

  @Test func sidecarThatIsAFolderOrAPipeIsRefused() throws {
    let sidecar = file.appendingPathExtension("sha256")
    try FileManager.default.createDirectory(at: sidecar, withIntermediateDirectories: false)
    #expect(throws: BundleError.self) { try BundleReader().read(file) }
    try FileManager.default.removeItem(at: sidecar)
    #expect(mkfifo(sidecar.path, 0o600) == 0)
    let error = try #require(throws: BundleError.self) { try BundleReader().read(file) }
    #expect(error.description.contains("found no plain file"))
  }

  @Test func emptySidecarIsStillBeingWritten() throws {
    let error = try refusal("")
    #expect(error.fault == .stillBeingWritten)
    #expect(error.isTransient)
  }
}
