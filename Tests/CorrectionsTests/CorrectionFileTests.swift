import DialogueDomain
import Foundation
import TestFolders
import Testing

@testable import Corrections

/// What a file of corrections may hold, and what is said where it holds something else.
struct CorrectionFileTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  private func file(_ text: String) throws -> URL {
    let url = folder.url.appendingPathComponent("anna.corrections.jsonl")
    try Data(text.utf8).write(to: url)
    return url
  }

  private func error(_ text: String) throws -> Explanation? {
    let url = try file(text)
    return #expect(throws: CorrectionError.self) { try CorrectionFile(url) }?.explanation
  }

  @Test func aLineNeedsADialogueAnUtteranceAndAnEmotion() throws {
    let url = try file(
      """
      {"dialogue":"tea","utterance":"tea#3","emotion":"joy"}

      {"bundle_digest":"1A1a1A1a","dialogue":"tea","utterance":"4","emotion":"anger","by":"Anna","at":"2026-11-28T09:30:00+01:00"}
      {"dialogue":"tea","utterance":"5","withdrawn":true,"at":"2026-11-28T08:30:00.125Z","else":[1]}
      """)
    let read = try CorrectionFile(url).requests
    #expect(read[0] == CorrectionRequest(line: 1, dialogue: "tea", utterance: "tea#3", emotion: "joy"))
    #expect(read[1].line == 3 && read[1].bundleDigest == "1a1a1a1a" && read[1].by == "Anna")
    #expect(read[1].at == Date(timeIntervalSince1970: 1_795_854_600))
    #expect(read[2].emotion == nil && read[2].at == Date(timeIntervalSince1970: 1_795_854_600.125))
  }

  @Test func whatIsWrittenIsReadAgain() throws {
    let requests = [
      CorrectionRequest(
        line: 1, bundleDigest: "0123456789abcdef", dialogue: "a \"b\"\n", utterance: "/3", emotion: "Überraschung",
        by: "Anna", at: Date(timeIntervalSince1970: 1_795_854_600.25)),
      CorrectionRequest(line: 2, dialogue: "tea", utterance: "4", emotion: nil),
    ]
    let url = try file(String(decoding: CorrectionFile.content(requests), as: UTF8.self))
    #expect(try CorrectionFile(url).requests == requests)
  }

  @Test func itTellsWhoseItIsAndWhenItWasWritten() throws {
    let url = try file("{\"dialogue\":\"tea\",\"utterance\":\"3\",\"emotion\":\"joy\"}")
    let time = Date(timeIntervalSince1970: 1_700_000_000.5)
    try FileManager.default.setAttributes([.modificationDate: time], ofItemAtPath: url.path)
    let read = try CorrectionFile(url)
    #expect(read.account == CorrectionFile.ownAccount && !read.account.isEmpty)
    #expect(read.modified.timeIntervalSince(time).magnitude < 0.002)
  }

  @Test(arguments: [
    ("", "the file holds no correction"), ("joy", "the line is no correction"), ("[]", "the line is no correction"),
    ("{\"dialogue\":\"tea\",\"emotion\":\"joy\"}", "no member \"utterance\""),
    ("{\"dialogue\":\"tea\",\"utterance\":3,\"emotion\":\"joy\"}", "a value of another kind in \"utterance\""),
    ("{\"dialogue\":\"tea\",\"utterance\":\"3\"}", "neither what was felt nor"),
    ("{\"dialogue\":\"tea\",\"utterance\":\"3\",\"emotion\":\"joy\",\"withdrawn\":true}", "or both"),
    ("{\"dialogue\":\"tea\",\"utterance\":\"3\",\"emotion\":\"  \"}", "\"emotion\" is no name"),
    ("{\"dialogue\":\"tea\",\"utterance\":\"3\",\"emotion\":\"joy\",\"by\":\"a\\nb\"}", "\"by\" is no name"),
    ("{\"dialogue\":\"tea\",\"utterance\":\"3\",\"emotion\":\"joy\",\"at\":\"noon\"}", "\"at\" is no time"),
    ("{\"dialogue\":\"tea\",\"utterance\":\"3\",\"emotion\":\"joy\",\"bundle_digest\":\"1a\"}", "is no digest"),
  ])
  func aWrongLineIsNamed(text: String, words: String) throws {
    let good = "{\"dialogue\":\"tea\",\"utterance\":\"3\",\"emotion\":\"joy\"}\n"
    let found = try #require(try error(text.isEmpty ? "\n \n" : good + text))
    #expect(found.message.contains(words))
    #expect(found.kind == .data)
    #expect(found.location == (text.isEmpty ? "anna.corrections.jsonl" : "anna.corrections.jsonl: line 2"))
  }

  /// Whatever comes, it is read or refused with a reason.
  @Test func noBytesAreTooOdd() throws {
    let good = """
      {"dialogue":"tea","utterance":"tea#3","emotion":"joy","by":"Anna","at":"2026-11-28T09:30:00+01:00"}
      {"bundle_digest":"1A1a1A1a","dialogue":"tea","utterance":"4","withdrawn":true}
      """
    var chance = RepeatableRandom(7)
    for _ in 0..<500 {
      let url = try file("")
      try Data(chance.mutated(Array(good.utf8), marks: Array("{}[]\",:\\\n".utf8))).write(to: url)
      do {
        #expect(try !CorrectionFile(url).requests.isEmpty)
      } catch let error as CorrectionError {
        #expect(error.explanation.kind == .data)
      }
    }
  }

  @Test func sizesAreLimited() throws {
    let long = String(repeating: "x", count: 300)
    #expect(
      try error("{\"dialogue\":\"tea\",\"utterance\":\"3\",\"emotion\":\"\(long)\"}")?.what == "\"emotion\" is no name")
    let longer = String(repeating: "x", count: CorrectionFile.longestLine)
    #expect(
      try error("{\"dialogue\":\"\(longer)\",\"utterance\":\"3\",\"emotion\":\"joy\"}")?.what.contains("too long")
        == true)
    let line = "{\"dialogue\":\"t\",\"utterance\":\"3\",\"emotion\":\"joy\"}\n"
    let many = String(repeating: line, count: CorrectionFile.mostLines + 1)
    #expect(try error(many)?.what.contains("too many") == true)
  }

  /// A file of holes costs its author nothing; it is not read.
  @Test func aHugeFileAndALinkAreRefusedUnread() throws {
    let url = try file("")
    truncate(url.path, off_t(CorrectionFile.mostBytes) + 1)
    #expect(
      #expect(throws: CorrectionError.self) { try CorrectionFile(url) }?.explanation.what.contains("too large") == true)
    let link = folder.url.appendingPathComponent("link.corrections.jsonl")
    try FileManager.default.createSymbolicLink(at: link, withDestinationURL: url)
    #expect(throws: (any Error).self) { try CorrectionFile(link) }
  }
}
