import Foundation
import TestFolders
import Testing

@testable import OperatingSystem

struct ListeningSocketTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private func mode(_ url: URL) -> mode_t? {
    var status = stat()
    return lstat(url.path, &status) == 0 ? status.st_mode : nil
  }

  @Test func ownerAndGroupAloneCanConnect() throws {
    let socket = try ListeningSocket(at: folder["s"])
    defer { close(socket.descriptor) }
    #expect(mode(folder["s"]) == S_IFSOCK | 0o660)
    socket.remove()
    #expect(mode(folder["s"]) == nil)
  }

  @Test func oneThatSomebodyListensAtIsRefused() throws {
    let socket = try ListeningSocket(at: folder["s"])
    defer { close(socket.descriptor) }
    #expect(throws: SocketError.self) { try ListeningSocket(at: folder["s"]) }
    #expect(mode(folder["s"]) != nil)
  }

  @Test func oneThatIsLeftOverIsReplaced() throws {
    close(try ListeningSocket(at: folder["s"]).descriptor)
    let socket = try ListeningSocket(at: folder["s"])
    close(socket.descriptor)
  }

  @Test func anotherFileIsLeftAlone() throws {
    try folder.write("precious", to: "s")
    #expect(throws: SocketError.self) { try ListeningSocket(at: folder["s"]) }
    #expect(try String(contentsOf: folder["s"], encoding: .utf8) == "precious")
  }

  @Test func anothersSocketIsNotRemoved() throws {
    let first = try ListeningSocket(at: folder["s"])
    close(first.descriptor)
    let second = try ListeningSocket(at: folder["s"])
    defer { close(second.descriptor) }
    first.remove()
    #expect(mode(folder["s"]) != nil)
  }

  @Test func aPathThatNoAddressHoldsIsRefused() {
    #expect(throws: SocketError.self) { try ListeningSocket(at: folder[String(repeating: "s", count: 120)]) }
  }
}
