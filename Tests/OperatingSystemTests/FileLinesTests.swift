import Foundation
import OperatingSystem
import TestFolders
import Testing

struct FileLinesTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func lines(_ text: String) throws -> [String] {
    let lines = try FileLines(try folder.write(text, to: "lines"))
    var found: [String] = []
    while let line = try lines.next() { found.append(String(decoding: line, as: UTF8.self)) }
    return found
  }

  @Test(arguments: [
    ("", []), ("\n", [""]), ("a", ["a"]), ("a\n", ["a"]), ("a\n\nb", ["a", "", "b"]), ("a\r\n\n", ["a\r", ""]),
  ])
  func linesEndAtLineFeedsAndAtTheEnd(_ text: String, _ expected: [String]) throws {
    #expect(try lines(text) == expected)
  }

  @Test func linesMayBeLongerThanWhatIsReadAtOnce() throws {
    let long = (0..<3).map { String(repeating: "\($0)", count: 100_000 + $0) }
    #expect(try lines(long.joined(separator: "\n")) == long)
  }

  @Test func whatIsNotThereIsAnError() {
    #expect(throws: StorageError.self) { try FileLines(folder["nothing"]) }
  }
}
