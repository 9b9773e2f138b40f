import DialogueDomain
import Foundation
import OperatingSystem

/// Writes the labels of scored bundles into the `labels` folder, durably: wholly there after a crash, or not at all.
public struct LabelFileWriter: Sendable {
  /// The folder that label files go into.
  public let folder: URL
  /// How label files are laid out.
  public let layout: LabelLayout

  /// Writes label files of one layout into a folder.
  public init(folder: URL, layout: LabelLayout) {
    self.folder = folder
    self.layout = layout
  }

  /// The name in the folder of a bundle's labels: `friday.tsv`, `friday.jsonl`, or the folder `friday`.
  ///
  /// - Parameter stem: the bundle's name without `.h5`.
  public func name(stem: String) -> String {
    switch layout {
    case .tsv: stem + ".tsv"
    case .jsonl: stem + ".jsonl"
    case .utterance: stem
    }
  }

  /// Whether there is something of that name.
  public func exists(_ name: String) -> Bool {
    FileManager.default.fileExists(atPath: folder.appendingPathComponent(name).path)
  }

  /// The same writer in the layout of the labels that lie under `name`, which another configuration may have chosen; nil
  /// where there are none.
  public func asWritten(_ name: String) -> LabelFileWriter? {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: folder.appendingPathComponent(name).path, isDirectory: &isFolder)
    else { return nil }
    let layout: LabelLayout = isFolder.boolValue ? .utterance : name.hasSuffix(".jsonl") ? .jsonl : .tsv
    return LabelFileWriter(folder: folder, layout: layout)
  }

  /// Writes the labels under `name`, in place of what was there; equal content is left untouched.
  ///
  /// - Throws: `StorageError` when a step fails; earlier labels of that name are then as they were.
  public func write(_ scored: ScoredBundle, as name: String) throws {
    switch layout {
    case .tsv: try write(LabelTable.render(scored), as: name)
    case .jsonl:
      try write(scored.utterances.map { LabelObject.render($0, scored.emotions) + "\n" }.joined(), as: name)
    case .utterance: try LabelFolder(folder.appendingPathComponent(name, isDirectory: true)).write(scored)
    }
  }

  private func write(_ text: String, as name: String) throws {
    let url = folder.appendingPathComponent(name, isDirectory: false)
    let content = Data(text.utf8)
    if (try? Data(contentsOf: url)) == content { return }
    try DurableFile.write(content, to: url)
  }
}

/// The labels of one bundle as a folder: `<dialogue>/<utterance>.json`.
///
/// The folder is built under a temporary name and then takes its place in one step.
struct LabelFolder {
  private let url: URL
  private let temporary: URL

  init(_ url: URL) {
    self.url = url
    temporary = TemporaryName.beside(url, isDirectory: true)
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
