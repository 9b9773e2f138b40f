import Foundation
import Testing

@testable import FeatureImport

@Test(arguments: 0...5)
func plainValuesAreReadFromEveryProtocol(version: Int) throws {
  guard case .dictionary(let values) = try Fixture.pickle("values.p\(version).pkl") else {
    Issue.record("expected a dictionary")
    return
  }
  #expect(values["none"] == PickleValue.none)
  #expect(values["truths"] == .list([.boolean(true), .boolean(false)]))
  #expect(
    values["integers"]
      == .list(
        [0, 255, 256, 65535, 65536, -1, -32769, 1 << 31, 1 << 40, Int.min, Int.max].map(PickleValue.integer)))
  #expect(values["reals"] == .list([0, 1.5, -2.25, 1e300, Double.infinity].map(PickleValue.real)))
  #expect(
    values["texts"]
      == .list(
        ["", "plain", "naïve ☃ 😀", "line\nbreak \\ 'quoted'", String(repeating: "x", count: 300)].map(PickleValue.text))
  )
  let ramp = [UInt8](0...255)
  #expect(values["bytes"] == .list([.bytes([]), .bytes([0, 0xFF]), .bytes((ramp + ramp)[...])]))
  #expect(values["bytearray"] == .bytes([1, 0x80]))
  let numbers = (1...4).map(PickleValue.integer)
  #expect(
    values["nested"]
      == .tuple([
        .list([]), .tuple([]), .dictionary(PickleDictionary([])), .tuple(Array(numbers[..<1])),
        .tuple(Array(numbers[..<2])), .tuple(Array(numbers[..<3])), .tuple(numbers), .list([.list([.list([])])]),
      ]))
  #expect(values["set"] == .set([.integer(7)]))
  #expect(values["frozenset"] == .set([.tuple([.text("a"), .integer(1)])]))
  #expect(
    values["ordered"]
      == .dictionary(PickleDictionary([(.text("b"), .integer(1)), (.text("a"), .integer(2))])))
  guard case .dictionary(let keys)? = values["keys"] else {
    Issue.record("expected a dictionary")
    return
  }
  #expect(keys[.integer(1)] == .text("one"))
  #expect(keys[.tuple([.integer(3), .text("x")])] == PickleValue.none)
  let shared = PickleValue.list([.integer(1), .integer(2)])
  #expect(values["shared"] == .list([shared, shared]))
}

@Test(arguments: 0...5)
func numpyArraysAreReadFromEveryProtocol(version: Int) throws {
  guard case .dictionary(let arrays) = try Fixture.pickle("arrays.p\(version).pkl") else {
    Issue.record("expected a dictionary")
    return
  }
  func array(_ name: String) throws -> NumericArray {
    guard case .array(let array)? = arrays[.text(name)] else {
      throw FeatureImportError("no array \(name)", at: nil)
    }
    return array
  }
  for name in ["f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", ">f4", ">f8", ">i4"] {
    let array = try array(name)
    #expect(array.shape == [2, 3])
    #expect(array.floats() == [0, 1, 2, 3, 4, 5], "\(name)")
    #expect(array.integers() == [0, 1, 2, 3, 4, 5], "\(name)")
    #expect(array.type == NumericType(descriptor: name))
  }
  #expect(try array("b1").integers() == [1, 0, 1])
  #expect(try array("fortran").floats() == (0..<24).map(Float.init))
  #expect(try array("fortran").isFortranOrder)
  #expect(try array("single").shape == [])
  #expect(try array("single").doubles() == [2.5])
  #expect(try array("empty").shape == [0, 4])
  #expect(arrays["texts"] == .list([.text("M"), .text("F"), .text("naïve")]))
  #expect(arrays["bytetexts"] == .list([.text("Mm"), .text("F")]))
  #expect(arrays["objects"] == .list([.text("text"), .integer(3)]))
  #expect(
    arrays["scalars"] == .list([.real(1.5), .real(-2.5), .integer(7), .boolean(true), .text("word")]))
  #expect(arrays["type"] == NumericType(descriptor: "<f4").map(PickleValue.elementType))
}

@Test func oldStringsAreLatin1() throws {
  // café as Python 2 wrote it, in the opcodes of protocols 0, 1 and 2.
  #expect(try value(ascii(#"S'caf\xe9\n\101\'\\'"#) + [0x0A] + ascii(".")) == .text("café\nA'\\"))
  #expect(try value(ascii("T") + [4, 0, 0, 0] + [0x63, 0x61, 0x66, 0xE9] + ascii(".")) == .text("café"))
  #expect(try value(ascii("U") + [4] + [0x63, 0x61, 0x66, 0xE9] + ascii(".")) == .text("café"))
  #expect(
    try value(ascii(#"Vsnow \u2603 \ud83d\ude00 \U0001f600"#) + [0xE9, 0x0A] + ascii(".")) == .text("snow ☃ 😀 😀é"))
}

@Test func longIntegersUpToSixtyFourBitsAreRead() throws {
  #expect(try value([0x8A, 0] + ascii(".")) == .integer(0))
  #expect(try value([0x8A, 1, 0xFF] + ascii(".")) == .integer(-1))
  #expect(try value([0x8A, 9, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F, 0] + ascii(".")) == .integer(.max))
  #expect(try value(ascii("L123L\n.")) == .integer(123))
  #expect(try refusal([0x8A, 9, 0, 0, 0, 0, 0, 0, 0, 0x80, 0] + ascii(".")).contains("more than 64 bits"))
  #expect(try refusal(ascii("L99999999999999999999L\n.")).contains("more than 64 bits"))
  #expect(try refusal(ascii("Iseven\n.")).contains("seven for an integer"))
}

@Test func laterKeysReplaceEarlierOnes() throws {
  guard case .dictionary(let dictionary) = try value(ascii("}(I1\nI2\nI1\nI3\nu.")) else {
    Issue.record("expected a dictionary")
    return
  }
  #expect(dictionary.count == 1)
  #expect(dictionary[.integer(1)] == .integer(3))
}

@Test func bytesAfterTheEndAreLeftAlone() throws {
  #expect(try value(ascii("I5\n.") + [0xFF, 0xFF]) == .integer(5))
}

private func value(_ bytes: [UInt8]) throws -> PickleValue {
  try Unpickler.value(of: bytes, source: "small.pkl")
}

extension PickleDictionary {
  /// The value of a text key.
  fileprivate subscript(name: String) -> PickleValue? { self[.text(name)] }
}

@Test func defaultDictionariesAndRangesArePlainData() throws {
  let text = "ccollections\ndefaultdict\n(c__builtin__\nlist\ntR(S'a'\n(lI1\nau."
  #expect(
    try Unpickler.value(of: ascii(text), source: "d.pkl")
      == .dictionary(PickleDictionary([(.text("a"), .list([.integer(1)]))])))
  #expect(
    try Unpickler.value(of: ascii("c__builtin__\nxrange\n(I2\nI9\nI3\ntR."), source: "r.pkl")
      == .list([2, 5, 8].map(PickleValue.integer)))
  #expect(
    try Unpickler.value(of: ascii("cbuiltins\nrange\n(I3\nI0\nI-1\ntR."), source: "r.pkl")
      == .list([3, 2, 1].map(PickleValue.integer)))
}

@Test(arguments: [
  ("cbuiltins\nrange\n(I0\nI9000000000000000000\ntR.", "more memory than its size can justify"),
  ("cbuiltins\nrange\n(I0\nI9\nI0\ntR.", "arguments of range"),
  ("cbuiltins\nrange\n(I-9223372036854775807\nI9\nI1\ntR.", "arguments of range"),
  ("cbuiltins\nlist\n(tR.", "a class that is never called"),
])
func rangesThatCannotBeAreRefused(text: String, says: String) throws {
  let error = #expect(throws: PickleError.self) { try Unpickler.value(of: ascii(text), source: "r.pkl") }
  #expect(try #require(error).description.contains(says))
}
