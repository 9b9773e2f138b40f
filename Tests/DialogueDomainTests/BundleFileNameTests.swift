import Testing

@testable import DialogueDomain

struct BundleFileNameTests {
  @Test(arguments: ["friday.h5", "FRIDAY.H5", "x.part.h5", "ü.h5", "friday~1a2b3c4d.h5"])
  func bundlesEndInH5(name: String) {
    #expect(BundleFileName(name.utf8) == .bundle)
  }

  @Test(arguments: [
    ".friday.h5", ".h5", "x.part", "x.partial", "x.tmp", "x.filepart", "x.crdownload", "x~", "X.PARTIAL", "x.h5.sha256",
    "Thumbs.db", "lost+found",
  ])
  func unfinishedCopiesAndLitterAreIgnored(name: String) {
    #expect(BundleFileName(name.utf8) == .ignored)
  }

  @Test(arguments: ["notes.odt", "friday.h5.error.json", "friday.h5.deferral.json", "h5", "friday.hdf5", ""])
  func anythingElseIsForeign(name: String) {
    #expect(BundleFileName(name.utf8) == .foreign)
  }

  @Test(arguments: [
    "talk.vtt", "talk.SRT", "talk.json", "talk.eaf", "talk.TextGrid", "talk.cha", "talk.csv", "a.tsv", "a.txt",
  ])
  func transcriptsAreTaken(name: String) {
    #expect(BundleFileName(name.utf8) == .bundle && InputKind(fileName: name.utf8) == .transcript)
    #expect(BundleFileName("\(name).part".utf8) == .ignored && BundleFileName("\(name).error.json".utf8) == .foreign)
  }

  @Test(arguments: [
    "a.corrections.jsonl", "a.JSONL", "tea.corrections.csv", "tea.corrections.TextGrid", "x.corrections.eaf",
  ])
  func correctionsAreTaken(name: String) {
    #expect(BundleFileName(name.utf8) == .bundle && InputKind(fileName: name.utf8) == .correction)
    #expect(InputKind.ending(of: "tea.corrections.TextGrid") == ".corrections.TextGrid")
  }

  @Test func onlyWhatBelongsToABundleIsItsCompanion() {
    #expect(SpoolCompanion(fileName: "FRIDAY.H5.SHA256".utf8) == .digest)
    #expect(SpoolCompanion(fileName: "friday.h5.error.json".utf8) == .errorReport)
    #expect(SpoolCompanion(fileName: "friday.h5.deferral.json".utf8) == .deferralNote)
    #expect(SpoolCompanion(fileName: "friday.error.json".utf8) == nil)
    #expect(SpoolCompanion(fileName: "talk.vtt.error.json".utf8) == .errorReport)
    #expect(SpoolCompanion(fileName: "notes.sha256".utf8) == nil)
  }

  @Test func anEndingIsKeptAsItIsWritten() {
    #expect(InputKind.ending(of: "FRIDAY.H5") == ".H5")
    #expect(InputKind.ending(of: "notes.odt") == "")
  }

  @Test func namesNeedNotBeUTF8() {
    #expect(BundleFileName([0xFF, 0xC3] + Array(".h5".utf8)) == .bundle)
    #expect(BundleFileName([0xFF, 0xC3]) == .foreign)
  }

  @Test func everyProgramTellsNameAndVersion() {
    #expect(Version.line(of: "ambd") == "ambd \(Version.current)")
    #expect(Version.current.split(separator: ".").count == 3)
  }
}
