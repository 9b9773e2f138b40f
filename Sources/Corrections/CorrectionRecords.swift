import DialogueDomain
import Foundation
import OperatingSystem

/// The corrections that a daemon has taken, as files: the folder `corrections` of a spool.
///
/// They are written before the index knows them and never deleted, so that an index that is made anew gets them back, and
/// `ambtrain` can learn from them without one. A record has the resolved corrections of one file, a line each.
public struct CorrectionRecords: Sendable {
  private let folder: URL
  private static let ending = ".jsonl"

  /// - Parameter folder: need not be there.
  public init(_ folder: URL) {
    self.folder = folder
  }

  /// What the record of a file is called: the time and the digest of the file, so that taking it twice makes one record.
  public static func name(of file: CorrectionFile) -> String {
    let time = CorrectionTime.text(file.modified).filter { $0 != ":" && $0 != "-" }
    return "\(time)-\(file.digest.prefix(16))\(ending)"
  }

  /// The records there are, in the order of their names.
  ///
  /// - Throws: an error of the file manager where the folder is there and cannot be read.
  public func names() throws -> [String] {
    guard FileManager.default.fileExists(atPath: folder.path) else { return [] }
    return try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix(Self.ending) && !$0.hasPrefix(".") }.sorted()
  }

  /// Whether there is a record of that name.
  public func holds(_ name: String) -> Bool { FileManager.default.fileExists(atPath: url(name).path) }

  /// Writes a record; it is on the disk when this returns.
  ///
  /// - Throws: `StorageError`.
  public func write(_ corrections: [Correction], as name: String) throws {
    try DurableFile.write(Self.content(corrections), to: url(name))
  }

  /// The bytes of a record: equal for equal corrections.
  ///
  /// - Throws: what the encoder throws.
  public static func content(_ corrections: [Correction]) throws -> Data {
    try CorrectionLine.text(corrections.map(CorrectionLine.init))
  }

  /// The corrections of a record, in their order.
  ///
  /// - Throws: `CorrectionError` where it is damaged, `StorageError` where it cannot be read.
  public func read(_ name: String) throws -> [Correction] { try Self.read(url(name)) }

  /// The corrections of a record that lies anywhere.
  ///
  /// - Throws: as `read`.
  public static func read(_ url: URL) throws -> [Correction] {
    let lines = try FileLines(url)
    let decoder = JSONDecoder()
    var corrections: [Correction] = []
    var number = 0
    while let bytes = try lines.next() {
      number += 1
      if bytes.isEmpty { continue }
      guard let line = try? decoder.decode(CorrectionLine.self, from: Data(bytes)), let digest = line.bundleDigest,
        let by = line.by, let account = line.account, let at = line.at.flatMap(CorrectionTime.date),
        let taken = line.taken.flatMap(CorrectionTime.date), (line.emotion == nil) == (line.withdrawn == true)
      else { throw CorrectionError.damagedRecord(url.lastPathComponent, line: number) }
      corrections.append(
        Correction(
          bundleDigest: digest, dialogue: line.dialogue, utterance: line.utterance, emotion: line.emotion, by: by,
          at: at, account: account, taken: taken))
    }
    return corrections
  }

  /// The last correction of each utterance: what `Correction` calls so.
  ///
  /// - Throws: as `read`, for the first record that cannot be read.
  public func last() throws -> [Correction.Target: Correction] {
    var last: [Correction.Target: Correction] = [:]
    // In the order of files and lines, so that of one moment the later one stays.
    for name in try names() {
      for correction in try read(name) where last[correction.target].map({ $0.at <= correction.at }) ?? true {
        last[correction.target] = correction
      }
    }
    return last
  }

  private func url(_ name: String) -> URL { folder.appendingPathComponent(name, isDirectory: false) }
}
