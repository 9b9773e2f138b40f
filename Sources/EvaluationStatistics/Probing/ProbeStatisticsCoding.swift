import DialogueDomain
import Foundation

/// The stored form: the version, the shape as JSON, then the counts in the order below, as `CountWriter` writes them.
extension ProbeStatistics {
  /// The statistics as bytes; equal statistics give equal bytes.
  ///
  /// - Throws: `EncodingError` where the shape has a number that JSON cannot hold.
  public func encoded() throws -> Data {
    var writer = CountWriter()
    writer.append(Self.version)
    guard let shape else {
      writer.append("")
      return Data(writer.finished())
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    writer.append(String(decoding: try encoder.encode(shape), as: UTF8.self))
    writer.append([bundles, dialogues, utterances, unlabelled])
    clean.write(to: &writer)
    noise.write(to: &writer)
    grid.write(to: &writer)
    extremes.write(to: &writer)
    simplex.write(to: &writer)
    subsets.write(to: &writer)
    dropped.write(to: &writer)
    gaps.write(to: &writer)
    certainty.write(to: &writer)
    health.write(to: &writer)
    curves.write(to: &writer)
    writer.append([strengths.count])
    for strength in strengths { writer.append(strength) }
    return Data(writer.finished())
  }

  /// Reads the stored form.
  ///
  /// - Throws: `ProbeStatisticsError` where the bytes are damaged or of another version.
  public init(encoded data: some Sequence<UInt8>) throws(ProbeStatisticsError) {
    var reader = CountReader(Array(data))
    let version = try reader.next()
    guard (1...Self.version).contains(version) else { throw .version(found: version) }
    let text = try reader.text()
    if text.isEmpty {
      self = .zero
    } else {
      guard let shape = try? JSONDecoder().decode(ProbeShape.self, from: Data(text.utf8)) else {
        throw reader.damaged("a shape that cannot be read")
      }
      self.init(shape: shape)
      try read(from: &reader, shape: shape, version: version)
    }
    guard reader.isAtEnd else { throw reader.damaged("more bytes than the shape calls for") }
  }

  private mutating func read(
    from reader: inout CountReader, shape: ProbeShape, version: Int
  ) throws(ProbeStatisticsError) {
    bundles = try reader.count()
    dialogues = try reader.count()
    utterances = try reader.count()
    unlabelled = try reader.count()
    clean = try PerturbationCounts.read(from: &reader, shape: shape)
    noise = try .read(from: &reader, shape: shape, count: shape.noiseConditions)
    grid = try .read(from: &reader, shape: shape, conditions: shape.gridConditions)
    extremes = try .read(from: &reader, shape: shape, count: shape.extremeConditions)
    simplex = try .read(from: &reader, shape: shape, conditions: shape.simplexConditions)
    subsets = try .read(from: &reader, shape: shape, count: shape.subsetConditions)
    dropped = try .read(from: &reader, shape: shape, count: shape.droppedConditions)
    gaps = try .read(from: &reader, shape: shape, count: shape.gapConditions)
    certainty = try .read(from: &reader, shape: shape, count: shape.plan.certaintyIndices.count)
    health = try .read(from: &reader, shape: shape, count: shape.modalities.count)
    curves = try DialogueCurves.read(from: &reader, shape: shape)
    strengths = []
    // Version 1 did not keep them, nor does a sum with statistics of that version.
    guard version > 1 else { return }
    let count = try reader.count()
    guard count == 0 || count == shape.modalities.count else { throw reader.damaged("sums of \(count) modalities") }
    for _ in 0..<count { strengths.append(try reader.sum()) }
  }
}

extension ProbeStatistics: Codable {
  /// - Throws: `DecodingError` where what is decoded is no data, `ProbeStatisticsError` where they are damaged.
  public init(from decoder: any Decoder) throws {
    try self.init(encoded: decoder.singleValueContainer().decode(Data.self))
  }

  /// - Throws: `EncodingError` where the encoder cannot take the values.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(encoded())
  }
}

/// Stored probe statistics that cannot be read.
public enum ProbeStatisticsError: ExplainedError, Equatable {
  /// The bytes are not what was written.
  case damaged(byte: Int, found: String)
  /// Written by a version of the programs that this one does not know.
  case version(found: Int)

  public var explanation: Explanation {
    switch self {
    case .damaged(let byte, let found):
      Explanation(
        .data, "stored probe statistics are damaged", at: "byte \(byte)", found: found,
        remedy: "Score the bundle again to probe it anew.")
    case .version(let found):
      Explanation(
        .data, "stored probe statistics are of another version", found: "version \(found)",
        expected: "version \(ProbeStatistics.version)",
        remedy: "Use the version of the programs that wrote them, or score the bundle again.")
    }
  }
}
