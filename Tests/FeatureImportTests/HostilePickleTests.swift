import Foundation
import TestFolders
import Testing

@testable import FeatureImport

@Test func otherGlobalsAreRefusedByName() throws {
  let message = try refusal(code("cos\nsystem\n(S'echo'\ntR."))
  #expect(
    message == """
      hostile.pkl: byte 0, GLOBAL: the pickle asks for os.system, which is not plain data. It was not run. Only numpy \
      arrays, numbers, text, lists, tuples, dictionaries and sets are read.
      """)
  #expect(try refusal(code("(S'echo'\nios\nsystem\n.")).contains("INST: the pickle asks for os.system"))
  let byStack = code("\u{80}\u{4}\u{8C}\u{5}posix\u{8C}\u{6}system\u{93}.")
  #expect(try refusal(byStack).contains("byte 17, STACK_GLOBAL: the pickle asks for posix.system"))
  // Neighbours of what is allowed, and attribute paths through it.
  for name in [
    "numpy\nload", "numpy.core.multiarray\nfromfile", "builtins\neval", "builtins\ngetattr", "__builtin__\neval",
    "_codecs\ndecode", "collections\nnamedtuple", "torch._utils\n_rebuild_tensor_v2", "torch\nFloatStorage",
    "numpy.ndarray\nfromfile", "copy_reg\n_reconstructor", "\n",
  ] {
    let expected = name.replacing("\n", with: ".")
    #expect(try refusal(code("c\(name)\n)R.")).contains("asks for \(expected), which"))
  }
}

@Test func namesInMessagesAreCleanedAndCut() throws {
  let message = try refusal(code("c\u{1B}[2Jevil\n" + String(repeating: "x", count: 100_000) + "\n."))
  #expect(!message.contains("\u{1B}"))
  #expect(message.count < 500)
}

@Test func codeThatNeedsNoNameIsRefusedAsWell() throws {
  #expect(try refusal([0x80, 2, 0x82, 1, 0x2E]).contains("EXT1: the pickle asks for an extension"))
  #expect(try refusal(code("P0\n.")).contains("outside itself"))
  #expect(try refusal(code("I0\nQ.")).contains("outside itself"))
  #expect(try refusal([0x80, 5, 0x97, 0x2E]).contains("keeps its arrays outside itself"))
  // A class as the value, calls of what is no type, and a state for what has none.
  #expect(try refusal(code("cnumpy\nndarray\n.")).contains("a class or function itself"))
  #expect(try refusal(code("I1\n)R.")).contains("a call of something that is no type"))
  #expect(try refusal(code("cnumpy\nndarray\n)R.")).contains("a class that is never called"))
  #expect(try refusal(code("]}b.")).contains("a state for something that has none"))
}

@Test func ringsAreRefused() throws {
  #expect(try refusal(code("]q\u{0}h\u{0}a.")).contains("a container that contains itself"))
  // A list within a tuple within that list.
  #expect(
    try refusal(code("]q\u{0}h\u{0}\u{85}a.")).contains("contains itself"))
  // A dictionary that is its own value.
  #expect(try refusal(code("}q\u{0}I1\nh\u{0}s.")).contains("contains itself"))
}

@Test func deepNestingIsRefusedWithoutRecursion() throws {
  let lists = [UInt8](repeating: UInt8(ascii: "]"), count: 300_000)
  let appends = [UInt8](repeating: UInt8(ascii: "a"), count: 299_999)
  #expect(try refusal(lists + appends + code(".")).contains("too deeply; expected at most 64 levels"))
  let tuples = code("I1\n") + [UInt8](repeating: 0x85, count: 300_000) + code(".")
  #expect(try refusal(tuples).contains("too deeply"))
  // Sixty-four levels are fine: 63 tuples around a list.
  let allowed = code("]") + [UInt8](repeating: 0x85, count: 63) + code(".")
  #expect(throws: Never.self) { try Unpickler.value(of: allowed, source: "deep.pkl") }
}

@Test func lengthsBeyondTheFileAreRefused() throws {
  let huge: [UInt8] = [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F]
  let beyond: [UInt8] = [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]
  for opcode in [0x8D, 0x8E, 0x96, 0x95] as [UInt8] {
    #expect(try refusal([opcode] + huge + code("abc.")).contains("the pickle is cut off"))
    #expect(try refusal([opcode] + beyond + code("abc.")).contains("the pickle is cut off"))
  }
  for opcode in ["T", "X", "B", "\u{8B}"].flatMap(\.unicodeScalars).map({ UInt8($0.value) }) {
    #expect(try refusal([opcode, 0xFF, 0xFF, 0xFF, 0x7F] + code("abc.")).contains("the pickle is cut off"))
  }
  #expect(try refusal([0x8B, 0xFF, 0xFF, 0xFF, 0xFF] + code("abc.")).contains("a negative length"))
}

@Test func sharedPartsThatWouldFillTheMemoryAreRefused() throws {
  // Each list holds the one before it ten times: 10^40 items when written out.
  let tenfold = code("h\u{0}", times: 10)
  var laughs = code("](I1\ne")
  for _ in 0..<40 { laughs += code("q\u{0}0](") + tenfold + code("e") }
  #expect(try refusal(laughs + code(".")).contains("repeats shared parts"))

  // The same with tuples as dictionary keys, which would have to be hashed.
  var keys = code("I1\n\u{85}")
  for _ in 0..<40 { keys += code("q\u{0}0(") + tenfold + code("t") }
  #expect(try refusal(code("}") + keys + code("I1\ns.")).contains("repeats shared parts"))
}

@Test func memoryIsBoundedByTheLimit() throws {
  let limits = PickleLimits(memory: 1 << 20)
  let dictionaries = code("(") + [UInt8](repeating: UInt8(ascii: "}"), count: 1 << 20) + code("l.")
  #expect(try refusal(dictionaries, limits: limits).contains("more memory than its size can justify"))
  let copies = code("(N") + [UInt8](repeating: UInt8(ascii: "2"), count: 1 << 20) + code("l.")
  #expect(try refusal(copies, limits: limits).contains("more memory than its size can justify"))
  // The same long text turned into bytes again and again.
  let text = String(repeating: "a", count: 10_000)
  let call = code("c_codecs\nencode\nq\u{0}X\u{10}\u{27}\u{0}\u{0}\(text)q\u{1}U\u{6}latin1q\u{2}(")
  let encodings = call + code("h\u{0}h\u{1}h\u{2}\u{86}R", times: 1000) + code("l.")
  #expect(try refusal(encodings, limits: limits).contains("more memory than its size can justify"))
}

@Test func appendingOneByOneIsNotQuadratic() throws {
  // Two hundred thousand single appends; copying the list each time would move 10^12 bytes.
  let appends = code("]") + code("Na", times: 200_000) + code(".")
  guard case .list(let items) = try Unpickler.value(of: appends, source: "long.pkl") else {
    Issue.record("expected a list")
    return
  }
  #expect(items.count == 200_000)
}

@Test func arraysThatDisagreeWithTheirShapeAreRefused() throws {
  func array(shape: String, bytes: Int) -> [UInt8] {
    let blank = code("cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(I0\ntS'b'\ntR")
    let type = code("cnumpy\ndtype\n(S'f4'\nI0\nI1\ntR(I3\nS'<'\nNNNI-1\nI-1\nI0\ntb")
    return blank + code("(I1\n\(shape)") + type + code("I00\nU") + [UInt8(bytes)] + code("\u{0}", times: bytes)
      + code("tb.")
  }
  #expect(
    try Unpickler.value(of: array(shape: "(I2\nI1\nt", bytes: 8), source: "array.pkl").summary
      == "an array of 2×1, type <f4")
  #expect(
    try refusal(array(shape: "(I2\nI2\nt", bytes: 8)).contains("found 8 bytes; expected 2×2 elements of type <f4"))
  #expect(try refusal(array(shape: "(I-1\nI-2\nt", bytes: 8)).contains("arguments of an array's state"))
  #expect(try refusal(array(shape: "(I4611686018427387904\nI4\nt", bytes: 0)).contains("not as large as its shape"))
  #expect(try refusal(code("cnumpy\ndtype\n(S'V8'\nI0\nI1\ntR.")).contains("elements of type V8"))
  #expect(try refusal(code("cnumpy\ndtype\n(S'c16'\nI0\nI1\ntR.")).contains("elements of type c16"))
  // An array that was begun and never given its elements.
  #expect(
    try refusal(code("cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(I0\ntS'b'\ntR."))
      .contains("begun and not finished"))
}

@Test func unhashableKeysAreRefused() throws {
  #expect(try refusal(code("}]I1\ns.")).contains("a list of 0 as a key"))
  #expect(try refusal(code("}(]tI1\ns.")).contains("a list of 0 as a key"))
}

@Test func whatIsNoPickleIsSaidToBeNone() throws {
  #expect(try refusal([]).contains("not a pickle; found an empty file"))
  #expect(try refusal([0x00, 0x01]).contains("byte 0: not a pickle; found byte 0, which is no instruction"))
  #expect(try refusal([0x80, 9, 0x2E]).contains("unknown pickle protocol; found 9; expected 0 to 5"))
  #expect(try refusal(code(".")).contains("STOP: the pickle is damaged; found an instruction with too few values"))
  #expect(try refusal(code("(.")).contains("too few values"))
  #expect(try refusal(code("t.")).contains("a missing mark"))
  #expect(try refusal(code("h\u{7}.")).contains("a reference to memo 7"))
  #expect(try refusal(code("(I1\nd.")).contains("a dictionary key without a value"))
}

@Test(arguments: [
  "values.p0.pkl", "values.p5.pkl", "arrays.p5.pkl", "meld_multimodal.pkl",
])
func everyPickleCutShortIsRefused(name: String) throws {
  let bytes = try Fixture.bytes(name)
  for length in 0..<bytes.count {
    #expect(throws: PickleError.self, "\(length) bytes") {
      try Unpickler.value(of: bytes[..<length], source: name)
    }
  }
}

@Test(arguments: [
  "values.p0.pkl", "values.p4.pkl", "arrays.p0.pkl", "arrays.p3.pkl", "arrays.p5.pkl", "iemocap_old.pkl",
])
func mutatedPicklesAreReadOrRefusedButNeverCrash(name: String) throws {
  let bytes = try Fixture.bytes(name)
  var random = RepeatableRandom(42)
  var refused = 0
  for round in 0..<600 {
    let mutated = random.mutated(bytes)
    do {
      _ = try FeaturePickleImport(mutated, location: name)
    } catch is PickleError {
      refused += 1
    } catch is FeatureImportError {
      continue
    } catch {
      Issue.record("round \(round): \(error)")
    }
  }
  #expect(refused > 40)
}

@Test func aFileOfAnotherFormatIsCalledThat() throws {
  #expect(try refusal(Array("version https://git-lfs.github.com/spec/v1\n".utf8)).contains("a Git LFS pointer"))
  #expect(try refusal(Array("PK\u{3}\u{4}".utf8) + [0x14, 0]).contains("a zip archive"))
  #expect(try refusal([0x1F, 0x8B, 8]).contains("gunzip"))
}
