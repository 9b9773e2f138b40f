import Foundation
import OperatingSystem
import Testing

@testable import BundleSpool

struct NameTests {
  private func entry(_ name: String, _ kind: FolderEntry.Kind = .file) -> FolderEntry {
    let signature = FolderEntry.Signature(size: 1, modified: .distantPast, inode: 1)
    return FolderEntry(name: FileName(name), kind: kind, signature: signature, changed: .distantPast)
  }

  @Test(arguments: ["friday.h5", "FRIDAY.H5", "a b.h5", "ü.h5", "x.part.h5"])
  func bundlesAreTaken(name: String) {
    #expect(IntakeRule(entry(name)) == .bundle)
  }

  @Test(arguments: [
    ".friday.h5", ".h5", "friday.h5.part", "friday.h5.tmp", "friday.h5.filepart", "friday.h5~", "friday.h5.PART",
    ".stfolder", "friday.h5.sha256",
  ])
  func unfinishedCopiesAndLitterArePassedOver(name: String) {
    #expect(IntakeRule(entry(name)) == .ignored)
  }

  @Test func aDigestMarkIsToldFromOtherMarks() {
    let digest = FileDigest.sha256(Data("good".utf8))
    for variant in BundleName(FileName("fri~day.h5")).variants(digest: digest).dropFirst() {
      #expect(variant.digestMark?.name == "fri~day.h5" && variant.digestMark?.digest == String(digest.prefix(8)))
    }
    for name in ["friday.h5", "friday~2.h5", "friday~longname.h5", "fri~day.h5"] {
      #expect(BundleName(FileName(name)).digestMark == nil)
    }
  }

  @Test func otherThingsAreLeftAloneWithAReason() {
    #expect(IntakeRule(entry("@eaDir", .folder)) == .ignored)
    #expect(
      IntakeRule(entry("notes.odt"))
        == .foreign(
          reason: "its name ends in none of .h5, .vtt, .srt, .json, .eaf, .textgrid, .cha, .csv, .tsv, .txt, "
            + ".jsonl"))
    #expect(
      IntakeRule(entry("h5"))
        == .foreign(
          reason: "its name ends in none of .h5, .vtt, .srt, .json, .eaf, .textgrid, .cha, .csv, .tsv, .txt, "
            + ".jsonl"))
    for kind in [FolderEntry.Kind.folder, .link, .other] {
      guard case .foreign = IntakeRule(entry("x.h5", kind)) else {
        Issue.record("\(kind) was not left alone")
        continue
      }
    }
  }

  @Test func aNameThatIsNotUTF8GetsItsBytesSpelledOut() {
    let name = BundleName(FileName(bytes: [0x61, 0xFF, 0xC3, 0xA9, 0xC3, 0x28] + Array(".h5".utf8)))
    #expect(name.text == "a%FFé%C3(.h5")
  }

  @Test func aLongNameIsCutAndStaysDistinct() {
    let long = String(repeating: "ä", count: 120)
    let first = BundleName(FileName(long + "1.h5"))
    let second = BundleName(FileName(long + "2.h5"))
    #expect(first.text.utf8.count <= 180)
    #expect(first.text.hasSuffix(".h5"))
    #expect(first != second)
    #expect(BundleName(FileName(first.text)) == first)
  }

  @Test func variantsCarryMoreAndMoreOfTheDigest() {
    let digest = String(repeating: "0123456789abcdef", count: 4)
    let names = BundleName(FileName("friday.h5")).variants(digest: digest).map(\.text)
    #expect(names == ["friday.h5", "friday~01234567.h5", "friday~0123456789abcdef.h5", "friday~\(digest).h5"])
  }

  @Test func namesThatLookEqualButHaveOtherBytesAreDistinct() {
    #expect(FileName("\u{E9}.h5") != FileName("e\u{301}.h5"))
  }
}
