import Foundation
import Testing

@testable import Presentation

struct OutputWriterTests {
  @Test func whatIsWrittenArrivesInOrder() throws {
    let pipe = Pipe()
    var writer = OutputWriter(descriptor: pipe.fileHandleForWriting.fileDescriptor, capacity: 8)
    var expected = ""
    for number in 0..<50 {
      try writer.line("line \(number)")
      expected += "line \(number)\n"
    }
    var bytes = Array("drained".utf8)
    try writer.drain(&bytes)
    #expect(bytes.isEmpty)
    try writer.write("!")
    try writer.flush()
    try pipe.fileHandleForWriting.close()
    let read = try pipe.fileHandleForReading.readToEnd() ?? Data()
    #expect(String(decoding: read, as: UTF8.self) == expected + "drained!")
  }

  @Test func onATerminalWhatWouldSteerItIsSpelledOut() {
    let text = "a\tb\u{9B}31m\u{202E}c\u{7F}\n\u{1B}[1mü 田\u{1B}[0m\n"
    #expect(
      String(decoding: OutputWriter.spelled(Array(text.utf8)), as: UTF8.self)
        == "a\tb\\u{9b}31m\\u{202e}c\\u{7f}\n\u{1B}[1mü 田\u{1B}[0m\n")
  }

  @Test func aFailedWriteIsExplained() throws {
    var writer = OutputWriter(descriptor: -1)
    try writer.write("x")
    do {
      try writer.flush()
      Issue.record("writing to no descriptor went well")
    } catch let error as OutputError {
      #expect(error.explanation.kind == .io && error.code == EBADF && !error.isClosedPipe)
    }
  }

  @Test func aFullDiskIsNamed() throws {
    let full = open("/dev/full", O_WRONLY)
    try #require(full >= 0)
    defer { close(full) }
    var writer = OutputWriter(descriptor: full)
    try writer.write("x")
    do {
      try writer.flush()
      Issue.record("writing to a full disk went well")
    } catch let error as OutputError {
      #expect(error.code == ENOSPC && error.description.contains("Free some space"))
    }
  }
}
