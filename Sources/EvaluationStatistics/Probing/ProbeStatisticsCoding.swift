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
    var sums = ProbeSums()
    try sums.add(encoded: data)
    self = sums.sums.first ?? .zero
  }

  /// Adds what follows the shape in the stored form; the statistics must be of that shape.
  fileprivate mutating func add(
    from reader: inout CountReader, shape: ProbeShape, version: Int, withCurves: Bool
  ) throws(ProbeStatisticsError) {
    bundles += try reader.count()
    dialogues += try reader.count()
    utterances += try reader.count()
    unlabelled += try reader.count()
    try clean.add(from: &reader, shape: shape)
    try noise.add(from: &reader, shape: shape)
    try grid.add(from: &reader)
    try extremes.add(from: &reader, shape: shape)
    try simplex.add(from: &reader)
    try subsets.add(from: &reader, shape: shape)
    try dropped.add(from: &reader, shape: shape)
    try gaps.add(from: &reader, shape: shape)
    try certainty.add(from: &reader, shape: shape)
    try health.add(from: &reader, shape: shape)
    if withCurves {
      try curves.add(from: &reader, shape: shape)
    } else {
      try DialogueCurves.skip(in: &reader, shape: shape)
    }
    // Version 1 did not keep them, nor does a sum with statistics of that version.
    let count = version > 1 ? try reader.count() : 0
    guard count == 0 || count == shape.modalities.count else { throw reader.damaged("sums of \(count) modalities") }
    var read: [ExactSum] = []
    for _ in 0..<count { read.append(try reader.sum()) }
    strengths = zip(strengths, read).map { $0 + $1 }
  }
}

/// Stored probe statistics, added up as they are read: one sum for each shape, for different ones do not add up.
public struct ProbeSums: Sendable {
  /// In the order in which the shapes came.
  public private(set) var sums: [ProbeStatistics] = []
  /// The shape that was read last, as it is written, and the place of its sum.
  private var last: (text: String, place: Int)?

  private let withCurves: Bool

  /// Nothing added yet.
  ///
  /// - Parameter withCurves: whether to keep the curves of each dialogue, which are most of what a sum holds.
  public init(withCurves: Bool = true) {
    self.withCurves = withCurves
  }

  /// Adds one bundle's statistics.
  ///
  /// - Parameter data: their stored form; the statistics of nothing are passed over.
  /// - Throws: `ProbeStatisticsError` where the bytes are damaged or of another version; the sums are of no use then.
  public mutating func add(encoded data: some Sequence<UInt8>) throws(ProbeStatisticsError) {
    var reader = CountReader(Array(data))
    let version = try reader.next()
    guard (1...ProbeStatistics.version).contains(version) else { throw .version(found: version) }
    let text = try reader.text()
    if !text.isEmpty {
      let place = try place(of: text, reader)
      guard let shape = sums[place].shape else { return }
      try sums[place].add(from: &reader, shape: shape, version: version, withCurves: withCurves)
    }
    guard reader.isAtEnd else { throw reader.damaged("more bytes than the shape calls for") }
  }

  /// The place of a shape's sum, which is made where there is none.
  private mutating func place(of text: String, _ reader: CountReader) throws(ProbeStatisticsError) -> Int {
    if let last, last.text == text { return last.place }
    guard let shape = try? JSONDecoder().decode(ProbeShape.self, from: Data(text.utf8)) else {
      throw reader.damaged("a shape that cannot be read")
    }
    let known = sums.firstIndex { $0.shape == shape }
    if known == nil { sums.append(ProbeStatistics(shape: shape)) }
    let place = known ?? sums.count - 1
    last = (text, place)
    return place
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
