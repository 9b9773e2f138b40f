import DialogueDomain
import Foundation
import OperatingSystem

/// Writes named single-precision tensors as a safetensors file.
public enum SafetensorsWriter {
  /// The file's content: equal tensors in equal order give equal bytes.
  ///
  /// - Throws: `EncodingError` where the header cannot be encoded.
  public static func data(_ tensors: [NamedTensor]) throws -> Data {
    var header: [String: HeaderEntry] = [:]
    var position = 0
    for tensor in tensors {
      let end = position + tensor.values.count * 4
      header[tensor.name] = HeaderEntry(dtype: "F32", shape: tensor.shape, data_offsets: [position, end])
      position = end
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    var json = try encoder.encode(header)
    // Padded so that the tensors begin on a multiple of eight bytes.
    json.append(contentsOf: [UInt8](repeating: 0x20, count: (8 - json.count % 8) % 8))
    var data = Data(capacity: 8 + json.count + position)
    withUnsafeBytes(of: UInt64(json.count).littleEndian) { data.append(contentsOf: $0) }
    data.append(json)
    for tensor in tensors {
      let words = tensor.values.map(\.bitPattern.littleEndian)
      words.withUnsafeBytes { data.append(contentsOf: $0) }
    }
    return data
  }

  /// Writes the file so that it is wholly there after a crash, or the old one is.
  ///
  /// - Throws: `StorageError` where the file cannot be written.
  public static func write(_ tensors: [NamedTensor], to url: URL) throws {
    try DurableFile.write(data(tensors), to: url)
  }

  private struct HeaderEntry: Encodable {
    let dtype: String
    let shape: [Int]
    let data_offsets: [Int]
  }
}
