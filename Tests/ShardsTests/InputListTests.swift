import DialogueDomain
import Foundation
import OperatingSystem
import TestFolders
import Testing

@testable import Shards

struct InputListTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    for number in 0..<40 { try folder.write("input \(number)", to: "bundles/\(number % 3)/\(number).h5") }
  }

  private func digest(_ text: String) -> String { FileDigest.sha256(Data(text.utf8)) }

  /// As `sha256sum` writes it.
  private func list(_ numbers: some Sequence<Int>) -> String {
    numbers.map { "\(digest("input \($0)"))  bundles/\($0 % 3)/\($0).h5\n" }.joined()
  }

  @Test func aListAndItsFolderNameTheSameInputs() throws {
    let file = try folder.write(list(0..<40), to: "inputs.sha256")
    let (listed, found) = (
      try InputList(file, shard: .whole), try InputList(folder["bundles"], shard: .whole)
    )
    #expect(listed.count == 40 && found.count == 40)
    #expect(listed.inputs.map(\.digest) == found.inputs.map(\.digest))
    #expect(listed.inputs.map(\.name.text) == found.inputs.map(\.name.text))
  }

  @Test func furtherInputsMoveNoOther() throws {
    let (few, many) = (try folder.write(list(0..<20), to: "few"), try folder.write(list(0..<40), to: "many"))
    for number in 0..<4 {
      let shard = try #require(Shard(number: number, of: 4))
      let before = try InputList(few, shard: shard).inputs
      #expect(Set(before).isSubset(of: try InputList(many, shard: shard).inputs))
    }
  }

  @Test func theOrderOfLinesDoesNotMatter() throws {
    let (there, back) = (
      try folder.write(list(0..<40), to: "there"), try folder.write(list((0..<40).reversed()), to: "back")
    )
    let lists = try [there, back].map { try InputList($0, shard: .whole) }
    #expect(lists[0].fingerprint == lists[1].fingerprint && lists[0].inputs == lists[1].inputs)
    let fewer = try InputList(try folder.write(list(0..<39), to: "fewer"), shard: .whole)
    #expect(fewer.fingerprint != lists[0].fingerprint && fewer.shardFingerprint != lists[0].shardFingerprint)
  }

  @Test func pathsAloneStarsCarriageReturnsAndEmptyLinesAreRead() throws {
    let one = folder["bundles/1/1.h5"].path
    let file = try folder.write("\n\(digest("input 0")) *bundles/0/0.h5\r\n\(one)\n\n", to: "inputs")
    let list = try InputList(file, shard: .whole)
    #expect(list.inputs.map(\.digest) == [digest("input 0"), digest("input 1")])
  }

  @Test func equalBytesAreOneInputWithFurtherNames() throws {
    try folder.write("same", to: "more/b.h5")
    try folder.write("same", to: "more/a.h5")
    try folder.write("same", to: "more/deep/a.h5")
    let list = try InputList(folder["more"], shard: .whole)
    #expect(list.inputs.map(\.path) == ["a.h5"] && list.aliases == [digest("same"): ["b.h5"]])
  }

  @Test(arguments: ["", "notes.odt\n", "0123  x.h5 y\n", "\(String(repeating: "a", count: 64)) x.h5\n"])
  func whatIsNoListIsRefused(_ text: String) throws {
    let file = try folder.write(text, to: "wrong")
    #expect(throws: ShardError.self) { try InputList(file, shard: .whole) }
    #expect(throws: ShardError.self) { try InputList(folder["nowhere"], shard: .whole) }
  }
}
