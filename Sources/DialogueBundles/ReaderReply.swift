import DialogueDomain
import Foundation

/// What the reading process sends its parent: the bundle, or why there is none.
///
/// Layout: a mark, the length of a flat message, the message (names, numbers, widths of tables, or an error), then for each
/// table one byte per row that tells whether it is missing, and the features as they lie in memory.
enum ReaderReply {
  private static let mark = 0x414D_4251_0001
  private static let headerSize = 16
  /// What an error may take beyond the limit for bundles.
  private static let smallReply = 1 << 20

  /// - Returns: false when there is nobody at the other end.
  static func send(_ result: Result<BundleReading, BundleError>, over channel: ReaderChannel) -> Bool {
    var message = FlatMessage()
    var tables: [FeatureTable] = []
    switch result {
    case .failure(let error):
      message.append(UInt8(0))
      message.append(String(decoding: (try? JSONEncoder().encode(error)) ?? Data(), as: UTF8.self))
    case .success(let reading):
      message.append(UInt8(1))
      message.append(reading.digest)
      message.append(reading.byteCount)
      append(reading.bundle, to: &message)
      tables = reading.bundle.features.sorted { $0.key < $1.key }.map(\.value)
    }
    var header = FlatMessage()
    header.append(mark)
    header.append(message.bytes.count)
    return channel.send(header.bytes) && channel.send(message.bytes)
      && tables.allSatisfy { channel.send($0.missing.map { UInt8($0 ? 1 : 0) }) && channel.send($0.values) }
  }

  /// - Parameter limit: bytes that the bundle may take.
  /// - Throws: the `BundleError` in the reply, one that says the reply is nonsense, or `ReaderChannel.Failure`.
  static func receive(over channel: ReaderChannel, limit: Int) throws -> BundleReading {
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
    let bundle = try bundle(&message, channel, limit: limit)
    return BundleReading(bundle: bundle, digest: digest, byteCount: byteCount)
  }

  private static func append(_ bundle: FeatureBundle, to message: inout FlatMessage) {
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
    }
    message.append(bundle.features.count)
    for (modality, table) in bundle.features.sorted(by: { $0.key < $1.key }) {
      message.append(modality.rawValue)
      message.append(table.width)
    }
  }

  private static func bundle(
    _ message: inout FlatMessageReader, _ channel: ReaderChannel, limit: Int
  ) throws -> FeatureBundle {
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
    let utterances = try (0..<(try message.count(ofSize: 19))).map { _ in
      Utterance(
        id: try message.text(), speaker: try message.text(), start: try message.optional { try $0.double() },
        end: try message.optional { try $0.double() },
        label: try message.optional { try label(&$0, emotions) })
    }
    guard end == utterances.count else { throw BundleError.readerGarbled("dialogues that do not cover the utterances") }
    let widths = try (0..<(try message.count(ofSize: 16))).map { _ in
      (try modality(&message), try message.integer())
    }
    guard message.isAtEnd else { throw BundleError.readerGarbled("more than a bundle") }
    var features: [Modality: FeatureTable] = [:]
    for (modality, width) in widths {
      features[modality] = try table(channel, width: width, rows: utterances.count, limit: limit)
    }
    return FeatureBundle(
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
  ) throws -> FeatureTable {
    let (count, overflow) = rows.multipliedReportingOverflow(by: width)
    guard width > 0, !overflow, count <= limit / MemoryLayout<Float>.stride else {
      throw BundleError.readerGarbled("a table of \(width) columns")
    }
    let missing = try channel.receive(rows, of: UInt8.self).map { $0 != 0 }
    return FeatureTable(width: width, values: try channel.receive(count, of: Float.self), missing: missing)
  }
}
