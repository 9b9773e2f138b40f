import DialogueDomain
import Foundation
import TestFolders
import Testing

@testable import Corrections

/// The records of what was corrected: what a spool keeps when its index is lost.
struct CorrectionRecordsTests {
  private let folder: TemporaryFolder
  private let records: CorrectionRecords

  init() throws {
    folder = try TemporaryFolder()
    records = CorrectionRecords(folder.url)
  }

  private func correction(_ emotion: String?, at seconds: Double, utterance: String = "3") -> Correction {
    Correction(
      bundleDigest: String(repeating: "1a", count: 32), dialogue: "tea", utterance: utterance, emotion: emotion,
      by: "Anna", at: Date(timeIntervalSince1970: seconds), account: "anna",
      taken: Date(timeIntervalSince1970: seconds + 1))
  }

  @Test func aRecordIsReadAsItWasWritten() throws {
    let corrections = [correction("joy", at: 1000.125), correction(nil, at: 2000)]
    try records.write(corrections, as: "a.jsonl")
    #expect(try records.names() == ["a.jsonl"])
    #expect(try records.read("a.jsonl") == corrections)
  }

  @Test func theLastWordCountsWhateverFileItCameIn() throws {
    try records.write([correction("joy", at: 3000), correction("fear", at: 1, utterance: "4")], as: "a.jsonl")
    try records.write([correction("anger", at: 2000), correction("joy", at: 1, utterance: "4")], as: "b.jsonl")
    let last = try records.last()
    #expect(last.count == 2)
    // Earlier in time, though in the later file.
    #expect(last[correction("", at: 0).target]?.emotion == "joy")
    // Of one moment, the later file.
    #expect(last[correction("", at: 0, utterance: "4").target]?.emotion == "joy")
  }

  @Test func aDamagedRecordIsNamedWithItsLine() throws {
    try records.write([correction("joy", at: 3000)], as: "a.jsonl")
    let url = folder.url.appendingPathComponent("a.jsonl")
    try Data(String(contentsOf: url, encoding: .utf8).appending("{\"dialogue\":\"tea\"}\n").utf8).write(to: url)
    let error = #expect(throws: CorrectionError.self) { try records.read("a.jsonl") }
    #expect(error?.explanation.location == "a.jsonl: line 2")
  }

  @Test func withoutAFolderThereAreNone() throws {
    let none = CorrectionRecords(folder.url.appendingPathComponent("none"))
    #expect(try none.names().isEmpty && none.last().isEmpty)
  }
}
