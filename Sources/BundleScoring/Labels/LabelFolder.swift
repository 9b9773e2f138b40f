import DialogueDomain
import Foundation
import OperatingSystem

/// The labels of one bundle as a folder: `<dialogue>/<utterance>.json`.
///
/// The folder is built under a temporary name and then takes its place in one step.
struct LabelFolder {
  private let url: URL
  private let temporary: URL

  init(_ url: URL) {
    self.url = url
    temporary = url.deletingLastPathComponent().appendingPathComponent(
      ".\(url.lastPathComponent).\(ProcessInfo.processInfo.processIdentifier).tmp", isDirectory: true)
  }

  func write(_ scored: ScoredBundle) throws {
    try? FileManager.default.removeItem(at: temporary)
    do {
      try build(scored)
      try takePlace()
    } catch {
      try? FileManager.default.removeItem(at: temporary)
      throw error
    }
  }

  private func build(_ scored: ScoredBundle) throws {
    try make(temporary)
    var files: [URL] = []
    var folders = [temporary]
    var dialogue: String?
    for utterance in scored.utterances {
      let inner = temporary.appendingPathComponent(SafeFileName.of(utterance.dialogue), isDirectory: true)
      if dialogue != utterance.dialogue {
        try make(inner)
        folders.append(inner)
        dialogue = utterance.dialogue
      }
      let file = inner.appendingPathComponent(SafeFileName.of(utterance.utterance) + ".json", isDirectory: false)
      try DurableFile.writeUnsynced(Data((LabelObject.render(utterance, scored.emotions) + "\n").utf8), to: file)
      files.append(file)
    }
    // All written first, then all synced: the first sync carries most of the others.
    for file in files { try DurableFile.sync(file) }
    for folder in folders { try DurableFile.syncFolder(folder) }
  }

  private func takePlace() throws {
    do {
      try ExclusiveRename.move(temporary, to: url)
    } catch let error as StorageError where error.code == EEXIST {
      try replace()
    }
    try DurableFile.syncFolder(url.deletingLastPathComponent())
  }

  /// Swaps with the folder that is there, whose labels are then under the temporary name and are removed.
  private func replace() throws {
    do {
      try ExclusiveRename.exchange(temporary, with: url)
    } catch let error as StorageError where error.code == EINVAL || error.code == ENOSYS {
      // A filesystem that cannot swap: for an instant there are no labels, but the bundle is still active then.
      try FileManager.default.removeItem(at: url)
      try ExclusiveRename.move(temporary, to: url)
    }
    try FileManager.default.removeItem(at: temporary)
  }

  private func make(_ folder: URL) throws {
    guard mkdir(folder.path, 0o755) == 0 || errno == EEXIST else { throw StorageError("creating the folder", folder) }
  }
}
