import DialogueDomain
import Foundation
import TestFolders
import Testing

@testable import AMBDSGDN

@Suite struct SafetensorsTests {
  private let temporary: TemporaryFolder
  private var folder: URL { temporary.url }

  init() throws {
    temporary = try TemporaryFolder()
  }

  /// A file of a hand-written header and some bytes.
  private func file(header: String, bytes: Int, length: UInt64? = nil) throws -> URL {
    var data = Data()
    withUnsafeBytes(of: (length ?? UInt64(header.utf8.count)).littleEndian) { data.append(contentsOf: $0) }
    data.append(Data(header.utf8))
    data.append(Data(repeating: 0, count: bytes))
    let url = folder.appendingPathComponent("\(UUID().uuidString).safetensors")
    try data.write(to: url)
    return url
  }

  private func message(_ url: URL) -> String {
    do {
      _ = try SafetensorsFile(url)
      return "read without complaint"
    } catch {
      return "\(error)"
    }
  }

  @Test func whatIsWrittenIsReadBack() throws {
    let url = folder.appendingPathComponent("round.safetensors")
    let tensors = [
      NamedTensor(name: "b", shape: [2, 3], values: [1, -2, 3.5, 0, .leastNonzeroMagnitude, 6]),
      NamedTensor(name: "a.weight", shape: [1], values: [7]),
    ]
    try SafetensorsWriter.write(tensors, to: url)
    let read = try SafetensorsFile(url)
    #expect(Set(read.entries.keys) == ["a.weight", "b"])
    #expect(read.entries["b"]?.shape == [2, 3])
    #expect(read.floats("b") == tensors[0].values)
    #expect(read.floats("absent") == nil)
  }

  @Test func halfPrecisionIsExact() throws {
    // 1, −2, the smallest subnormal, infinity, 65504.
    let words: [UInt16] = [0x3C00, 0xC000, 0x0001, 0x7C00, 0x7BFF]
    let data = words.withUnsafeBytes { Data($0) }
    let values = data.withUnsafeBytes { TensorType.half.floats($0, count: 5) }
    #expect(values == [1, -2, 0x1p-24, .infinity, 65504])
  }

  @Test func everyDamageIsNamed() throws {
    let good = #"{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#
    #expect(message(try file(header: good, bytes: 8)) == "read without complaint")
    #expect(message(try file(header: good, bytes: 4)).contains("byte range [0, 8]"))
    #expect(message(try file(header: good, bytes: 12)).contains("4 bytes that belong to no tensor"))
    #expect(
      message(try file(header: good, bytes: 8, length: 1 << 60)).contains("a header of 1152921504606846976 bytes"))
    #expect(message(try file(header: "not json", bytes: 8)).contains("a header that cannot be read"))
    let wrongSize = #"{"w":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}"#
    #expect(message(try file(header: wrongSize, bytes: 8)).contains("12 bytes for F32 [3]"))
    let overflow = #"{"w":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,8]}}"#
    #expect(message(try file(header: overflow, bytes: 8)).contains("a smaller one"))
    let negative = #"{"w":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}"#
    #expect(message(try file(header: negative, bytes: 8)).contains("a smaller one"))
    let unknown = #"{"w":{"dtype":"C64","shape":[1],"data_offsets":[0,8]}}"#
    #expect(message(try file(header: unknown, bytes: 8)).contains("the tensor's element type is not supported"))
    let overlap = """
      {"v":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"w":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}
      """
    #expect(message(try file(header: overlap, bytes: 8)).contains("data at byte"))
    let tiny = folder.appendingPathComponent("tiny.safetensors")
    try Data([1, 2, 3]).write(to: tiny)
    #expect(message(tiny).contains("3 bytes"))
  }
}
