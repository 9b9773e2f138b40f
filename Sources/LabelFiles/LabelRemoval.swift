import DialogueDomain
import Foundation
import OperatingSystem

extension LabelFileWriter {
  /// Removes labels that nobody refers to, durably; only where they are these to the byte.
  ///
  /// - Returns: whether they were, and are gone.
  /// - Throws: `StorageError` where they cannot be read or removed.
  @discardableResult
  public func remove(_ name: String, ifTheyAre scored: ScoredBundle) throws -> Bool {
    guard try hold(name, scored) else { return false }
    let url = folder.appendingPathComponent(name)
    if layout == .utterance {
      // Out of the way in one step: what a kill leaves of it is removed at the next start.
      let temporary = TemporaryName.beside(url, isDirectory: true)
      try ExclusiveRename.move(url, to: temporary)
      try? FileManager.default.removeItem(at: temporary)
    } else if unlink(url.path) != 0 {
      throw StorageError("removing", url)
    }
    try DurableFile.syncFolder(folder)
    return true
  }

  /// Whether the labels of that name are these and nothing else.
  private func hold(_ name: String, _ scored: ScoredBundle) throws -> Bool {
    let url = folder.appendingPathComponent(name)
    if let content = content(of: scored) { return try Self.holds(url, FileDigest.sha256(pieces: content)) }
    let paths = scored.utterances.map(LabelFolder.path)
    let folders = Set(paths.compactMap { $0.split(separator: "/").first })
    let found = FileManager.default.subpaths(atPath: url.path) ?? []
    guard found.count == paths.count + folders.count else { return false }
    return try zip(paths, scored.utterances).allSatisfy { path, utterance in
      try Self.holds(
        url.appendingPathComponent(path), FileDigest.sha256(LabelFolder.content(of: utterance, scored.emotions)))
    }
  }

  private static func holds(_ url: URL, _ digest: String) throws -> Bool {
    do {
      return try FileDigest.sha256(contentsOf: url) == digest
    } catch let error as StorageError where error.code == ENOENT {
      return false
    }
  }
}
