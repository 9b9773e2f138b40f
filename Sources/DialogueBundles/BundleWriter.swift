import CHDF5
import DialogueDomain
import Foundation
import OperatingSystem

/// Writes dialogue feature bundles: chunked, compressed, every value under a checksum, equal content in equal bytes.
///
/// ```swift
/// let bundle = FeatureBundle(
///   extractors: [.text: "my-extractor/3"], dialogues: [Dialogue(id: "talk", rows: 0..<2)],
///   utterances: [Utterance(id: "1", speaker: "Ada"), Utterance(id: "2", speaker: "Ben")],
///   features: [.text: FeatureTable(width: 3, values: [1, 2, 3, 4, 5, 6], missing: [false, false])])
/// try BundleWriter(precision: [.text: .half]).write(bundle, to: URL(fileURLWithPath: "talk.h5"))
/// ```
public struct BundleWriter: Sendable {
  /// The number format that features are stored in.
  public enum Precision: Sendable, Hashable {
    /// 16 bits: half the size, three significant digits, magnitudes up to 65,504.
    case half
    /// 32 bits: exactly the values in memory.
    case single
  }

  /// The precision of each modality; single where it is not named.
  public var precision: [Modality: Precision]
  /// The deflate level, from 0 for none to 9.
  public var compression: Int

  /// - Parameters:
  ///   - precision: single where a modality is not named.
  ///   - compression: the deflate level, brought into 0 to 9.
  public init(precision: [Modality: Precision] = [:], compression: Int = 4) {
    self.precision = precision
    self.compression = min(max(compression, 0), 9)
  }

  /// Writes the bundle under a temporary name, syncs it and renames it to `url`.
  ///
  /// What is written has been read back and checked first, so that every bundle of this writer is one that the reader takes.
  /// - Throws: `BundleError` for content that the format does not allow; `StorageError` when writing fails.
  public func write(_ bundle: FeatureBundle, to url: URL) throws {
    let content: Data
    do {
      content = try self.content(of: bundle)
    } catch let error as BundleError {
      throw error.inFile(url.lastPathComponent)
    } catch let failure as HDF5Failure {
      throw BundleError.damaged(cause: failure.cause).inFile(url.lastPathComponent)
    }
    try DurableFile.write(content, to: url)
  }

  /// The bytes of the file.
  func content(of bundle: FeatureBundle) throws -> Data {
    let composer = try HDF5Composer()
    try writeAttributes(of: bundle, to: composer)
    try writeDialogues(of: bundle, to: composer)
    try writeUtterances(of: bundle, to: composer)
    for (modality, table) in bundle.features.sorted(by: { $0.key < $1.key }) {
      try write(table, of: modality, to: composer)
    }
    let content = try composer.content()
    let image = content.withUnsafeBytes { FileImage(copying: $0) }
    let zeroTail = ZeroTail(image, isVouchedFor: true)
    _ = try BundleDecoder(image, zeroTail: zeroTail, sizeLimit: BundleReader.defaultSizeLimit).decode()
    return content
  }

  private func writeAttributes(of bundle: FeatureBundle, to composer: HDF5Composer) throws {
    try composer.attribute(BundleFormat.Attribute.format, BundleFormat.name)
    try composer.attribute(BundleFormat.Attribute.version, BundleFormat.version)
    if let dataset = bundle.dataset { try composer.attribute(BundleFormat.Attribute.dataset, dataset) }
    for (modality, extractor) in bundle.extractors.sorted(by: { $0.key < $1.key }) {
      try composer.attribute(BundleFormat.Attribute.extractor(modality), extractor)
    }
    if let emotions = bundle.emotions { try composer.attribute(BundleFormat.Attribute.emotions, emotions.names) }
  }

  private func writeDialogues(of bundle: FeatureBundle, to composer: HDF5Composer) throws {
    var offsets: [Int64] = [0]
    for (row, dialogue) in bundle.dialogues.enumerated() {
      guard Int64(dialogue.rows.lowerBound) == offsets[row] else {
        throw BundleError.offsetsNotMonotone(row: row, found: Int64(dialogue.rows.lowerBound), previous: offsets[row])
      }
      offsets.append(Int64(dialogue.rows.upperBound))
    }
    try composer.group("/dialogue")
    try composer.write(
      names: bundle.dialogues.map(\.id), packing: list(bundle.dialogues.count), at: BundleFormat.Path.dialogueID)
    try composer.write(
      offsets, [offsets.count], memory: hdf5_native_int64(), stored: hdf5_little_int64(), packing: list(offsets.count),
      at: BundleFormat.Path.offset)
  }

  private func writeUtterances(of bundle: FeatureBundle, to composer: HDF5Composer) throws {
    let utterances = bundle.utterances
    let packing = list(utterances.count)
    try composer.write(names: utterances.map(\.speaker), packing: packing, at: BundleFormat.Path.speaker)
    try composer.group("/utterance")
    try composer.write(names: utterances.map(\.id), packing: packing, at: BundleFormat.Path.utteranceID)
    if utterances.contains(where: { $0.start != nil || $0.end != nil }) {
      for (path, times) in [
        (BundleFormat.Path.start, utterances.map(\.start)), (BundleFormat.Path.end, utterances.map(\.end)),
      ] {
        try composer.write(
          times.map { $0 ?? .nan }, [times.count], memory: hdf5_native_double(), stored: hdf5_little_float64(),
          packing: packing, at: path)
      }
    }
    if utterances.contains(where: { $0.text != nil }) {
      try composer.write(names: utterances.map { $0.text ?? "" }, packing: packing, at: BundleFormat.Path.text)
    }
    if utterances.contains(where: { $0.label != nil }) {
      try composer.write(
        utterances.map { Int64($0.label ?? -1) }, [utterances.count], memory: hdf5_native_int64(),
        stored: hdf5_little_int32(), packing: packing, at: BundleFormat.Path.label)
    }
  }

  private func write(_ table: FeatureTable, of modality: Modality, to composer: HDF5Composer) throws {
    var values = table.values
    for row in table.missing.indices where table.missing[row] {
      values.replaceSubrange(
        (row * table.width)..<((row + 1) * table.width), with: repeatElement(.nan, count: table.width))
    }
    let path = BundleFormat.Path.features(modality)
    let isHalf = precision[modality] == .half
    // Half a mebibyte a chunk: well within the library's cache of one.
    let rows = (512 << 10) / max(1, table.width * (isHalf ? 2 : 4))
    let packing = HDF5Composer.Packing(chunkRows: max(1, rows), compression: compression)
    let shape = [table.rows, table.width]
    guard isHalf else {
      return try composer.write(
        values, shape, memory: hdf5_native_float(), stored: hdf5_little_float32(), packing: packing, at: path)
    }
    let memory = try HDF5Object(hdf5_half(hdf5_native_float()))
    let stored = try HDF5Object(hdf5_half(hdf5_little_float32()))
    let halves = try values.enumerated().map { index, value in
      let half = Float16(value)
      guard half.isFinite || !value.isFinite else {
        throw BundleError.beyondHalfPrecision(
          at: "\(path) row \(index / table.width) column \(index % table.width)", found: value)
      }
      return half
    }
    try composer.write(
      halves, shape, memory: memory.identifier, stored: stored.identifier, packing: packing, at: path)
  }

  private func list(_ count: Int) -> HDF5Composer.Packing {
    HDF5Composer.Packing(chunkRows: min(max(1, count), 4096), compression: compression)
  }
}
