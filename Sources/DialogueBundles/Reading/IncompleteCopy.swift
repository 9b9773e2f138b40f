import DialogueDomain
import Foundation

/// What one feature dataset tells about whether the file was copied to its end.
struct FeatureTrace {
  let path: String
  /// Rows whose every value is exactly zero.
  let zeroRows: [Bool]
  /// The bytes of the file that hold the rows, where they lie in one piece.
  let contiguous: Range<Int>?
  /// Read through a checksum: its zeros were written as zeros.
  let isChecksummed: Bool
}

/// The run of zero bytes at the end of a file, which a copy leaves that was cut off after the space was reserved.
///
/// Such a copy has its full length and opens cleanly when the zeros fall on plain data. Zeros alone prove nothing: audio may
/// be zero throughout, and rows without a face are often filled with zeros. So a bundle is refused only when
/// - the last two or more utterances are zero in every modality, or
/// - every text row is zero, or
/// - the zero run starts inside one feature table and swallows all of another, or
/// - it starts inside a feature table at a multiple of 4,096 bytes and in the middle of a row.
/// Checksummed tables are beyond suspicion, and so is the whole file when a digest beside it matches.
struct ZeroTail {
  /// Offset of the run; the file's size where it does not end in zeros.
  let start: Int
  let fileSize: Int
  /// A digest beside the file matches: nothing is refused for its zeros.
  let isVouchedFor: Bool

  private static let block = 4096

  init(_ image: FileImage, isVouchedFor: Bool) {
    start = image.zeroTailStart
    fileSize = image.bytes.count
    self.isVouchedFor = isVouchedFor
  }

  /// Refuses a list that can never end in a zero element, such as ids, when its last element lies in the run.
  func refuse(_ list: HDF5Dataset, elementSize: Int) throws {
    guard !isVouchedFor, let bytes = list.storage.contiguous, bytes.count >= elementSize,
      bytes.upperBound <= fileSize, bytes.upperBound - elementSize >= start
    else { return }
    throw BundleError.incompleteCopy(at: list.path, found: description, expected: "its values")
  }

  /// Refuses feature tables whose zeros can only come from a copy that was cut off.
  func refuseIncomplete(_ tables: [FeatureTrace]) throws {
    guard !isVouchedFor else { return }
    try refuseZeroUtterances(tables)
    for table in tables where table.path == BundleFormat.Path.features(.text) && !table.isChecksummed {
      if table.zeroRows.count > 1, table.zeroRows.allSatisfy({ $0 }) {
        throw BundleError.incompleteCopy(at: table.path, found: "only zeros", expected: "text features")
      }
    }
    for table in tables {
      guard let bytes = table.contiguous, bytes.lowerBound < start, start < bytes.upperBound else { continue }
      let swallowed = tables.first { other in other.contiguous.map { $0.lowerBound >= start && !$0.isEmpty } ?? false }
      guard swallowed != nil || isCutMidRow(table, bytes) else { continue }
      let row = (start - bytes.lowerBound) / max(1, bytes.count / max(1, table.zeroRows.count))
      throw BundleError.incompleteCopy(
        at: "\(table.path) row \(row)", found: description,
        expected: swallowed.map { "the rest of it, and \($0.path)" } ?? "the rest of it")
    }
  }

  /// What a failure of the library means, given how the file ends.
  func fault(of failure: HDF5Failure, at place: String? = nil) -> BundleError {
    if failure.cause.hasPrefix("bad version number") { return .newerHDF5(at: place, cause: failure.cause) }
    // The library itself leaves up to 2,048 unused bytes at the end of a sound file.
    guard fileSize - start >= Self.block, !isVouchedFor else { return .damaged(at: place, cause: failure.cause) }
    return .incompleteCopy(at: place, found: description, expected: "HDF5 structures")
  }

  private var description: String {
    "only zero bytes from byte \(start) to the end, byte \(fileSize)"
  }

  private func refuseZeroUtterances(_ tables: [FeatureTrace]) throws {
    guard let rows = tables.first?.zeroRows.count else { return }
    var first = rows
    while first > 0, tables.allSatisfy({ $0.zeroRows[first - 1] && !$0.isChecksummed }) { first -= 1 }
    guard rows - first > 1 else { return }
    throw BundleError.incompleteCopy(
      at: "\(tables.map(\.path).joined(separator: ", ")) row \(first)",
      found: "only zeros from there on, in the last \(rows - first) utterances", expected: "features")
  }

  /// Cut at a block's edge, as copying programs and filesystems do, and not between two rows, as zero-filled rows are.
  private func isCutMidRow(_ table: FeatureTrace, _ bytes: Range<Int>) -> Bool {
    let edge = (start + Self.block - 1) / Self.block * Self.block
    let rowBytes = bytes.count / max(1, table.zeroRows.count)
    guard edge - start < 16, edge < bytes.upperBound, rowBytes > 0 else { return false }
    return (edge - bytes.lowerBound) % rowBytes >= 16 && (start - bytes.lowerBound) % rowBytes != 0
  }
}
