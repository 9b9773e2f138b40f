import DialogueDomain
import Foundation
import Transcripts

/// What the reading process sends its parent: the bundle, or why there is none.
///
/// Layout: a mark, the length of a flat message, the message (names, numbers, widths of tables, or an error), then for each
/// table one byte per row that tells whether it is missing, then for each part of the bundle each table's features as they lie
/// in memory. Both sides cut the bundle into the same parts; who is slow to take them has the other wait.
enum ReaderReply {
  private static let mark = 0x414D_4251_0002
  private static let headerSize = 16
  /// What an error may take beyond the limit for bundles.
  private static let smallReply = 1 << 20

  /// What comes before the features.
  struct Opening {
    let outline: BundleOutline
    let digest: String
    let byteCount: Int
    let transcript: TranscriptReport?
  }

  /// - Returns: false when there is nobody at the other end.
  static func send(_ error: BundleError, over channel: ReaderChannel) -> Bool {
    var message = FlatMessage()
    message.append(UInt8(0))
    message.append(String(decoding: (try? JSONEncoder().encode(error)) ?? Data(), as: UTF8.self))
    return send(message, over: channel)
  }

  /// - Returns: false when there is nobody at the other end.
  /// - Throws: what reading the features once more throws.
  static func send(_ file: DecodedFile, over channel: ReaderChannel) throws -> Bool {
    let outline = file.bundle.outline
    var message = FlatMessage()
    message.append(UInt8(1))
    message.append(file.digest)
    message.append(file.byteCount)
    message.append(file.transcript) { message, report in
      message.append(String(decoding: (try? JSONEncoder().encode(report)) ?? Data(), as: UTF8.self))
    }
    append(outline, to: &message)
    guard send(message, over: channel) else { return false }
    for (_, table) in outline.features.sorted(by: { $0.key < $1.key }) {
      guard channel.send(table.missing.map { UInt8($0 ? 1 : 0) }) else { return false }
    }
    for part in outline.parts {
      for (_, table) in try file.bundle.features(of: part).sorted(by: { $0.key < $1.key }) {
        guard channel.send(table.values) else { return false }
      }
    }
    return true
  }

  private static func send(_ message: FlatMessage, over channel: ReaderChannel) -> Bool {
    var header = FlatMessage()
    header.append(mark)
    header.append(message.bytes.count)
    return channel.send(header.bytes) && channel.send(message.bytes)
  }

  /// - Parameter limit: bytes that the bundle may take.
  /// - Throws: the `BundleError` in the reply, one that says the reply is nonsense, or `ReaderChannel.Failure`.
  static func receive(over channel: ReaderChannel, limit: Int) throws -> Opening {
    var header = FlatMessageReader(try channel.receive(headerSize, of: UInt8.self))
    guard try header.integer() == mark else { throw BundleError.readerGarbled("another kind of reply") }
    let length = try header.integer()
    guard (0...(limit + smallReply)).contains(length) else {
      throw BundleError.readerGarbled("a message of \(length) bytes")
    }
    var message = FlatMessageReader(try channel.receive(length, of: UInt8.self))
    guard try message.byte() == 1 else {
      let text = try message.text()
      guard let error = try? JSONDecoder().decode(BundleError.self, from: Data(text.utf8)) else {
        throw BundleError.readerGarbled("an error that cannot be understood")
      }
      throw error
    }
    let digest = try message.text()
    let byteCount = try message.integer()
    let transcript = try message.optional { message in
      guard let report = try? JSONDecoder().decode(TranscriptReport.self, from: Data(try message.text().utf8)) else {
        throw BundleError.readerGarbled("a report that cannot be understood")
      }
      return report
    }
    let outline = try outline(&message, channel, limit: limit)
    return Opening(outline: outline, digest: digest, byteCount: byteCount, transcript: transcript)
  }

  /// The features of the next part.
  ///
  /// - Throws: `ReaderChannel.Failure`.
  static func receive(
    _ dialogues: Range<Int>, of outline: BundleOutline, over channel: ReaderChannel
  ) throws -> FeatureBundle {
    let rows = outline.rows(of: dialogues)
    var features: [Modality: FeatureTable] = [:]
    for (modality, table) in outline.features.sorted(by: { $0.key < $1.key }) {
      features[modality] = FeatureTable(
        width: table.width, values: try channel.receive(rows.count * table.width, of: Float.self),
        missing: Array(table.missing[rows]))
    }
    return outline.part(dialogues, features: features)
  }

  private static func append(_ bundle: BundleOutline, to message: inout FlatMessage) {
    message.append(bundle.dataset) { $0.append($1) }
    message.append(bundle.extractors.count)
    for (modality, extractor) in bundle.extractors {
      message.append(modality.rawValue)
      message.append(extractor)
    }
    message.append(bundle.emotions) { message, emotions in
      message.append(emotions.count)
      emotions.names.forEach { message.append($0) }
    }
    message.append(bundle.dialogues.count)
    for dialogue in bundle.dialogues {
      message.append(dialogue.id)
      message.append(dialogue.rows.upperBound)
    }
    message.append(bundle.utterances.count)
    for utterance in bundle.utterances {
      message.append(utterance.id)
      message.append(utterance.speaker)
      message.append(utterance.start) { $0.append($1) }
      message.append(utterance.end) { $0.append($1) }
      message.append(utterance.label) { $0.append($1) }
      message.append(utterance.text) { $0.append($1) }
    }
    message.append(bundle.features.count)
    for (modality, table) in bundle.features.sorted(by: { $0.key < $1.key }) {
      message.append(modality.rawValue)
      message.append(table.width)
    }
  }

  private static func outline(
    _ message: inout FlatMessageReader, _ channel: ReaderChannel, limit: Int
  ) throws -> BundleOutline {
    let dataset = try message.optional { try $0.text() }
    var extractors: [Modality: String] = [:]
    for _ in 0..<(try message.count(ofSize: 16)) {
      extractors[try modality(&message)] = try message.text()
    }
    let emotions = try message.optional { message in
      EmotionSet(try (0..<(try message.count(ofSize: 8))).map { _ in try message.text() })
    }
    var end = 0
    let dialogues = try (0..<(try message.count(ofSize: 16))).map { _ in
      let id = try message.text()
      let start = end
      end = try message.integer()
      guard end > start else { throw BundleError.readerGarbled("a dialogue that ends before it starts") }
      return Dialogue(id: id, rows: start..<end)
    }
    let utterances = try (0..<(try message.count(ofSize: 20))).map { _ in
      Utterance(
        id: try message.text(), speaker: try message.text(), start: try message.optional { try $0.double() },
        end: try message.optional { try $0.double() },
        label: try message.optional { try label(&$0, emotions) }, text: try message.optional { try $0.text() })
    }
    guard end == utterances.count else { throw BundleError.readerGarbled("dialogues that do not cover the utterances") }
    let widths = try (0..<(try message.count(ofSize: 16))).map { _ in
      (try modality(&message), try message.integer())
    }
    guard message.isAtEnd else { throw BundleError.readerGarbled("more than a bundle") }
    var features: [Modality: FeatureOutline] = [:]
    for (modality, width) in widths {
      features[modality] = try table(channel, width: width, rows: utterances.count, limit: limit)
    }
    return BundleOutline(
      dataset: dataset, extractors: extractors, emotions: emotions, dialogues: dialogues, utterances: utterances,
      features: features)
  }

  private static func modality(_ message: inout FlatMessageReader) throws -> Modality {
    let name = try message.text()
    guard let modality = Modality(rawValue: name) else { throw BundleError.readerGarbled("a modality \"\(name)\"") }
    return modality
  }

  private static func label(_ message: inout FlatMessageReader, _ emotions: EmotionSet?) throws -> Int {
    let label = try message.integer()
    guard (0..<(emotions?.count ?? 0)).contains(label) else { throw BundleError.readerGarbled("a label \(label)") }
    return label
  }

  private static func table(
    _ channel: ReaderChannel, width: Int, rows: Int, limit: Int
  ) throws -> FeatureOutline {
    let (count, overflow) = rows.multipliedReportingOverflow(by: width)
    guard width > 0, !overflow, count <= limit / MemoryLayout<Float>.stride else {
      throw BundleError.readerGarbled("a table of \(width) columns")
    }
    return FeatureOutline(width: width, missing: try channel.receive(rows, of: UInt8.self).map { $0 != 0 })
  }
}

/// A byte string being built from numbers and texts, little-endian, each text after its length.
struct FlatMessage {
  private(set) var bytes: [UInt8] = []

  mutating func append(_ value: UInt8) {
    bytes.append(value)
  }

  mutating func append(_ value: Int) {
    withUnsafeBytes(of: Int64(value).littleEndian) { bytes.append(contentsOf: $0) }
  }

  mutating func append(_ value: Double) {
    withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
  }

  mutating func append(_ text: String) {
    append(text.utf8.count)
    bytes.append(contentsOf: text.utf8)
  }

  /// A byte that tells whether there is a value, then the value.
  mutating func append<Value>(_ value: Value?, _ appendValue: (inout FlatMessage, Value) -> Void) {
    append(UInt8(value == nil ? 0 : 1))
    if let value { appendValue(&self, value) }
  }
}

/// Takes apart what `FlatMessage` built, trusting none of it.
struct FlatMessageReader {
  private let bytes: [UInt8]
  private var position = 0

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  var isAtEnd: Bool { position == bytes.count }

  mutating func byte() throws -> UInt8 {
    try take(1)[position - 1]
  }

  mutating func integer() throws -> Int {
    Int(Int64(bitPattern: try word()))
  }

  mutating func double() throws -> Double {
    Double(bitPattern: try word())
  }

  mutating func text() throws -> String {
    let count = try integer()
    guard let text = String(validating: try take(count), as: UTF8.self) else {
      throw BundleError.readerGarbled("a text that is not UTF-8")
    }
    return text
  }

  mutating func optional<Value>(_ value: (inout FlatMessageReader) throws -> Value) throws -> Value? {
    switch try byte() {
    case 0: nil
    case 1: try value(&self)
    case let other: throw BundleError.readerGarbled("the mark \(other)")
    }
  }

  /// A count of elements that take at least `size` bytes each.
  mutating func count(ofSize size: Int) throws -> Int {
    let count = try integer()
    guard count >= 0, count <= (bytes.count - position) / size else {
      throw BundleError.readerGarbled("a count of \(count)")
    }
    return count
  }

  private mutating func word() throws -> UInt64 {
    try take(8).reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  private mutating func take(_ count: Int) throws -> ArraySlice<UInt8> {
    guard count >= 0, count <= bytes.count - position else {
      throw BundleError.readerGarbled("a message that ends early")
    }
    defer { position += count }
    return bytes[position..<(position + count)]
  }
}
