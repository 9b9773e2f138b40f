import DialogueDomain
import Foundation
import OperatingSystem

extension Spool {
  /// The digest of a claimed bundle's bytes; nil where they cannot be read.
  public func digest(of claimed: ClaimedBundle) -> String? {
    try? FileDigest.sha256(contentsOf: claimed.url)
  }

  /// Whether a name in `done` is free, or taken by the same bytes.
  public func isDoneNameFree(_ name: BundleName, digest: String) -> Bool {
    isFree(name.text, in: layout.done, digest: digest)
  }

  /// Moves a finished bundle to `done`, over its identical twin if there is one, and forgets its earlier tries.
  ///
  /// - Throws: `StorageError`; the bundle is then still in `active`.
  public func moveToDone(_ claimed: ClaimedBundle, as name: BundleName) throws {
    try move(claimed, to: layout.done.appendingPathComponent(name.text, isDirectory: false))
  }

  /// Removes the report of an earlier failure of a bundle that has now been scored, unless that bundle still lies there.
  public func removeStaleReport(of claimed: ClaimedBundle) {
    let name = claimed.name.text
    guard FolderEntry(FileName(name), in: layout.failed) == nil else { return }
    unlink(layout.failed.appendingPathComponent(name + SpoolCompanion.errorReport.ending).path)
  }

  /// The name a bundle gets in `failed`: its own, or with part of its digest where other bytes have that.
  public func failedName(of claimed: ClaimedBundle, digest: String?) -> BundleName {
    if let digest {
      let names = claimed.name.variants(digest: digest)
      return names.first { isFree($0.text, in: layout.failed, digest: digest) } ?? names[names.count - 1]
    }
    var name = claimed.name
    var number = 1
    while FolderEntry(FileName(name.text), in: layout.failed) != nil {
      number += 1
      name = claimed.name.marked("\(number)")
    }
    return name
  }

  /// Writes the report beside the place where the bundle is about to lie.
  ///
  /// - Throws: `StorageError` when it cannot be written; nothing has changed then.
  public func writeReport(_ report: FailureReport, as name: BundleName) throws {
    let url = layout.failed.appendingPathComponent(name.text + SpoolCompanion.errorReport.ending, isDirectory: false)
    try DurableFile.write(try SpoolJSON.encode(report), to: url)
  }

  /// Moves a bundle to `failed` and forgets its earlier tries.
  ///
  /// - Throws: `StorageError`; the bundle is then still in `active`.
  public func moveToFailed(_ claimed: ClaimedBundle, as name: BundleName) throws {
    try move(claimed, to: layout.failed.appendingPathComponent(name.text, isDirectory: false))
  }

  /// The report beside a failed bundle; nil where there is none.
  public func report(beside name: String) -> FailureReport? {
    SpoolJSON.decode(
      FailureReport.self, from: layout.failed.appendingPathComponent(name + SpoolCompanion.errorReport.ending))
  }

  /// Renames without syncing, which saves two waits for the disk.
  ///
  /// Should a power cut undo the rename, the bundle is active again, and what was written about it is found as it is.
  private func move(_ claimed: ClaimedBundle, to target: URL) throws {
    guard rename(claimed.url.path, target.path) == 0 else {
      throw StorageError("moving to \(target.path)", claimed.url)
    }
    moveSidecar(FileName(claimed.name.text), in: layout.active, to: target)
    removeNote(of: claimed)
  }

  private func isFree(_ name: String, in folder: URL, digest: String) -> Bool {
    guard let entry = FolderEntry(FileName(name), in: folder) else { return true }
    guard entry.kind == .file else { return false }
    return (try? FileDigest.sha256(contentsOf: folder.appendingPathComponent(name, isDirectory: false))) == digest
  }
}
