import Testing

@testable import ResultServing

/// Addresses as they are sent.
struct RequestTargetTests {
  @Test func partsAreDecoded() throws {
    let target = try RequestTarget("/api/list?speaker=M%C3%BCller%2C+J%C3%B6rg&text=&certain&a=b=c")
    #expect(target.path == "/api/list")
    #expect(target.parameters.map(\.name) == ["speaker", "text", "certain", "a"])
    #expect(target.parameters.map(\.value) == ["Müller, Jörg", "", "", "b=c"])
  }

  @Test(arguments: [
    "", "*", "api/list", "http://localhost/api/list", "/a?b=%", "/a?b=%4", "/a?b=%zz", "/a?b=%FF", "/a?b=%00",
    "/a%0d%0ab",
    "/a?b=%C0%AF", "/a#b", "/a?b=%-1", "/a?b=%+1",
  ])
  func malformedOnesAreRefused(_ text: String) {
    #expect(throws: Refusal.self) { try RequestTarget(text) }
  }

  @Test func aTargetReadsItsOwnText() throws {
    let target = RequestTarget(
      path: "/dialogue",
      parameters: [.init(name: "dialogue", value: ServedSample.oddName), .init(name: "b", value: "+%&")])
    #expect(try RequestTarget(target.text) == target)
    #expect(
      try RequestTarget(target.setting("b", to: "2").text).parameters.map(\.value) == [ServedSample.oddName, "2"])
  }
}
