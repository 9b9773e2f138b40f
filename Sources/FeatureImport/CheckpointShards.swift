import DialogueDomain
import Foundation

/// The files that a checkpoint is spread over: `model-00001-of-00003.safetensors` and its like, or one file alone.
public struct CheckpointShards: Sendable, Hashable {
  /// In the order of their numbers.
  public let files: [URL]

  /// Finds the other shards of the one that is named, or all that an index names.
  ///
  /// - Parameter url: a whole checkpoint, any of its shards, or the `.index.json` beside them.
  /// - Throws: `FeatureImportError` that names the shards that are not there.
  public init(_ url: URL) throws {
    if url.lastPathComponent.hasSuffix(".index.json") {
      files = try Self.listed(url)
    } else if let match = url.lastPathComponent.wholeMatch(of: /(.+)-(\d+)-of-(\d+)(\..+)/),
      let count = Int(match.3), (1...10_000).contains(count)
    {
      let width = match.2.count
      files = (1...count).map { number in
        let digits = String(number)
        let padded = String(repeating: "0", count: max(0, width - digits.count)) + digits
        return url.deletingLastPathComponent()
          .appendingPathComponent("\(match.1)-\(padded)-of-\(match.3)\(match.4)")
      }
    } else {
      files = [url]
      return
    }
    let missing = files.filter { !FileManager.default.fileExists(atPath: $0.path) }.map(\.lastPathComponent)
    guard missing.isEmpty else {
      throw FeatureImportError(
        "shards of the checkpoint are missing", at: url.path,
        found:
          "\(files.count - missing.count) of \(files.count) files, not \(missing.prefix(5).joined(separator: ", "))",
        remedy: "Put all shards into one folder.")
    }
  }

  /// The files that an index names for its tensors.
  private static func listed(_ url: URL) throws -> [URL] {
    let bytes = try InputFile.bytes(of: url)
    let json = try? JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any]
    guard let map = json?["weight_map"] as? [String: String], !map.isEmpty,
      map.values.allSatisfy({ !$0.contains("/") })
    else {
      throw FeatureImportError(
        "not an index of shards", at: url.path, expected: "an object with weight_map, the file of each tensor")
    }
    return Set(map.values).sorted().map { url.deletingLastPathComponent().appendingPathComponent($0) }
  }
}
