import DialogueDomain
import Foundation
import OperatingSystem

extension Spool {
  private static let noteEnding = SpoolCompanion.deferralNote.ending

  /// Puts a claimed bundle aside for another try: the note first, then the bundle.
  ///
  /// The note is written as well as can be: on a full disk it is missing, and the bundle waits all the same.
  ///
  /// - Returns: the name in `deferred`: the bundle's own, or with `~2`, `~3`, … where that is taken.
  /// - Throws: `StorageError` when the bundle cannot be moved; it is then still in `active`.
  public func postpone(_ claimed: ClaimedBundle, note: DeferralNote) throws -> FileName {
    for number in 1... {
      let file = number == 1 ? claimed.name.text : claimed.name.marked("\(number)").text
      let target = layout.deferred.appendingPathComponent(file, isDirectory: false)
      guard FolderEntry(FileName(file), in: layout.deferred) == nil else { continue }
      if let data = try? SpoolJSON.encode(note) { try? DurableFile.write(data, to: noteURL(file)) }
      do {
        try ExclusiveRename.move(claimed.url, to: target)
      } catch let error as StorageError where error.code == EEXIST {
        continue
      } catch {
        removeNote(beside: file)
        throw error
      }
      moveSidecar(FileName(claimed.name.text), in: layout.active, to: target)
      if file != claimed.name.text { removeNote(beside: claimed.name.text, unlessDeferred: true) }
      return FileName(file)
    }
    return FileName(claimed.name.text)
  }

  /// The bundles in `deferred` with their notes.
  public func deferredBundles() throws -> [(file: FileName, note: DeferralNote?)] {
    try FolderListing.names(in: layout.deferred).sorted().compactMap { name in
      guard let entry = FolderEntry(name, in: layout.deferred), IntakeRule(entry) == .bundle else { return nil }
      return (name, name.text.flatMap { note(beside: $0) })
    }
  }

  /// The note of a file in `deferred`, or of one that left it for `active`.
  func note(beside file: String) -> DeferralNote? {
    SpoolJSON.decode(DeferralNote.self, from: noteURL(file))
  }

  /// Forgets the tries of a bundle that is finished.
  func removeNote(of claimed: ClaimedBundle) {
    guard claimed.note != nil else { return }
    removeNote(beside: claimed.name.text, unlessDeferred: true)
  }

  /// Removes notes whose bundle is neither deferred nor active any more.
  public func removeOrphanedNotes() throws {
    for name in try FolderListing.names(in: layout.deferred) {
      guard let text = name.text, text.hasSuffix(Self.noteEnding) else { continue }
      let bundle = FileName(String(text.dropLast(Self.noteEnding.count)))
      if FolderEntry(bundle, in: layout.deferred) == nil && FolderEntry(bundle, in: layout.active) == nil {
        removeNote(beside: bundle.shown)
      }
    }
  }

  private func removeNote(beside file: String, unlessDeferred: Bool = false) {
    if unlessDeferred && FolderEntry(FileName(file), in: layout.deferred) != nil { return }
    unlink(noteURL(file).path)
  }

  private func noteURL(_ file: String) -> URL {
    layout.deferred.appendingPathComponent(file + Self.noteEnding, isDirectory: false)
  }
}
