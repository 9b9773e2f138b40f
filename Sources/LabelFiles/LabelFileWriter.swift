import DialogueDomain
import Foundation
import OperatingSystem
import Presentation

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

  /// Whether there are labels of that name, of whatever layout.
  ///
  /// - Throws: `StorageError` where the filesystem has trouble in telling.
  public func exists(_ name: String) throws -> Bool { try asWritten(name) != nil }

  /// The same writer in the layout of the labels that lie under `name`, which another configuration may have chosen; nil
  /// where there are none.
  ///
  /// - Throws: `StorageError` where the filesystem has trouble in telling.
  public func asWritten(_ name: String) throws -> LabelFileWriter? {
    let url = folder.appendingPathComponent(name)
    var status = stat()
    guard stat(url.path, &status) == 0 else {
      if errno == ENOENT || errno == ENOTDIR { return nil }
      throw StorageError("looking at the labels", url)
    }
    let isFolder = status.st_mode & S_IFMT == S_IFDIR
    let layout: LabelLayout = isFolder ? .utterance : name.hasSuffix(".jsonl") ? .jsonl : .tsv
    return LabelFileWriter(folder: folder, layout: layout)
  }

  /// Writes the labels under `name`, in place of what was there; equal content is left untouched.
  ///
  /// - Throws: `StorageError` when a step fails; earlier labels of that name are then as they were.
  public func write(_ scored: ScoredBundle, as name: String) throws {
    try write([(scored, name)])
  }

  /// Writes the labels of several bundles, each under a name of its own, and waits for the disk once.
  ///
  /// All are written under temporary names, then made durable, then take their places.
  ///
  /// - Parameter beforeEach: called with a bundle's number before it is written, and again before its labels take their place.
  /// - Throws: `StorageError` when a step fails, and what `beforeEach` throws; each file is then wholly the old or the new one.
  public func write(
    _ labels: [(scored: ScoredBundle, name: String)], beforeEach: (LabelStep, Int) throws -> Void = { _, _ in }
  ) throws {
    var staged: [(number: Int, labels: StagedLabels)] = []
    do {
      for (number, (scored, name)) in labels.enumerated() {
        try beforeEach(.write, number)
        if let labels = try stage(scored, as: name, number: number) { staged.append((number, labels)) }
      }
      try DurableFile.sync(staged.flatMap(\.labels.files))
      for folder in staged.flatMap(\.labels.folders) { try DurableFile.syncFolder(folder) }
      for (number, labels) in staged {
        try beforeEach(.place, number)
        try labels.takePlace()
      }
      // Also where nothing is new: what a killed run has put here may not be durable yet.
      try DurableFile.syncFolder(folder)
    } catch let error as StorageError {
      for (_, labels) in staged { labels.discard() }
      throw error
    }
  }

  private func stage(_ scored: ScoredBundle, as name: String, number: Int) throws -> StagedLabels? {
    if let content = content(of: scored) { return try stage(content, as: name, number: number) }
    return try LabelFolder(folder.appendingPathComponent(name, isDirectory: true), number: number).stage(scored)
  }

  /// What a bundle's label file holds; nil where labels go into a folder.
  func content(of scored: ScoredBundle) -> LabelContent? {
    switch layout {
    case .tsv: LabelContent(scored, header: LabelTable.header(scored.emotions) + "\n", LabelTable.rows)
    case .jsonl: LabelContent(scored, LabelObject.rows)
    case .utterance: nil
    }
  }

  private func stage(_ content: LabelContent, as name: String, number: Int) throws -> StagedLabels? {
    let url = folder.appendingPathComponent(name, isDirectory: false)
    if content.isContent(of: url) { return nil }
    let labels = StagedLabels(url: url, temporary: TemporaryName.beside(url, number: number))
    do {
      try DurableFile.writeUnsynced(content, to: labels.temporary)
    } catch let error as StorageError {
      labels.discard()
      // Nobody asked for the temporary name.
      throw StorageError("writing", url, code: error.code)
    }
    return labels
  }
}

/// What is done with each bundle's labels, in order.
public enum LabelStep: Sendable {
  /// Writing them under a temporary name.
  case write
  /// Giving them their own.
  case place
}

/// Labels that are written under a temporary name.
private struct StagedLabels {
  let url: URL
  let temporary: URL
  /// Files that must be durable before they are relied on.
  let files: [URL]
  /// Folders, the inner ones first, whose names must be.
  let folders: [URL]

  /// A file of labels.
  init(url: URL, temporary: URL) {
    self.init(url: url, temporary: temporary, files: [temporary], folders: [])
  }

  /// A folder of labels.
  init(url: URL, temporary: URL, files: [URL], folders: [URL]) {
    self.url = url
    self.temporary = temporary
    self.files = files
    self.folders = folders
  }

  func takePlace() throws {
    guard !folders.isEmpty else {
      guard rename(temporary.path, url.path) == 0 else { throw StorageError("renaming to \(url.path)", temporary) }
      return
    }
    do {
      try ExclusiveRename.move(temporary, to: url)
    } catch let error as StorageError where error.code == EEXIST {
      try replace()
    }
  }

  /// Swaps with the folder that is there, whose labels are then under the temporary name and are removed.
  private func replace() throws {
    do {
      try ExclusiveRename.exchange(temporary, with: url)
      // Before the old labels go: a power cut must not keep that and undo the exchange.
      try DurableFile.syncFolder(url.deletingLastPathComponent())
    } catch let error as StorageError where error.code == EINVAL || error.code == ENOSYS {
      // A filesystem that cannot swap: for an instant there are no labels, but the bundle is still active then.
      try FileManager.default.removeItem(at: url)
      try ExclusiveRename.move(temporary, to: url)
    }
    try FileManager.default.removeItem(at: temporary)
  }

  /// Removes what has not taken its place.
  func discard() {
    if folders.isEmpty {
      unlink(temporary.path)
    } else {
      try? FileManager.default.removeItem(at: temporary)
    }
  }
}

/// The labels of one bundle as a folder: `<dialogue>/<utterance>.json`.
///
/// The folder is built under a temporary name and then takes its place in one step.
struct LabelFolder {
  private let url: URL
  private let temporary: URL

  init(_ url: URL, number: Int) {
    self.url = url
    temporary = TemporaryName.beside(url, isDirectory: true, number: number)
  }

  /// Where an utterance's labels lie below the folder.
  static func path(of utterance: ScoredUtterance) -> String {
    SafeFileName.of(utterance.dialogue) + "/" + SafeFileName.of(utterance.utterance) + ".json"
  }

  /// One line.
  static func content(of utterance: ScoredUtterance, _ emotions: EmotionSet) -> Data {
    Data((LabelObject.render(utterance, emotions) + "\n").utf8)
  }

  fileprivate func stage(_ scored: ScoredBundle) throws -> StagedLabels {
    try? FileManager.default.removeItem(at: temporary)
    do {
      return try build(scored)
    } catch {
      try? FileManager.default.removeItem(at: temporary)
      throw error
    }
  }

  private func build(_ scored: ScoredBundle) throws -> StagedLabels {
    try make(temporary)
    var files: [URL] = []
    var folders = [temporary]
    var dialogue: String?
    for utterance in scored.utterances {
      let file = temporary.appendingPathComponent(Self.path(of: utterance), isDirectory: false)
      if dialogue != utterance.dialogue {
        let inner = file.deletingLastPathComponent()
        try make(inner)
        folders.append(inner)
        dialogue = utterance.dialogue
      }
      try DurableFile.writeUnsynced(Self.content(of: utterance, scored.emotions), to: file)
      files.append(file)
    }
    return StagedLabels(url: url, temporary: temporary, files: files, folders: folders.reversed())
  }

  private func make(_ folder: URL) throws {
    guard mkdir(folder.path, 0o755) == 0 || errno == EEXIST else { throw StorageError("creating the folder", folder) }
  }
}
