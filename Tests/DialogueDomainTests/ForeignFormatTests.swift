import DialogueDomain
import Testing

/// Files that are not what their names promise.
struct ForeignFormatTests {
  @Test(arguments: [
    ("version https://git-lfs.github.com/spec/v1\noid sha256:00\n", ForeignFormat.gitPointer),
    ("\n <!DOCTYPE HTML><html>", .webPage), ("<html lang=\"en\">", .webPage), ("PK\u{3}\u{4}\u{14}", .zip),
    ("versions of it", nil), ("PKzip", nil), ("", nil),
  ])
  func textsAreTold(start: String, format: ForeignFormat?) {
    #expect(ForeignFormat(start: Array(start.utf8)) == format)
  }

  @Test func bytesAreTold() {
    #expect(ForeignFormat(start: [0x1F, 0x8B, 0x08]) == .gzip)
    #expect(ForeignFormat(start: [0x89, 0x48, 0x44, 0x46, 0x0D]) == .hdf5)
    #expect(ForeignFormat(start: [0x80, 0x04]) == nil)
  }

  @Test func eachHasANameAndARemedy() {
    #expect(Set(ForeignFormat.allCases.map(\.title)).count == ForeignFormat.allCases.count)
    #expect(ForeignFormat.allCases.allSatisfy { $0.remedy.hasSuffix(".") })
  }
}
